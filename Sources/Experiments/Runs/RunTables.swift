import Databases
import Events

/// The tables of runs, as one of a workspace's features. `RunWriter` and `StoreRecorder` write the rows themselves.
struct RunTables: FeatureStore {
    /// What was asked of processes that are gone.
    static let passingTables: Set<String> = ["commands"]

    private let database: Database

    init(_ database: Database) { self.database = database }

    /// Keeps an event beside its run. What is about no run is a fact of another feature.
    func fold(_ event: StudioEvent, of record: RunRecord?, change: Int) throws(StoreError) {
        guard let run = event.run else { return }
        // Another feature's, and too large for rows of text.
        if case .tensors(.summarised) = event.kind { return }
        try database.run(
            "INSERT INTO events (run, kind, body) VALUES (?, ?, ?)",
            [.text(run.text), .text(event.kind.name.text), .text(event.json.text)])
    }

    /// Removes a run's row, and with it its curves, events and commands.
    func forget(_ run: RunID) throws(StoreError) { try database.run("DELETE FROM runs WHERE id = ?", [.text(run.text)]) }

    func removeOrphans() throws(StoreError) {
        try database.execute(
            """
            DELETE FROM events WHERE run NOT IN (SELECT id FROM runs);
            DELETE FROM metrics WHERE run NOT IN (SELECT id FROM runs);
            DELETE FROM chunks WHERE metric NOT IN (SELECT id FROM metrics);
            """)
    }
}
