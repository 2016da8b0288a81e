import Databases
import Events
import JSON

/// What led to what in a workspace: which data a run learned from, what it goes on from, what it mends. A link is a fact about its
/// end and is written with it.
public struct LinkStore: FeatureStore {
    private let database: Database

    init(_ database: Database) { self.database = database }

    /// What led to something, oldest first.
    public func links(to entity: EntityReference) throws(StoreError) -> [Link] {
        try links("to_kind = ? AND to_id = ?", [.text(entity.kind.rawValue), .text(entity.id)])
    }

    /// What something led to, oldest first.
    public func links(from entity: EntityReference) throws(StoreError) -> [Link] {
        try links("from_kind = ? AND from_id = ?", [.text(entity.kind.rawValue), .text(entity.id)])
    }

    /// What the alerts of a run led to, oldest first.
    public func links(fromAlertsOf run: RunID) throws(StoreError) -> [Link] {
        // All that begins with the run and a slash; the character after the slash ends it.
        try links(
            "from_kind = ? AND from_id > ? AND from_id < ?", [.text("alert"), .text(run.text + "/"), .text(run.text + "0")])
    }

    private func links(_ condition: String, _ values: [Database.Value]) throws(StoreError) -> [Link] {
        let sql = """
            SELECT kind, from_kind, from_id, to_kind, to_id, created_at, detail FROM links WHERE \(condition)
            ORDER BY created_at, rowid
            """
        return try database.rows(sql, values, Self.link).compactMap { $0 }
    }

    private static func link(_ row: Database.Row) -> Link? {
        guard let kind = Link.Kind(rawValue: row.text(0)), let from = EntityKind(rawValue: row.text(1)),
            let to = EntityKind(rawValue: row.text(3))
        else { return nil }
        var detail: JSONValue?
        do { detail = row.isNull(6) ? nil : try JSONValue(parsing: row.text(6)) } catch {}
        return Link(
            kind, from: EntityReference(from, row.text(2)), to: EntityReference(to, row.text(4)), createdAt: row.real(5),
            detail: detail)
    }

    // MARK: - Inside a transaction that the caller holds

    /// Adds links; those that are there already stay as they are.
    func add(_ links: [Link]) throws(StoreError) {
        for link in links {
            try database.run(
                "INSERT OR IGNORE INTO links VALUES (?, ?, ?, ?, ?, ?, ?)",
                [
                    .text(link.kind.rawValue), .text(link.from.kind.rawValue), .text(link.from.id),
                    .text(link.to.kind.rawValue), .text(link.to.id), .real(link.createdAt), .optional(link.detail?.text),
                ])
        }
    }

    /// Keeps what an event says about where things come from.
    /// - Parameter record: that of the event's run, the event folded in.
    func fold(_ event: StudioEvent, of record: RunRecord?, change: Int) throws(StoreError) {
        guard let record else { return }
        switch event.kind {
        case .run(.registered): try add(record.originLinks(at: event.wallTime))
        // Now the data was read.
        case .job(.trainingDataSummarised): try add(record.dataLinks(at: event.wallTime))
        default: break
        }
    }

    func recover(_ record: RunRecord, change: Int) throws(StoreError) {
        try add(record.originLinks(at: record.createdAt) + record.dataLinks(at: record.createdAt))
    }

    /// Forgets where a run came from, since it is removed for good. What came of it stays a fact about others.
    func forget(_ run: RunID) throws(StoreError) {
        try database.run("DELETE FROM links WHERE to_kind = 'run' AND to_id = ?", [.text(run.text)])
    }

    func removeOrphans() throws(StoreError) {
        try database.run("DELETE FROM links WHERE to_kind = 'run' AND to_id NOT IN (SELECT id FROM runs)")
    }
}

extension RunStore {
    /// What led to what.
    public var links: LinkStore { LinkStore(database) }
}
