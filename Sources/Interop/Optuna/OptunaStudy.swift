import Databases
import Events

/// A study of an Optuna database, as something to begin a search with.
public struct OptunaStudy: Sendable {
    public var name: String
    public var minimises: Bool
    /// What it calls its objective; nil where it does not say.
    public var metric: String?
    /// Trials with a value; pruned ones have the last that they reported.
    public var trials: [EarlierTuning.Trial] = []

    /// - Parameter study: its name; nil = the only one.
    /// - Throws: `LogError` where there is no such study, or one of several objectives.
    public init(path: String, study: String?) throws(LogError) {
        do throws(StoreError) {
            let database = try ForeignDatabase(path: path)
            let studies = try database.rows("SELECT study_id, study_name FROM studies ORDER BY study_id")
            let names = studies.compactMap { $0[1].text }
            guard let row = studies.first(where: { study == nil ? studies.count == 1 : $0[1].text == study }),
                let id = row[0].integer
            else {
                throw StoreError(
                    code: .notFound,
                    message: study.map { "there is no study '\($0)' in \(path): it has \(names.joined(separator: ", "))" }
                        ?? "\(path) has \(names.count) studies: name one as optuna:\(path):STUDY", operation: "read study")
            }
            name = row[1].text ?? "study"
            let directions = try database.rows("SELECT direction FROM study_directions WHERE study_id = \(id)")
            guard directions.count == 1 else {
                throw StoreError(
                    code: .notFound, message: "\(name) has \(directions.count) objectives: one is needed", operation: "read study"
                )
            }
            minimises = directions[0][0].text != "MAXIMIZE"
            metric = try OptunaDatabase.metricNames(database)[id].flatMap { $0 == ["value"] ? nil : $0.first }
            trials = try Self.trials(database, id)
        } catch { throw LogError(message: error.message) }
    }

    private static func trials(_ database: ForeignDatabase, _ study: Int) throws(StoreError) -> [EarlierTuning.Trial] {
        var settings: [Int: [String: String]] = [:], values: [Int: Double] = [:]
        let own = "FROM %@ JOIN trials USING (trial_id) WHERE study_id = \(study)"
        for row in try database.rows(
            "SELECT trial_id, param_name, param_value, distribution_json " + own.replacing("%@", with: "trial_params"))
        {
            guard let trial = row[0].integer, let name = row[1].text, let value = row[2].number else { continue }
            settings[trial, default: [:]][name] = OptunaDatabase.parameter(value, distribution: row[3].text ?? "")
        }
        for (columns, table, order) in [
            ("intermediate_value, intermediate_value_type", "trial_intermediate_values", "step"),
            ("value, value_type", "trial_values", "objective"),
        ] {
            for row in try database.rows(
                "SELECT trial_id, \(columns) " + own.replacing("%@", with: table) + " ORDER BY trial_id, \(order)")
            {
                guard let trial = row[0].integer else { continue }
                values[trial] = OptunaDatabase.value(row[1].number, type: row[2].text ?? "")
            }
        }
        let rows = try database.rows(
            "SELECT trial_id, state FROM trials WHERE study_id = \(study) AND state IN ('COMPLETE', 'PRUNED') ORDER BY number")
        return rows.compactMap { row in
            guard let trial = row[0].integer, let value = values[trial], value.isFinite else { return nil }
            return EarlierTuning.Trial(values: settings[trial] ?? [:], value: value, isStopped: row[1].text == "PRUNED")
        }
    }
}
