import Databases
import Events
import JSON

/// The rows of notices. What was told of a run stays with it, so that it is told once whatever happens to the process; what an alarm told
/// belongs to none.
struct NoticeStore: FeatureStore {
    private let database: Database

    private static let columns = "id, channel, command, change, state, is_held, failures, not_before, created_at"

    init(_ database: Database) { self.database = database }

    func forget(_ run: RunID) throws(StoreError) { try database.run("DELETE FROM notices WHERE run = ?", [.text(run.text)]) }

    func removeOrphans() throws(StoreError) { try database.execute("DELETE FROM notices WHERE run NOT IN (SELECT id FROM runs)") }

    // MARK: - Rows

    /// - Returns: whether it is new.
    func add(_ notice: PendingNotice) throws(StoreError) -> Bool {
        let sql = """
            INSERT INTO notices (\(Self.columns), run, delivery, owner) SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', ?
            WHERE ?10 IS NULL OR EXISTS (SELECT 1 FROM runs WHERE id = ?10) ON CONFLICT(id) DO NOTHING RETURNING 1
            """
        let added = try database.rows(
            sql,
            [
                .text(notice.id), .text(notice.channel), .text(notice.command), .text(notice.change.json.text),
                .text(notice.state.rawValue), .integer(notice.isHeld ? 1 : 0), .integer(notice.failures), .real(notice.notBefore),
                .real(notice.createdAt), notice.change.kind == .alarm ? .null : .text(notice.change.run.text),
                .text(ProcessMark.current.text),
            ]
        ) { $0.integer(0) }
        return !added.isEmpty
    }

    /// Those that are still to be sent, by this process or by one that is gone, the oldest first.
    func open() throws(StoreError) -> [PendingNotice] {
        let sql = "SELECT \(Self.columns), owner FROM notices WHERE state IN ('waiting', 'sending') ORDER BY created_at, id"
        return try database.rows(sql) { row -> PendingNotice? in
            let owner = ProcessMark(text: row.text(9))
            guard owner == .current || !owner.isAlive, var notice = Self.notice(row) else { return nil }
            notice.isLeft = owner != .current
            return notice
        }.compactMap { $0 }
    }

    /// Those of a run, the oldest first.
    func all(of run: RunID) throws(StoreError) -> [PendingNotice] {
        let sql = "SELECT \(Self.columns) FROM notices WHERE run = ? ORDER BY created_at, id"
        return try database.rows(sql, [.text(run.text)]) { Self.notice($0) }.compactMap { $0 }
    }

    /// Makes notices this process's. Call it in a transaction.
    /// - Returns: whether they are: another process may have been faster.
    func take(_ ids: [String], as delivery: String) throws(StoreError) -> Bool {
        for id in ids {
            let owners = try database.rows(
                "SELECT owner FROM notices WHERE id = ? AND state IN ('waiting', 'sending')", [.text(id)]
            ) {
                ProcessMark(text: $0.text(0))
            }
            guard let owner = owners.first, owner == .current || !owner.isAlive else { return false }
        }
        for id in ids {
            let values: [Database.Value] = [.text(delivery), .text(ProcessMark.current.text), .text(id)]
            try database.run("UPDATE notices SET state = 'sending', delivery = ?, owner = ? WHERE id = ?", values)
        }
        return true
    }

    func end(_ ids: [String], as state: PendingNotice.State, at time: Double) throws(StoreError) {
        for id in ids {
            try database.run(
                "UPDATE notices SET state = ?, ended_at = ? WHERE id = ?", [.text(state.rawValue), .real(time), .text(id)])
        }
    }

    func postpone(_ ids: [String], until time: Double, isHeld: Bool, hasFailed: Bool) throws(StoreError) {
        for id in ids {
            let sql = """
                UPDATE notices SET state = 'waiting', not_before = ?, is_held = max(is_held, ?), failures = failures + ?, owner = ?
                WHERE id = ?
                """
            try database.run(
                sql,
                [
                    .real(time), .integer(isHeld ? 1 : 0), .integer(hasFailed ? 1 : 0), .text(ProcessMark.current.text),
                    .text(id),
                ])
        }
    }

    /// When a channel told something since a time, a summary counting once.
    func times(of channel: String, since time: Double) throws(StoreError) -> [Double] {
        let sql = "SELECT max(ended_at) FROM notices WHERE channel = ? AND state = 'sent' AND ended_at > ? GROUP BY delivery"
        return try database.rows(sql, [.text(channel), .real(time)]) { $0.real(0) }
    }

    private static func notice(_ row: Database.Row) -> PendingNotice? {
        let json: JSONValue
        do { json = try JSONValue(parsing: row.text(3)) } catch { return nil }
        guard let change = StateChange(json: json), let state = PendingNotice.State(rawValue: row.text(4)) else { return nil }
        var notice = PendingNotice(id: row.text(0), channel: row.text(1), command: row.text(2), change: change, at: row.real(8))
        (notice.state, notice.isHeld, notice.failures, notice.notBefore) = (
            state, row.integer(5) != 0, row.integer(6), row.real(7)
        )
        return notice
    }
}
