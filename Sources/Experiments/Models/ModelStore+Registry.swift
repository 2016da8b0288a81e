import CheckedNumbers
import Databases
import Events
import JSON

/// Groups and versions as MLflow's registry has them. A group that clients never named has what its versions say.
extension ModelStore {
    /// All groups that have versions, or that a client made and did not delete; by name.
    public func groups() throws(StoreError) -> [RegisteredModel] { try groups(where: "1") }

    public func group(_ name: String) throws(StoreError) -> RegisteredModel? {
        try groups(where: "g.name = ?", [.text(name)]).first
    }

    private func groups(
        where condition: String, _ values: [Database.Value] = []
    ) throws(StoreError) -> [RegisteredModel] {
        let rows = try database.rows(
            """
            SELECT g.name, n.body, min(v.created_at) FROM model_groups g LEFT JOIN model_group_notes n ON n.name = g.name
            LEFT JOIN model_versions v ON v.name = g.name WHERE \(condition) GROUP BY g.name
            HAVING n.body IS NOT NULL OR count(v.id) > 0 ORDER BY g.name
            """, values
        ) { (name: $0.text(0), body: $0.text(1), created: $0.optionalReal(2)) }
        return rows.map { row in
            if let json = Self.object(row.body) { return RegisteredModel(name: row.name, json: json) }
            return RegisteredModel(name: row.name, createdAt: Int(nearestWithin: (row.created ?? 0) * 1000))
        }
    }

    /// Keeps what is said of a group, which is made where there is none. Numbers of its versions go on where they were.
    public func write(_ group: RegisteredModel) throws(StoreError) {
        try database.transaction { () throws(StoreError) in
            try database.run("INSERT INTO model_groups VALUES (?, 0) ON CONFLICT(name) DO NOTHING", [.text(group.name)])
            try writeNote(group)
        }
    }

    private func writeNote(_ group: RegisteredModel) throws(StoreError) {
        try database.run(
            "INSERT OR REPLACE INTO model_group_notes VALUES (?, ?)", [.text(group.name), .text(group.json.text)])
    }

    /// Moves a group and its versions to another name, whose versions' numbers go on behind both.
    public func rename(_ group: RegisteredModel, to name: String, at time: Int) throws(StoreError) -> RegisteredModel {
        var renamed = group
        (renamed.name, renamed.updatedAt) = (name, time)
        try database.transaction { [renamed] () throws(StoreError) in
            try database.run(
                """
                INSERT INTO model_groups SELECT ?1, last_version FROM model_groups WHERE name = ?2
                ON CONFLICT(name) DO UPDATE SET last_version = max(last_version, excluded.last_version)
                """, [.text(name), .text(group.name)])
            try database.run("UPDATE model_versions SET name = ? WHERE name = ?", [.text(name), .text(group.name)])
            try database.run("DELETE FROM model_group_notes WHERE name = ?", [.text(group.name)])
            try writeNote(renamed)
        }
        return renamed
    }

    /// Forgets what is said of a group; that it was there is kept, so that no number is given twice.
    public func removeGroup(_ name: String) throws(StoreError) {
        try database.run("DELETE FROM model_group_notes WHERE name = ?", [.text(name)])
    }

    public func registered(_ version: ModelVersion) throws(StoreError) -> RegisteredVersion {
        try database.rows("SELECT body FROM model_version_notes WHERE id = ?", [.text(version.id)]) { Self.object($0.text(0)) }
            .compactMap { $0 }.first.map { RegisteredVersion(json: $0) } ?? RegisteredVersion()
    }

    public func write(_ registered: RegisteredVersion, of version: ModelVersion) throws(StoreError) {
        try database.run(
            "INSERT OR REPLACE INTO model_version_notes VALUES (?, ?)", [.text(version.id), .text(registered.json.text)])
    }

    private static func object(_ text: String) -> JSONValue? {
        do { return text.isEmpty ? nil : try JSONValue(parsing: text) } catch { return nil }
    }
}
