import Databases
import Events
import JSON

/// Data sets of a workspace: contents that were read, the places where they were seen, and what the user says about them.
public struct DatasetStore: FeatureStore {
    let database: Database
    var names: EntityStore { EntityStore(database, .datasets) }

    init(_ database: Database) { self.database = database }

    private static let columns =
        "id, name, tags, note, is_archived, is_deleted, created_at, last_seen, byte_count, row_count, profile, reading"

    /// Data sets, last seen first. One that other data took the place of everywhere is an older version and left out.
    /// - Parameters:
    ///   - change: only those changed after this change number, older versions among them.
    ///   - includingDeleted: also those in the bin.
    ///   - count: the newest of them, at most so many; nil = all.
    public func datasets(
        changedAfter change: Int? = nil, includingDeleted: Bool = false, newest count: Int? = nil
    ) throws(StoreError) -> [DatasetSummary] {
        let isCurrent =
            "EXISTS (SELECT 1 FROM dataset_places AS place WHERE dataset = known_datasets.id AND NOT \(Self.isSuperseded))"
        let sql = """
            SELECT \(Self.columns) FROM known_datasets WHERE \(change == nil ? isCurrent : "change > ?2")
            \(includingDeleted ? "" : "AND is_deleted = 0") ORDER BY last_seen DESC, rowid DESC LIMIT ?1
            """
        return try summaries(sql, [.integer(count ?? -1)] + (change.map { [.integer($0)] } ?? []))
    }

    /// One data set, in the bin or not.
    public func dataset(_ id: DatasetID) throws(StoreError) -> DatasetSummary? {
        try summaries("SELECT \(Self.columns) FROM known_datasets WHERE id = ?", [.text(id.text)]).first
    }

    /// The data set a user means by a file, a name, an id, a unique prefix of either, or `@latest`.
    /// - Parameter path: what `text` names if it is a file, from the root; of files with that path, what was seen there last is meant.
    /// - Throws: `notFound` and `ambiguous`, with what to type instead.
    public func dataset(
        named text: String, path: String? = nil, includingDeleted: Bool = false
    ) throws(StoreError) -> DatasetSummary {
        let sql = "SELECT dataset FROM dataset_places WHERE path = ? ORDER BY last_seen DESC, rowid DESC LIMIT 1"
        let atPath = try path.map { path throws(StoreError) in try database.rows(sql, [.text(path)]) { $0.text(0) } }?.first
        if let atPath, let found = try dataset(DatasetID(atPath)), includingDeleted || !found.labels.isDeleted { return found }
        let id = DatasetID(try names.id(named: text, includingDeleted: includingDeleted))
        if let found = try dataset(id) { return found }
        throw StoreError(code: .notFound, message: "the data set \(id) is gone from the workspace", operation: "find data set")
    }

    /// What the user says about reading the data at a path: about what was seen there last.
    ///
    /// - Parameter path: from the root.
    public func reading(at path: String) throws(StoreError) -> [String: String] {
        try database.rows("SELECT (\(Self.readingAtPath))", [.text(path)]) { $0.isNull(0) ? [:] : Self.options($0.text(0)) }.first
            ?? [:]
    }

    /// What was said about the data set that was seen last at the path `?1`.
    static let readingAtPath = """
        SELECT reading FROM known_datasets JOIN dataset_places AS place ON place.dataset = known_datasets.id
            WHERE place.path = ?1 ORDER BY place.last_seen DESC, place.rowid DESC LIMIT 1
        """

    /// Registers what was found in a file that the user named, as opening it in the studio does: for a command that is about a file
    /// which the workspace does not know, or knows as it was.
    /// - Parameter time: when it was read, in seconds since 1970.
    /// - Returns: the data set as it is now, out of the bin.
    @discardableResult
    public func register(_ profile: DatasetProfile, at time: Double) throws(StoreError) -> DatasetSummary {
        let event = StudioEvent(sequence: 0, wallTime: time, run: nil, kind: .dataset(.profiled(profile)))
        try database.transaction { () throws(StoreError) in try fold(event, of: nil, change: try database.nextChange()) }
        guard let known = try dataset(DatasetID(profile.fingerprint)) else {
            throw StoreError(code: .failed, message: "\(profile.path) has no fingerprint: read it again", operation: "register")
        }
        return known
    }

    /// Changes what the user says about a data set: read, folded in and written in one transaction.
    /// - Returns: the data set as it is now.
    /// - Throws: `notFound`, `nameTaken` for a name that another data set has.
    @discardableResult
    public func edit(_ id: DatasetID, _ edit: EntityEdit) throws(StoreError) -> DatasetSummary {
        let labels = try names.edit(id.text, edit)
        return try dataset(id) ?? DatasetSummary(id: id, labels: labels, firstSeen: 0, lastSeen: 0)
    }

    /// Keeps what was found in the file of a data set that was read again unasked: its place stays in the order of data sets, and it
    /// stays in the bin if it is there. Where the file holds other data by now, that is noted.
    public func keep(_ profile: DatasetProfile, of id: DatasetID) throws(StoreError) {
        try database.transaction { () throws(StoreError) in
            let change = try database.nextChange()
            guard profile.fingerprint == id.text else {
                // A stamp that no file has.
                let other = DataFileStamp(byteCount: -1, modified: 0)
                try writeStamp(other, of: id, at: profile.path)
                try database.run("UPDATE known_datasets SET change = ? WHERE id = ?", [.integer(change), .text(id.text)])
                return
            }
            try writeProfile(profile, change: change)
            try writeStamp(profile.stamp, of: id, at: profile.path)
        }
    }

    // MARK: - Reading

    /// Whether something else was seen later at the place named `place`.
    private static let isSuperseded = """
        EXISTS (SELECT 1 FROM dataset_places AS later WHERE later.path = place.path AND later.dataset <> place.dataset
            AND (later.last_seen, later.rowid) > (place.last_seen, place.rowid))
        """

    private func summaries(_ sql: String, _ values: [Database.Value]) throws(StoreError) -> [DatasetSummary] {
        var found = try database.rows(sql, values, Self.summary)
        for index in found.indices { found[index].places = try places(of: found[index].id) }
        return found
    }

    private func places(of id: DatasetID) throws(StoreError) -> [DatasetPlace] {
        let sql = """
            SELECT path, last_seen, byte_count, modified, \(Self.isSuperseded) FROM dataset_places AS place WHERE dataset = ?
            ORDER BY last_seen DESC, rowid DESC
            """
        return try database.rows(sql, [.text(id.text)]) { row in
            let stamp = row.optionalInteger(3).map { DataFileStamp(byteCount: row.integer(2), modified: $0) }
            return DatasetPlace(
                path: row.text(0), lastSeen: row.real(1), stamp: stamp, isSuperseded: row.integer(4) != 0)
        }
    }

    private static func summary(_ row: Database.Row) -> DatasetSummary {
        var profile: DatasetProfile?
        do { profile = row.isNull(10) ? nil : DatasetProfile(json: try JSONValue(parsing: row.text(10))) } catch {}
        return DatasetSummary(
            id: DatasetID(row.text(0)), labels: EntityStore.labels(row, from: 1), firstSeen: row.real(6), lastSeen: row.real(7),
            byteCount: row.optionalInteger(8), rowCount: row.optionalInteger(9), profile: profile,
            reading: row.isNull(11) ? [:] : options(row.text(11)))
    }

    private static func options(_ text: String) -> [String: String] {
        do { return try JSONValue(parsing: text).strings ?? [:] } catch { return [:] }
    }
}

extension RunStore {
    /// The data sets of the workspace.
    public var datasets: DatasetStore { DatasetStore(database) }
}
