import Databases
import Events
import JSON

/// Experiments, runs and models in MLflow's words. A run that was trained here has no row until a client says something of it.
public struct TrackingStore: FeatureStore {
    let database: Database

    init(_ database: Database) { self.database = database }

    func forget(_ run: RunID) throws(StoreError) {
        try database.run("DELETE FROM tracked_runs WHERE run = ?", [.text(run.text)])
        try database.run("DELETE FROM tracked_models WHERE run = ?", [.text(run.text)])
    }

    func removeOrphans() throws(StoreError) {
        try database.execute("DELETE FROM tracked_runs WHERE run NOT IN (SELECT id FROM runs)")
    }

    /// Several changes of which all are kept or none.
    public func transaction<Result>(_ body: () throws(StoreError) -> Result) throws(StoreError) -> Result {
        try database.transaction(body)
    }

    // MARK: - Experiments

    private static let experimentColumns = "id, name, stage, created_at, updated_at, artifacts, tags"

    /// By id.
    public func experiments() throws(StoreError) -> [TrackedExperiment] {
        try database.rows("SELECT \(Self.experimentColumns) FROM tracking_experiments ORDER BY id") { Self.experiment($0) }
    }

    public func experiment(_ id: Int) throws(StoreError) -> TrackedExperiment? {
        try database.rows("SELECT \(Self.experimentColumns) FROM tracking_experiments WHERE id = ?", [.integer(id)]) {
            Self.experiment($0)
        }.first
    }

    public func experiment(named name: String) throws(StoreError) -> TrackedExperiment? {
        try database.rows("SELECT \(Self.experimentColumns) FROM tracking_experiments WHERE name = ?", [.text(name)]) {
            Self.experiment($0)
        }.first
    }

    /// Adds an experiment whose name is free, and gives it its number.
    public func add(_ experiment: TrackedExperiment) throws(StoreError) -> TrackedExperiment {
        var experiment = experiment
        try database.run(
            """
            INSERT INTO tracking_experiments (name, stage, created_at, updated_at, artifacts, tags) VALUES (?, 'active', ?, ?, ?, ?)
            """,
            [
                .text(experiment.name), .integer(experiment.createdAt), .integer(experiment.updatedAt),
                .text(experiment.artifacts), .text(JSONValue(experiment.tags).text),
            ])
        experiment.id = try database.rows("SELECT last_insert_rowid()") { $0.integer(0) }.first ?? 0
        return experiment
    }

    public func write(_ experiment: TrackedExperiment) throws(StoreError) {
        try database.run(
            "UPDATE tracking_experiments SET name = ?, stage = ?, updated_at = ?, artifacts = ?, tags = ? WHERE id = ?",
            [
                .text(experiment.name), .text(experiment.isDeleted ? "deleted" : "active"), .integer(experiment.updatedAt),
                .text(experiment.artifacts), .text(JSONValue(experiment.tags).text), .integer(experiment.id),
            ])
    }

    /// Gives every experiment that runs of the workspace belong to a number, in one transaction.
    public func adoptExperiments(at time: Int) throws(StoreError) {
        try database.transaction { () throws(StoreError) in
            let known = Set(try experiments().map(\.workspaceName))
            let all = try database.rows("SELECT DISTINCT json_extract(record, '$.experiment') FROM runs") { $0.text(0) }
            for name in all where !name.isEmpty && !known.contains(name) {
                _ = try add(TrackedExperiment(id: 0, name: name, createdAt: time))
            }
        }
    }

    private static func experiment(_ row: Database.Row) -> TrackedExperiment {
        var found = TrackedExperiment(id: row.integer(0), name: row.text(1), createdAt: row.integer(3))
        (found.isDeleted, found.updatedAt, found.artifacts) = (row.text(2) == "deleted", row.integer(4), row.text(5))
        found.tags = json(row.text(6))?.strings ?? [:]
        return found
    }

    // MARK: - Runs

    public func run(_ id: RunID) throws(StoreError) -> TrackedRun? {
        try database.rows("SELECT experiment, body FROM tracked_runs WHERE run = ?", [.text(id.text)]) { Self.run($0, 0) }
            .compactMap { $0 }.first
    }

    public func runs() throws(StoreError) -> [RunID: TrackedRun] {
        var found: [RunID: TrackedRun] = [:]
        try database.run("SELECT run, experiment, body FROM tracked_runs") { row in
            if let run = Self.run(row, 1) { found[RunID(row.text(0))] = run }
        }
        return found
    }

    public func write(_ run: TrackedRun, of id: RunID) throws(StoreError) {
        try database.run(
            "INSERT OR REPLACE INTO tracked_runs (run, experiment, body) VALUES (?, ?, ?)",
            [.text(id.text), .integer(run.experiment), .text(run.json.text)])
    }

    private static func run(_ row: Database.Row, _ first: Int32) -> TrackedRun? {
        json(row.text(first + 1)).flatMap { TrackedRun(json: $0, experiment: row.integer(first)) }
    }

    // MARK: - Models

    public func model(_ id: String) throws(StoreError) -> JSONValue? {
        try database.rows("SELECT body FROM tracked_models WHERE id = ?", [.text(id)]) { Self.json($0.text(0)) }
            .compactMap { $0 }.first
    }

    /// The newest first.
    public func models(in experiments: [Int]) throws(StoreError) -> [JSONValue] {
        let all = try database.rows("SELECT experiment, body FROM tracked_models ORDER BY rowid DESC") {
            ($0.integer(0), Self.json($0.text(1)))
        }
        return all.compactMap { experiments.contains($0.0) ? $0.1 : nil }
    }

    public func write(model: JSONValue, id: String, experiment: Int, run: String) throws(StoreError) {
        try database.run(
            """
            INSERT INTO tracked_models (id, experiment, run, body) VALUES (?1, ?2, ?3, ?4)
            ON CONFLICT(id) DO UPDATE SET body = ?4
            """, [.text(id), .integer(experiment), .text(run), .text(model.text)])
    }

    public func removeModel(_ id: String) throws(StoreError) {
        try database.run("DELETE FROM tracked_models WHERE id = ?", [.text(id)])
    }

    private static func json(_ text: String) -> JSONValue? {
        do { return try JSONValue(parsing: text) } catch { return nil }
    }
}

extension RunStore {
    /// Experiments, runs and models in MLflow's words.
    public var tracking: TrackingStore { TrackingStore(database) }
}
