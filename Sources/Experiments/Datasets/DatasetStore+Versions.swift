import Databases
import Events
import Files

extension DatasetStore {
    /// What was seen at a path, in the order in which it was last seen there: the last is what lies there as far as is known.
    ///
    /// - Parameter path: from the root.
    /// - Returns: each with what is otherwise than in the one before, and the runs that read it, wherever they did.
    public func versions(at path: String) throws(StoreError) -> [DatasetVersion] {
        var seen = try self.seen(at: path)
        for former in try formerPaths(of: path) {
            let known = Set(seen.map(\.id))
            seen = try self.seen(at: former).filter { !known.contains($0.id) } + seen
        }
        var versions: [DatasetVersion] = []
        for (id, time) in seen {
            guard let dataset = try dataset(id) else { continue }
            let before = versions.last?.dataset.profile
            let changes = before.flatMap { old in dataset.profile.map { ProfileChange.between(old, $0) } } ?? []
            versions.append(
                DatasetVersion(
                    number: versions.count + 1, dataset: dataset, lastSeen: time, isLatest: false, changes: changes,
                    uses: try uses(of: id)))
        }
        guard let last = versions.indices.last else { return [] }
        versions[last].isLatest = true
        if let (steps, dataset) = try keptSteps(at: path) {
            // What it was kept for is not known any more: what lies there is what the steps will be done to.
            versions[versions.firstIndex { $0.dataset.id == dataset } ?? last].steps = steps
        }
        return versions
    }

    private func seen(at path: String) throws(StoreError) -> [(id: DatasetID, time: Double)] {
        let sql = "SELECT dataset, last_seen FROM dataset_places WHERE path = ? ORDER BY last_seen, rowid"
        return try database.rows(sql, [.text(path)]) { (id: DatasetID($0.text(0)), time: $0.real(1)) }
    }

    /// Where a file lay before it was moved or given another name, the latest first: the first data that was seen at its path was seen
    /// there, too, and no file is there any more. A copy whose original is still there has a history of its own.
    public func formerPaths(of path: String) throws(StoreError) -> [String] {
        var found: [String] = [], current = path
        while let first = try seen(at: current).first {
            let before = try otherPlaces(of: first.id, before: first.time).first { $0 != path && !found.contains($0) }
            guard let former = before, FileStamp(former) == nil else { break }
            found.append(former)
            current = former
        }
        return found
    }

    /// Where the data that was last seen at a path lies now, when nothing is at the path any more; nil where that is not known.
    public func laterPath(of path: String) throws(StoreError) -> String? {
        guard FileStamp(path) == nil, let last = try seen(at: path).last else { return nil }
        return try otherPlaces(of: last.id).first { $0 != path && FileStamp($0) != nil }
    }

    /// The places of a data set, the one that was seen last first.
    private func otherPlaces(of id: DatasetID, before time: Double = .greatestFiniteMagnitude) throws(StoreError) -> [String] {
        let sql = "SELECT path FROM dataset_places WHERE dataset = ? AND last_seen < ? ORDER BY last_seen DESC, rowid DESC"
        return try database.rows(sql, [.text(id.text), .real(time)]) { $0.text(0) }
    }

    /// The runs that read a data set, oldest first.
    private func uses(of id: DatasetID) throws(StoreError) -> [DatasetVersion.Use] {
        let sql = """
            SELECT runs.id, runs.name, links.kind = 'validatedOn' FROM links JOIN runs ON runs.id = links.to_id
            WHERE links.from_kind = 'dataset' AND links.from_id = ? AND links.to_kind = 'run'
                AND links.kind IN ('trainedOn', 'validatedOn') ORDER BY links.created_at, links.rowid
            """
        return try database.rows(sql, [.text(id.text)]) { row in
            DatasetVersion.Use(run: RunID(row.text(0)), name: row.text(1), isValidation: row.integer(2) != 0)
        }
    }
}
