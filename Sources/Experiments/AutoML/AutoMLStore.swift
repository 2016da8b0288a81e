import Databases
import Events
import JSON

/// AutoML jobs and their candidates. A candidate's row is there before its run, and says what came of it before anybody is told:
/// whoever takes a job up again loses no candidate and begins none twice.
public struct AutoMLStore {
    let database: Database

    init(_ database: Database) { self.database = database }

    var jobs: OwnedJobs { OwnedJobs(database: database, table: "automls", noun: "AutoML job", command: "automl") }

    private static let columns =
        "id, name, request, objective, why, status, reason, created_at, finished_at, spent_seconds, ensemble, owner, findings, stacking"

    // MARK: - Jobs

    /// All of them, newest first.
    public func all() throws(StoreError) -> [AutoMLRecord] {
        try database.rows("SELECT \(Self.columns), is_hosted FROM automls ORDER BY created_at DESC, rowid DESC") {
            Self.record($0)
        }
        .compactMap { $0 }
    }

    /// The one a user means by its name, its id, a unique beginning of either, or `@latest`.
    /// - Throws: `notFound` and `ambiguous`, with what to type instead.
    public func automl(named text: String) throws(StoreError) -> AutoMLRecord {
        try jobs.named(text, among: all()) { ($0.id, $0.name) }
    }

    /// Keeps a new job of this process. Where its name is taken, it gets a number.
    public func register(_ record: AutoMLRecord) throws(StoreError) -> AutoMLRecord {
        var record = record
        try database.transaction { () throws(StoreError) in
            record.name = OwnedJobs.free(
                record.name,
                among: Set(try database.rows("SELECT name FROM automls UNION SELECT name FROM runs") { $0.text(0) }))
            try database.run(
                "INSERT INTO automls (\(Self.columns), is_asked_to_stop) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)",
                [
                    .text(record.id), .text(record.name), .text(record.request.json.text), .text(record.objective.json.text),
                    .text(Self.text(record.why)), .text(record.status.rawValue), .text(record.reason.text),
                    .real(record.createdAt), .optional(record.finishedAt), .real(record.spentSeconds),
                    .optional(record.ensemble?.json.text), .text(ProcessMark.current.text), .text(Self.text(record.findings)),
                    .optional(record.stacking?.json.text),
                ])
        }
        return record
    }

    /// Gives a job that ended or whose process is gone to this process.
    /// - Throws: `failed` where another process has it.
    public func claim(_ record: AutoMLRecord) throws(StoreError) { try jobs.claim(record.id, name: record.name) }

    /// Keeps how a job stands.
    public func write(_ record: AutoMLRecord) throws(StoreError) {
        try database.run(
            """
            UPDATE automls SET request = ?, why = ?, status = ?, reason = ?, finished_at = ?, spent_seconds = ?, ensemble = ?, stacking = ?
            WHERE id = ?
            """,
            [
                .text(record.request.json.text), .text(Self.text(record.why)), .text(record.status.rawValue),
                .text(record.reason.text),
                .optional(record.finishedAt), .real(record.spentSeconds), .optional(record.ensemble?.json.text),
                .optional(record.stacking?.json.text), .text(record.id),
            ])
    }

    /// Keeps how a job stands together with its candidates.
    public func write(_ record: AutoMLRecord, _ candidates: [AutoMLCandidate]) throws(StoreError) {
        try database.transaction { () throws(StoreError) in
            try write(record)
            for candidate in candidates { try write(candidate, of: record.id) }
        }
    }

    /// Removes a job that was refused, with its candidates.
    public func remove(_ automl: String) throws(StoreError) {
        try database.run("DELETE FROM automl_candidates WHERE automl = ?", [.text(automl)])
        try database.run("DELETE FROM automls WHERE id = ?", [.text(automl)])
    }

    /// Asks the process that has a job to stop it.
    public func askToStop(_ automl: String) throws(StoreError) { try jobs.askToStop(automl) }

    public func isAskedToStop(_ automl: String) throws(StoreError) -> Bool { try jobs.isAskedToStop(automl) }

    /// Whether a living process carries a job out: this one, or another.
    public func isCarriedOut(_ automl: String) throws(StoreError) -> Bool { try jobs.isCarriedOut(automl) }

    /// A text that is another one as soon as a job stands otherwise: to find out that another process changed something.
    public func standing() throws(StoreError) -> String {
        let jobs = try database.rows("SELECT id || status || coalesce(ensemble, ''), owner FROM automls ORDER BY id") { row in
            "\(row.text(0)) \(ProcessMark(text: row.text(1)).isAlive)"
        }
        let candidates = try database.rows("SELECT count(*), coalesce(sum(length(body)), 0) FROM automl_candidates") { row in
            "\(row.integer(0)) \(row.integer(1))"
        }
        return "\(jobs) \(candidates)"
    }

    // MARK: - Candidates

    /// In the order in which they began.
    public func candidates(of automl: String) throws(StoreError) -> [AutoMLCandidate] {
        try database.rows("SELECT body FROM automl_candidates WHERE automl = ? ORDER BY number", [.text(automl)]) {
            Self.json($0.text(0)).flatMap(AutoMLCandidate.init(json:))
        }.compactMap { $0 }
    }

    /// Keeps a candidate that is about to begin, or what came of it.
    public func write(_ candidate: AutoMLCandidate, of automl: String) throws(StoreError) {
        try database.run(
            """
            INSERT INTO automl_candidates (automl, number, run, body) VALUES (?, ?, ?, ?)
            ON CONFLICT(automl, number) DO UPDATE SET body = excluded.body
            """,
            [.text(automl), .integer(candidate.number), .text(candidate.run.text), .text(candidate.json.text)])
    }

    // MARK: - Rows

    private static func record(_ row: Database.Row) -> AutoMLRecord? {
        guard let request = json(row.text(2)).flatMap(AutoMLRequest.init(json:)),
            let objective = json(row.text(3)).flatMap(Objective.init(json:)), let status = JobStatus(rawValue: row.text(5))
        else { return nil }
        var record = AutoMLRecord(
            id: row.text(0), name: row.text(1), request: request, objective: objective,
            why: json(row.text(4))?.array?.compactMap(\.string) ?? [], createdAt: row.real(7))
        (record.status, record.reason, record.finishedAt) = (status, EndReason(row.text(6)), row.optionalReal(8))
        record.spentSeconds = row.real(9)
        record.findings = json(row.text(12))?.array?.compactMap(\.string) ?? []
        record.stacking = json(row.text(13)).flatMap(AutoMLStacking.init(json:))
        record.ensemble = json(row.text(10)).flatMap(AutoMLEnsemble.init(json:))
        if !status.isFinal, !ProcessMark(text: row.text(11)).isAlive {
            // The next host goes on with what was a killed one's.
            if row.integer(14) != 0 {
                record.status = .pending
            } else {
                (record.status, record.reason) = (.stopped, .interrupted)
            }
        }
        return record
    }

    private static func json(_ text: String) -> JSONValue? {
        do { return try JSONValue(parsing: text) } catch { return nil }
    }

    private static func text(_ words: [String]) -> String { JSONValue.array(words.map { .string($0) }).text }
}

extension RunStore {
    /// AutoML jobs.
    public var automls: AutoMLStore { AutoMLStore(database) }
}
