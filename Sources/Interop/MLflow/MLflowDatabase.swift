import Databases
import Events
import Experiments

/// An MLflow tracking database (`mlflow.db`): all its experiments and runs.
final class MLflowDatabase: LogReader {
    let path: String
    let writer = "mlflow"
    let tellsEnd = true
    private var lastMetric = 0
    private var latest: [String: MLflowLatest] = [:]
    private var isMidway = false

    /// Metric values taken at a time.
    private static let portion = 200_000

    init(path: String) { self.path = path }

    static func recognises(tables: Set<String>) -> Bool {
        tables.isSuperset(of: ["experiments", "runs", "metrics", "params", "tags"])
    }

    var files: [String] { [path, path + "-wal"] }
    var hasMore: Bool { isMidway }

    func read() -> [RunUpdate] {
        isMidway = false
        do throws(StoreError) { return try readAll() } catch {
            // In use, or being made: the next look finds it as it was left.
            return []
        }
    }

    private func readAll() throws(StoreError) -> [RunUpdate] {
        let database = try ForeignDatabase(path: path)
        var updates: [String: RunUpdate] = [:]
        var order: [String] = []
        let runs = try database.rows(
            """
            SELECT r.run_uuid, r.name, e.name, r.status, r.start_time, r.end_time FROM runs r
            JOIN experiments e ON e.experiment_id = r.experiment_id
            WHERE r.lifecycle_stage = 'active' ORDER BY r.start_time, r.rowid
            """)
        var endings: [String: RunUpdate.Ending] = [:]
        for row in runs {
            guard let key = row[0].text else { continue }
            var update = RunUpdate(key: key, name: row[1].text ?? key, experiment: row[2].text ?? "mlflow")
            update.startedAt = row[4].number.map { $0 / 1000 }
            endings[key] = MLflowRunFolder.ending(row[3].text ?? "", milliseconds: row[5].number)
            updates[key] = update
            order.append(key)
        }
        for row in try database.rows("SELECT run_uuid, key, value FROM params") {
            guard let run = row[0].text, let key = row[1].text else { continue }
            updates[run]?.parameters[key] = row[2].text ?? ""
        }
        for row in try database.rows("SELECT run_uuid, key, value FROM tags ORDER BY key") {
            guard let run = row[0].text, let key = row[1].text else { continue }
            updates[run]?.remarks.take(mlflowTag: key, value: row[2].text ?? "")
        }
        let sql = """
            SELECT rowid, run_uuid, key, value, is_nan, timestamp, step FROM metrics WHERE rowid > \(lastMetric)
            ORDER BY rowid LIMIT \(Self.portion)
            """
        let metrics = try database.rows(sql)
        for row in metrics {
            lastMetric = max(lastMetric, row[0].integer ?? 0)
            guard let run = row[1].text, let key = row[2].text, let number = row[3].number else { continue }
            // Infinities are stored as the largest numbers, NaN as a mark beside a 0.
            let value = row[4].integer == 1 ? .nan : abs(number) >= 1.797e308 ? (number > 0 ? .infinity : -.infinity) : number
            let logged = LoggedValue(
                name: key, step: row[6].integer ?? 0, wallTime: row[5].number.map { $0 / 1000 }, value: value)
            updates[run]?.values.append(logged)
            if LoggedValue.isStep(logged.step) { latest[run, default: MLflowLatest()].include(logged) }
        }
        for (run, own) in latest { updates[run]?.latest = own.values }
        isMidway = metrics.count == Self.portion
        if !isMidway { for (key, ending) in endings { updates[key]?.ending = ending } }
        return order.compactMap { updates[$0] }
    }
}
