import CheckedNumbers
import Databases
import Events
import Experiments
import Files
import Glibc
import JSON
import MetricDirections

/// Writes a tuning job as Optuna keeps a study: its parameters with their distributions, the objective on the way and at the end,
/// and which trials were stopped early, which Optuna calls pruned.
///
/// - Source: the database that Optuna 5.0.0 makes (schema 12, revision v3.2.0.a).
struct OptunaStudyWriter {
    private let tuning: ExportedTuning
    private let store: RunStore

    init(_ tuning: ExportedTuning, _ store: RunStore) { (self.tuning, self.store) = (tuning, store) }

    /// The whole database file.
    func bytes() throws -> [UInt8] {
        let (path, descriptor) = try TemporaryPlace.makeFile("descent-study")
        close(descriptor)
        defer { unlink(path) }
        // In a block of its own: the file is whole when it is closed.
        do {
            let database = try Database(path: path)
            try database.execute(Self.schema)
            try database.transaction { () throws(StoreError) in try fill(database) }
        }
        guard let bytes = FileContents.bytes(path) else { throw LogError(message: "\(path) cannot be read back") }
        return bytes
    }

    private func fill(_ database: Database) throws(StoreError) {
        let record = tuning.record
        try database.run("INSERT INTO alembic_version VALUES ('v3.2.0.a')")
        try database.run("INSERT INTO version_info VALUES (1, 12, '5.0.0')")
        try database.run("INSERT INTO studies VALUES (1, ?)", [.text(record.name)])
        for (place, objective) in tuning.objectives.enumerated() {
            let direction = objective.direction == .maximised ? "MAXIMIZE" : "MINIMIZE"
            try database.run("INSERT INTO study_directions VALUES (NULL, ?, 1, ?)", [.text(direction), .integer(place)])
        }
        try database.run(
            "INSERT INTO study_system_attributes VALUES (NULL, 1, 'study:metric_names', ?)",
            [.text(JSONValue.array(tuning.objectives.map { .string($0.metric.text) }).text)])
        for (key, value) in [
            ("algorithm", record.request.job.algorithm), ("data", record.request.job.datasetPath),
            ("strategy", record.request.strategy),
        ] where !value.isEmpty {
            try database.run(
                "INSERT INTO study_user_attributes VALUES (NULL, 1, ?, ?)", [.text(key), .text(JSONValue.string(value).text)])
        }
        for trial in tuning.trials { try write(trial, database) }
    }

    private func write(_ trial: TuningTrial, _ database: Database) throws(StoreError) {
        let run = try store.run(trial.run), id = Database.Value.integer(trial.number + 1)
        let state =
            switch trial.outcome {
            case .completed: "COMPLETE"
            case .stopped: "PRUNED"
            case .failed: "FAIL"
            case nil: "RUNNING"
            }
        let begun = run?.startedAt ?? tuning.record.createdAt
        let ended = trial.outcome == nil ? nil : max(begun, run?.finishedAt ?? begun)
        try database.run(
            "INSERT INTO trials VALUES (?, ?, 1, ?, ?, ?)",
            [
                id, .integer(trial.number), .text(state), .text(Self.localTime(begun)),
                .optional(ended.map(Self.localTime)),
            ])
        for (name, distribution) in tuning.parameters {
            guard let value = trial.values[name].flatMap({ Self.stored($0, distribution) }) else { continue }
            try database.run(
                "INSERT INTO trial_params VALUES (NULL, ?, ?, ?, ?)",
                [id, .text(name), .real(value), .text(Self.json(distribution).text)])
        }
        for (place, value) in ([trial.value] + trial.others).enumerated() where trial.outcome == .completed {
            guard let value else { continue }
            try database.run("INSERT INTO trial_values VALUES (NULL, ?, ?, ?, 'FINITE')", [id, .integer(place), .real(value)])
        }
        var told: [(key: String, value: String)] = [("run", trial.run.text), ("why", trial.why), ("reason", trial.reason)]
        if let run { told.append(("name", run.record.name)) }
        for (key, value) in told where !value.isEmpty {
            try database.run(
                "INSERT INTO trial_user_attributes VALUES (NULL, ?, ?, ?)",
                [id, .text(key), .text(JSONValue.string(value).text)])
        }
        // Optuna takes none of a study of several objectives.
        if tuning.objectives.count == 1 { try writeCurve(of: trial, id, database) }
    }

    private func writeCurve(of trial: TuningTrial, _ id: Database.Value, _ database: Database) throws(StoreError) {
        for point in try store.points(run: trial.run, metric: tuning.record.objective.metric) {
            let form = point.value.isFinite ? "FINITE" : point.value.isNaN ? "NAN" : point.value > 0 ? "INF_POS" : "INF_NEG"
            // Of points at one step the newest counts.
            try database.run(
                "INSERT OR REPLACE INTO trial_intermediate_values VALUES (NULL, ?, ?, ?, ?)",
                [id, .integer(point.step), point.value.isFinite ? .real(point.value) : .null, .text(form)])
        }
    }

    /// A value as it is kept: of words their place among them. nil for one that the distribution does not have.
    private static func stored(_ text: String, _ distribution: ExportedTuning.Distribution) -> Double? {
        switch distribution {
        case .continuous(let low, let high, _): Double(text).map { min(max($0, low), high) }
        case .integer: Double(text)
        case .categorical(let words): words.firstIndex(of: text).map(Double.init)
        }
    }

    private static func json(_ distribution: ExportedTuning.Distribution) -> JSONValue {
        let (name, attributes): (String, [JSONValue.Member]) =
            switch distribution {
            case .continuous(let low, let high, let isLogarithmic):
                (
                    "FloatDistribution",
                    [
                        .init("step", .null), .init("low", .number(low)), .init("high", .number(high)),
                        .init("log", .boolean(isLogarithmic)),
                    ]
                )
            case .integer(let low, let high, let isLogarithmic):
                (
                    "IntDistribution",
                    [
                        .init("log", .boolean(isLogarithmic)), .init("step", .integer(1)), .init("low", .integer(low)),
                        .init("high", .integer(high)),
                    ]
                )
            case .categorical(let words):
                ("CategoricalDistribution", [.init("choices", .array(words.map { .string($0) }))])
            }
        return .object([.init("name", .string(name)), .init("attributes", .object(attributes))])
    }

    /// Optuna writes local time without a zone.
    private static func localTime(_ seconds: Double) -> String {
        var moment = Int(roundedDownWithin: seconds), parts = tm(), text = [CChar](repeating: 0, count: 32)
        localtime_r(&moment, &parts)
        let count = strftime(&text, text.count, "%Y-%m-%d %H:%M:%S", &parts)
        let micros = Int(roundedDownWithin: (seconds - seconds.rounded(.down)) * 1e6)
        let digits = String(micros)
        return String(decoding: text[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self) + "."
            + String(repeating: "0", count: max(0, 6 - digits.count)) + digits
    }

    private static let schema = """
        CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY);
        CREATE TABLE version_info (
            version_info_id INTEGER NOT NULL PRIMARY KEY CHECK (version_info_id = 1), schema_version INTEGER,
            library_version VARCHAR(256));
        CREATE TABLE studies (study_id INTEGER NOT NULL PRIMARY KEY, study_name VARCHAR(512) NOT NULL);
        CREATE UNIQUE INDEX ix_studies_study_name ON studies (study_name);
        CREATE TABLE study_directions (
            study_direction_id INTEGER NOT NULL PRIMARY KEY, direction VARCHAR(8) NOT NULL,
            study_id INTEGER NOT NULL REFERENCES studies (study_id), objective INTEGER NOT NULL, UNIQUE (study_id, objective));
        CREATE TABLE study_system_attributes (
            study_system_attribute_id INTEGER NOT NULL PRIMARY KEY, study_id INTEGER REFERENCES studies (study_id),
            "key" VARCHAR(512), value_json TEXT, UNIQUE (study_id, "key"));
        CREATE TABLE study_user_attributes (
            study_user_attribute_id INTEGER NOT NULL PRIMARY KEY, study_id INTEGER REFERENCES studies (study_id),
            "key" VARCHAR(512), value_json TEXT, UNIQUE (study_id, "key"));
        CREATE TABLE trials (
            trial_id INTEGER NOT NULL PRIMARY KEY, number INTEGER, study_id INTEGER REFERENCES studies (study_id),
            state VARCHAR(8) NOT NULL, datetime_start DATETIME, datetime_complete DATETIME);
        CREATE INDEX ix_trials_study_id ON trials (study_id);
        CREATE TABLE trial_params (
            param_id INTEGER NOT NULL PRIMARY KEY, trial_id INTEGER REFERENCES trials (trial_id), param_name VARCHAR(512),
            param_value FLOAT, distribution_json TEXT, UNIQUE (trial_id, param_name));
        CREATE TABLE trial_values (
            trial_value_id INTEGER NOT NULL PRIMARY KEY, trial_id INTEGER NOT NULL REFERENCES trials (trial_id),
            objective INTEGER NOT NULL, value FLOAT, value_type VARCHAR(7) NOT NULL, UNIQUE (trial_id, objective));
        CREATE TABLE trial_intermediate_values (
            trial_intermediate_value_id INTEGER NOT NULL PRIMARY KEY,
            trial_id INTEGER NOT NULL REFERENCES trials (trial_id), step INTEGER NOT NULL, intermediate_value FLOAT,
            intermediate_value_type VARCHAR(7) NOT NULL, UNIQUE (trial_id, step));
        CREATE TABLE trial_user_attributes (
            trial_user_attribute_id INTEGER NOT NULL PRIMARY KEY, trial_id INTEGER REFERENCES trials (trial_id),
            "key" VARCHAR(512), value_json TEXT, UNIQUE (trial_id, "key"));
        CREATE TABLE trial_system_attributes (
            trial_system_attribute_id INTEGER NOT NULL PRIMARY KEY, trial_id INTEGER REFERENCES trials (trial_id),
            "key" VARCHAR(512), value_json TEXT, UNIQUE (trial_id, "key"));
        CREATE TABLE trial_heartbeats (
            trial_heartbeat_id INTEGER NOT NULL PRIMARY KEY, trial_id INTEGER NOT NULL UNIQUE REFERENCES trials (trial_id),
            heartbeat DATETIME NOT NULL);
        """
}
