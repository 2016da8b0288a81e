import Databases
import Events

extension DatasetStore {
    /// What was seen at a path, in the order in which it was last seen there: the last is what lies there as far as is known.
    ///
    /// - Parameter path: from the root.
    /// - Returns: each with what is otherwise than in the one before, and the runs that read it, wherever they did.
    public func versions(at path: String) throws(StoreError) -> [DatasetVersion] {
        let sql = "SELECT dataset, last_seen FROM dataset_places WHERE path = ? ORDER BY last_seen, rowid"
        let seen = try database.rows(sql, [.text(path)]) { (id: DatasetID($0.text(0)), time: $0.real(1)) }
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
        if let last = versions.indices.last { versions[last].isLatest = true }
        return versions
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
