import CheckedNumbers
import Databases
import Events
import Experiments
import JSON
import Tables

/// An Optuna database: the trials of its studies as runs, their intermediate values as curves.
///
/// A trial's result is the metric `value` (`value_0`, `value_1`, … or the study's own names when there are several), what it
/// reported on the way is `intermediate_value`.
final class OptunaDatabase: LogReader {
    let path: String
    let writer = "optuna"
    let tellsEnd = true
    private var lastIntermediate = 0
    private var lastSteps: [Int: Int] = [:]
    private var finished: Set<Int> = []

    init(path: String) { self.path = path }

    static func recognises(tables: Set<String>) -> Bool {
        tables.isSuperset(of: ["studies", "trials", "trial_params", "trial_values", "trial_user_attributes"])
    }

    var files: [String] { [path, path + "-wal"] }

    func read() -> [RunUpdate] {
        do throws(StoreError) { return try readAll() } catch {
            // In use, or being made: the next look finds it as it was left.
            return []
        }
    }

    private struct Trial {
        var study: Int
        var state: String
        var update: RunUpdate
        var end: Double?
    }

    private func readAll() throws(StoreError) -> [RunUpdate] {
        let database = try ForeignDatabase(path: path)
        let names = try Self.metricNames(database)
        let directions = try directions(database, names: names)
        var trials: [Int: Trial] = [:]
        let sql = """
            SELECT t.trial_id, t.number, t.study_id, t.state, t.datetime_start, t.datetime_complete, s.study_name
            FROM trials t JOIN studies s ON s.study_id = t.study_id WHERE t.state != 'WAITING' ORDER BY t.trial_id
            """
        for row in try database.rows(sql) {
            guard let id = row[0].integer, let study = row[2].integer, let state = row[3].text, !finished.contains(id) else {
                continue
            }
            let name = row[6].text ?? "study"
            var update = RunUpdate(key: String(id), name: "\(name)-\(row[1].integer ?? id)", experiment: name)
            update.startedAt = row[4].text.flatMap(Self.time)
            update.objective = directions[study]
            trials[id] = Trial(study: study, state: state, update: update, end: row[5].text.flatMap(Self.time))
        }
        for row in try database.rows("SELECT trial_id, param_name, param_value, distribution_json FROM trial_params") {
            guard let trial = row[0].integer, trials[trial] != nil, let name = row[1].text, let value = row[2].number else {
                continue
            }
            trials[trial]?.update.parameters[name] = Self.parameter(value, distribution: row[3].text ?? "")
        }
        for row in try database.rows("SELECT trial_id, key, value_json FROM trial_user_attributes ORDER BY key") {
            guard let trial = row[0].integer, let key = row[1].text, let value = row[2].text.flatMap(FlatJSON.parse) else {
                continue
            }
            trials[trial]?.update.remarks.tag(key, value: FlatJSON.text(value))
        }
        try readIntermediateValues(database, into: &trials)
        let values = "SELECT trial_id, objective, value, value_type FROM trial_values ORDER BY trial_id, objective"
        for row in try database.rows(values) {
            guard let id = row[0].integer, let trial = trials[id], trial.state != "RUNNING", let index = row[1].integer else {
                continue
            }
            let own = names[trial.study] ?? []
            let value = Self.value(row[2].number, type: row[3].text ?? "")
            trials[id]?.update.values.append(
                LoggedValue(
                    name: own.indices.contains(index) ? own[index] : "value_\(index)", step: lastSteps[id] ?? 0,
                    wallTime: trial.end, value: value))
        }
        for (id, trial) in trials {
            trials[id]?.update.ending = Self.ending(trial)
            if trial.state != "RUNNING" { finished.insert(id) }
        }
        return trials.sorted { $0.key < $1.key }.map(\.value.update)
    }

    private func readIntermediateValues(_ database: ForeignDatabase, into trials: inout [Int: Trial]) throws(StoreError) {
        let sql = """
            SELECT trial_intermediate_value_id, trial_id, step, intermediate_value, intermediate_value_type
            FROM trial_intermediate_values WHERE trial_intermediate_value_id > \(lastIntermediate)
            ORDER BY trial_intermediate_value_id
            """
        for row in try database.rows(sql) {
            lastIntermediate = max(lastIntermediate, row[0].integer ?? 0)
            guard let id = row[1].integer, trials[id] != nil else { continue }
            let step = row[2].integer ?? 0
            lastSteps[id] = max(lastSteps[id] ?? 0, step)
            trials[id]?.update.values.append(
                LoggedValue(name: "intermediate_value", step: step, value: Self.value(row[3].number, type: row[4].text ?? "")))
        }
    }

    /// Names of each study's objectives: its own, or `value`.
    static func metricNames(_ database: ForeignDatabase) throws(StoreError) -> [Int: [String]] {
        var counts: [Int: Int] = [:]
        for row in try database.rows("SELECT study_id FROM study_directions") {
            if let study = row[0].integer { counts[study, default: 0] += 1 }
        }
        var names = counts.mapValues { count in count == 1 ? ["value"] : (0..<count).map { "value_\($0)" } }
        let sql = "SELECT study_id, value_json FROM study_system_attributes WHERE key = 'study:metric_names'"
        for row in try database.rows(sql) {
            guard let study = row[0].integer, let list = row[1].text.flatMap(FlatJSON.parse)?.array else { continue }
            let own = list.compactMap(\.string)
            if own.count == counts[study] { names[study] = own }
        }
        return names
    }

    /// What the trials of each study are judged by: its first objective.
    private func directions(_ database: ForeignDatabase, names: [Int: [String]]) throws(StoreError) -> [Int: Objective] {
        var objectives: [Int: Objective] = [:]
        for row in try database.rows("SELECT study_id, direction FROM study_directions WHERE objective = 0") {
            guard let study = row[0].integer, let name = names[study]?.first else { continue }
            objectives[study] = Objective(metric: MetricName(name), minimises: row[1].text != "MAXIMIZE")
        }
        return objectives
    }

    private static func ending(_ trial: Trial) -> RunUpdate.Ending? {
        switch trial.state {
        case "COMPLETE": .init(status: .completed, reason: .unsaid, time: trial.end)
        case "PRUNED": .init(status: .stopped, reason: EndReason("pruned"), time: trial.end)
        case "FAIL": .init(status: .failed, reason: .unsaid, time: trial.end)
        default: nil
        }
    }

    static func value(_ number: Double?, type: String) -> Double {
        switch type {
        case "INF_POS": .infinity
        case "INF_NEG": -.infinity
        case "NAN": .nan
        default: number ?? .nan
        }
    }

    /// Choices are stored by their place in the list.
    static func parameter(_ value: Double, distribution: String) -> String {
        let json = FlatJSON.parse(distribution)
        if let choices = json?["attributes"]?["choices"]?.array, let index = Int(nearest: value), choices.indices.contains(index)
        {
            return FlatJSON.text(choices[index])
        }
        return JSONValue.text(value)
    }

    /// Optuna writes local time without a zone.
    private static func time(_ text: String) -> Double? { LogTime.seconds(text) }
}
