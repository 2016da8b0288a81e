import Databases
import Events
import Glibc
import JSON

/// Models that are kept under names. A version's file is in its folder before its row is there, so that who finds a row finds the file.
public struct ModelStore {
    let database: Database

    init(_ database: Database) { self.database = database }

    private static let columns =
        "id, name, version, approval, note, source, source_id, source_name, request, hyperparameters, data_fingerprint, metrics, byte_count, created_at, approved_at"

    // MARK: - Finding

    /// All versions, groups by name and in each the newest first.
    /// - Parameter name: of this group only.
    public func versions(of name: String? = nil) throws(StoreError) -> [ModelVersion] {
        let sql = "SELECT \(Self.columns) FROM model_versions \(name == nil ? "" : "WHERE name = ?") ORDER BY name, version DESC"
        return try database.rows(sql, name.map { [.text($0)] } ?? []) { Self.version($0) }.compactMap { $0 }
    }

    /// The versions that were made of a run or an AutoML job, the newest first.
    public func versions(madeOf id: String) throws(StoreError) -> [ModelVersion] {
        try database.rows(
            "SELECT \(Self.columns) FROM model_versions WHERE source_id = ? ORDER BY created_at DESC, rowid DESC", [.text(id)]
        ) { Self.version($0) }.compactMap { $0 }
    }

    /// The version that a text names: `NAME:VERSION`, or `NAME` for the newest approved one of the group and, where none is, the newest
    /// that is not rejected. nil where there is no such group.
    ///
    /// - Throws: `notFound` for a version that the group lacks, and for a group with rejected versions only.
    public func version(named text: String) throws(StoreError) -> ModelVersion? {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let group = try versions(of: parts[0])
        guard let newest = group.first else { return nil }
        guard parts.count == 2 else {
            if let found = group.first(where: { $0.approval == .approved }) ?? group.first(where: { $0.approval == .pending }) {
                return found
            }
            throw Self.notFound(
                "every version of \(text) is rejected: approve one (descent models approve \(newest.title)), or name it, as in \(newest.title)"
            )
        }
        if let found = group.first(where: { String($0.version) == parts[1] }) { return found }
        let numbers = group.map { String($0.version) }.joined(separator: ", ")
        throw Self.notFound("\(parts[0]) has no version '\(parts[1])': it has \(numbers)")
    }

    /// The same where there has to be one.
    ///
    /// - Throws: `notFound`, with what to type instead.
    public func known(_ text: String) throws(StoreError) -> ModelVersion {
        if let found = try version(named: text) { return found }
        throw Self.notFound("no model is called '\(text)': `descent models list` shows what there is")
    }

    private static func notFound(_ message: String) -> StoreError {
        StoreError(code: .notFound, message: message, operation: "find model")
    }

    // MARK: - Changing

    /// Keeps a model whose file lies in its folder already, as its group's next version.
    ///
    /// - Returns: with its number.
    public func register(_ version: ModelVersion) throws(StoreError) -> ModelVersion {
        var version = version
        try database.transaction { () throws(StoreError) in
            try database.run(
                """
                INSERT INTO model_groups VALUES (?, 1) ON CONFLICT(name) DO UPDATE SET last_version = last_version + 1
                """, [.text(version.name)])
            version.version =
                try database.rows("SELECT last_version FROM model_groups WHERE name = ?", [.text(version.name)]) { $0.integer(0) }
                .first ?? 1
            try database.run(
                "INSERT INTO model_versions (\(Self.columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    .text(version.id), .text(version.name), .integer(version.version), .text(version.approval.rawValue),
                    .text(version.note), .text(version.source.rawValue), .text(version.sourceID), .text(version.sourceName),
                    .text(version.request.json.text), .text(JSONValue(version.hyperparameters).text),
                    .text(version.dataFingerprint), .text(Self.text(version.metrics)), .integer(version.byteCount),
                    .real(version.createdAt), .optional(version.approvedAt),
                ])
        }
        return version
    }

    /// Keeps what was decided about a version.
    ///
    /// - Throws: `notFound` where it is gone.
    public func decide(_ id: String, _ approval: ModelApproval, note: String?, at time: Double) throws(StoreError) -> ModelVersion
    {
        try database.transaction { () throws(StoreError) in
            try database.run(
                "UPDATE model_versions SET approval = ?, approved_at = ?, note = coalesce(?, note) WHERE id = ?",
                [.text(approval.rawValue), .optional(approval == .approved ? time : nil), .optional(note), .text(id)])
            let found = try database.rows("SELECT \(Self.columns) FROM model_versions WHERE id = ?", [.text(id)]) {
                Self.version($0)
            }
            guard let version = found.compactMap({ $0 }).first else {
                throw Self.notFound("the model \(id) is gone from the workspace")
            }
            return version
        }
    }

    /// Removes a version's row; its file is whoever's who asks for it.
    public func remove(_ id: String) throws(StoreError) {
        try database.run("DELETE FROM model_versions WHERE id = ?", [.text(id)])
        try database.run("DELETE FROM model_version_notes WHERE id = ?", [.text(id)])
    }

    // MARK: - Rows

    private static func version(_ row: Database.Row) -> ModelVersion? {
        guard let approval = ModelApproval(rawValue: row.text(3)), let source = ModelVersion.Source(rawValue: row.text(5)),
            let request = json(row.text(8)).flatMap(JobRequest.init(json:))
        else { return nil }
        var version = ModelVersion(
            id: row.text(0), name: row.text(1), source: source, sourceID: row.text(6), sourceName: row.text(7), request: request,
            createdAt: row.real(13))
        (version.version, version.approval, version.note) = (row.integer(2), approval, row.text(4))
        version.hyperparameters = json(row.text(9))?.strings ?? [:]
        version.dataFingerprint = row.text(10)
        for member in json(row.text(11))?.members ?? [] { version.metrics[MetricName(member.name)] = member.value.double }
        (version.byteCount, version.approvedAt) = (row.integer(12), row.optionalReal(14))
        return version
    }

    private static func json(_ text: String) -> JSONValue? {
        do { return try JSONValue(parsing: text) } catch { return nil }
    }

    private static func text(_ metrics: [MetricName: Double]) -> String {
        JSONValue.object(sorted: Dictionary(uniqueKeysWithValues: metrics.map { ($0.key.text, .number($0.value)) })).text
    }
}

extension RunStore {
    /// Models that are kept under names.
    public var models: ModelStore { ModelStore(database) }
}

extension Workspace {
    /// Where a version's file is.
    public func modelFolder(of version: ModelVersion) -> String { keptModels + "/" + version.id }

    /// Where the file of a model is: of a version that is kept under a name, of a run's or of an AutoML job's.
    public func modelFolder(ofAny id: String) -> String {
        let kept = keptModels + "/" + id
        return access(kept, F_OK) == 0 ? kept : artifactFolder(of: id)
    }

    private var keptModels: String { path + "/models" }
}
