import Databases
import Events
import JSON

/// The queue's rows. A row is there from when a job is given to the host until its run has ended.
struct QueueStore: FeatureStore {
    private let database: Database

    private static let columns = "run, state, priority, place, after, if_completed, start_at, work, waits_for, added_at"

    init(_ database: Database) { self.database = database }

    /// A run that has ended leaves the queue; one that a process gives back to the host waits in it again.
    func fold(_ event: StudioEvent, of record: RunRecord?, change: Int) throws(StoreError) {
        guard let run = event.run, case .job(let fact) = event.kind else { return }
        switch fact {
        case .finished: try remove(run)
        case .statusChanged(let status) where status.reason == .handedOver: try write(.waiting, of: run)
        default: break
        }
    }

    func forget(_ run: RunID) throws(StoreError) { try remove(run) }

    func removeOrphans() throws(StoreError) { try database.execute("DELETE FROM queue WHERE run NOT IN (SELECT id FROM runs)") }

    // MARK: - Rows

    /// All of them, in the order in which they start.
    func jobs() throws(StoreError) -> [QueuedJob] {
        let sql = "SELECT \(Self.columns) FROM queue ORDER BY priority DESC, place, run"
        return try database.rows(sql) { Self.job($0) }.compactMap { $0 }
    }

    func job(_ run: RunID) throws(StoreError) -> QueuedJob? {
        let sql = "SELECT \(Self.columns) FROM queue WHERE run = ?"
        return try database.rows(sql, [.text(run.text)]) { Self.job($0) }.compactMap { $0 }.first
    }

    /// Writes a row, behind those of its priority where it is new.
    func add(_ job: QueuedJob) throws(StoreError) {
        let sql = """
            INSERT INTO queue (\(Self.columns)) VALUES (?1, ?2, ?3, (SELECT coalesce(max(place), 0) + 1 FROM queue), ?4, ?5, ?6, ?7,
                ?8, ?9)
            ON CONFLICT(run) DO UPDATE SET state = ?2, work = ?7, waits_for = ?8
            """
        let after = JSONValue.array(job.conditions.after.map { .string($0.text) })
        try database.run(
            sql,
            [
                .text(job.run.text), .text(job.state.rawValue), .integer(job.priority), .text(after.text),
                .integer(job.conditions.onlyIfCompleted ? 1 : 0), .optional(job.conditions.startAt), .text(job.work.text),
                .text(job.waitsFor), .real(job.addedAt),
            ])
    }

    func remove(_ run: RunID) throws(StoreError) { try database.run("DELETE FROM queue WHERE run = ?", [.text(run.text)]) }

    func write(_ state: QueuedJob.State, of run: RunID) throws(StoreError) {
        try database.run(
            "UPDATE queue SET state = ?, waits_for = '' WHERE run = ?", [.text(state.rawValue), .text(run.text)])
    }

    func write(waitsFor text: String, of run: RunID) throws(StoreError) {
        try database.run("UPDATE queue SET waits_for = ? WHERE run = ?", [.text(text), .text(run.text)])
    }

    func write(priority: Int, place: Double, of run: RunID) throws(StoreError) {
        try database.run(
            "UPDATE queue SET priority = ?, place = ? WHERE run = ?", [.integer(priority), .real(place), .text(run.text)])
    }

    private static func job(_ row: Database.Row) -> QueuedJob? {
        guard let state = QueuedJob.State(rawValue: row.text(1)) else { return nil }
        var after: [String] = [], work = JSONValue.object([JSONValue.Member]())
        do {
            after = try JSONValue(parsing: row.text(4)).array?.compactMap(\.string) ?? []
            work = try JSONValue(parsing: row.text(7))
        } catch { return nil }
        var job = QueuedJob(run: RunID(row.text(0)), work: work)
        (job.state, job.priority, job.place) = (state, row.integer(2), row.real(3))
        job.conditions.after = after.map { RunID($0) }
        job.conditions.onlyIfCompleted = row.integer(5) != 0
        job.conditions.startAt = row.optionalReal(6)
        (job.waitsFor, job.addedAt) = (row.text(8), row.real(9))
        return job
    }
}
