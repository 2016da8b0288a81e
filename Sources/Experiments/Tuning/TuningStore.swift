import Databases
import Events
import JSON

/// Tuning jobs and their trials. A trial's row is there before its run, and says what came of it before anybody is told:
/// whoever takes a job up again loses no trial and begins none twice.
public struct TuningStore {
    let database: Database

    init(_ database: Database) { self.database = database }

    var jobs: OwnedJobs { OwnedJobs(database: database, table: "tunings", noun: "tuning job", command: "tune") }

    private static let columns =
        "id, name, request, objective, status, reason, created_at, finished_at, spent_seconds, owner"

    // MARK: - Jobs

    /// All of them, newest first.
    public func all() throws(StoreError) -> [TuningRecord] {
        try database.rows("SELECT \(Self.columns), is_hosted FROM tunings ORDER BY created_at DESC, rowid DESC") {
            Self.record($0)
        }
        .compactMap { $0 }
    }

    /// The one with an id; nil where there is none.
    public func tuning(id: String) throws(StoreError) -> TuningRecord? {
        try database.rows("SELECT \(Self.columns), is_hosted FROM tunings WHERE id = ?", [.text(id)]) { Self.record($0) }.first
            ?? nil
    }

    /// The one a user means by its name, its id, a unique beginning of either, or `@latest`.
    /// - Throws: `notFound` and `ambiguous`, with what to type instead.
    public func tuning(named text: String) throws(StoreError) -> TuningRecord {
        try jobs.named(text, among: all()) { ($0.id, $0.name) }
    }

    /// Keeps a new job of this process, with what it begins with. Where its name is taken, it gets a number.
    public func register(_ record: TuningRecord, after earlier: [EarlierTuning] = []) throws(StoreError) -> TuningRecord {
        var record = record
        try database.transaction { () throws(StoreError) in
            record.name = OwnedJobs.free(
                record.name, among: Set(try database.rows("SELECT name FROM tunings") { $0.text(0) }))
            try database.run(
                "INSERT INTO tunings (\(Self.columns), is_asked_to_stop) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)",
                [
                    .text(record.id), .text(record.name), .text(record.request.json.text), .text(record.objective.json.text),
                    .text(record.status.rawValue), .text(record.reason.text),
                    .real(record.createdAt), .optional(record.finishedAt), .real(record.spentSeconds),
                    .text(ProcessMark.current.text),
                ])
            try keep(earlier, for: record.id)
        }
        return record
    }

    /// Gives a job that ended or whose process is gone to this process.
    /// - Throws: `failed` where another process has it.
    public func claim(_ record: TuningRecord) throws(StoreError) { try jobs.claim(record.id, name: record.name) }

    /// Keeps how a job stands.
    public func write(_ record: TuningRecord) throws(StoreError) {
        try database.run(
            "UPDATE tunings SET request = ?, status = ?, reason = ?, finished_at = ?, spent_seconds = ? WHERE id = ?",
            [
                .text(record.request.json.text), .text(record.status.rawValue), .text(record.reason.text),
                .optional(record.finishedAt), .real(record.spentSeconds), .text(record.id),
            ])
    }

    /// Removes a job that was refused, with its trials.
    public func remove(_ tuning: String) throws(StoreError) {
        for table in ["tuning_trials", "tuning_warm_starts", "tuning_confirmations"] {
            try database.run("DELETE FROM \(table) WHERE tuning = ?", [.text(tuning)])
        }
        try database.run("DELETE FROM tunings WHERE id = ?", [.text(tuning)])
    }

    /// Asks the process that has a job to stop it.
    public func askToStop(_ tuning: String) throws(StoreError) { try jobs.askToStop(tuning) }

    public func isAskedToStop(_ tuning: String) throws(StoreError) -> Bool { try jobs.isAskedToStop(tuning) }

    /// Whether a living process carries a job out: this one, or another.
    public func isCarriedOut(_ tuning: String) throws(StoreError) -> Bool { try jobs.isCarriedOut(tuning) }

    /// Whether this process carries it out.
    public func isOurs(_ tuning: String) throws(StoreError) -> Bool { try jobs.isOurs(tuning) }

    // MARK: - Trials

    /// In the order in which they were suggested.
    public func trials(of tuning: String) throws(StoreError) -> [TuningTrial] {
        let sql = """
            SELECT number, run, hyperparameters, point, memory, why, outcome, value, reason, deviation, others
            FROM tuning_trials WHERE tuning = ?
            ORDER BY number
            """
        return try database.rows(sql, [.text(tuning)]) { Self.trial($0) }.compactMap { $0 }
    }

    /// Keeps a trial that is about to begin.
    public func add(_ trial: TuningTrial, to tuning: String) throws(StoreError) {
        let sql = """
            INSERT INTO tuning_trials (tuning, number, run, hyperparameters, point, memory, why, reason)
            VALUES (?, ?, ?, ?, ?, ?, ?, '')
            """
        try database.run(
            sql,
            [
                .text(tuning), .integer(trial.number), .text(trial.run.text), .text(JSONValue(trial.values).text),
                .text(Self.text(trial.point)), .text(Self.text(trial.memory)), .text(trial.why),
            ])
    }

    /// Keeps what came of a trial.
    public func end(_ trial: TuningTrial, of tuning: String) throws(StoreError) {
        try database.run(
            """
            UPDATE tuning_trials SET outcome = ?, value = ?, reason = ?, deviation = ?, others = ? WHERE tuning = ? AND number = ?
            """,
            [
                .optional(trial.outcome?.rawValue), .optional(trial.value), .text(trial.reason), .optional(trial.deviation),
                .text(JSONValue.array(trial.others.map { $0.map { .number($0) } ?? .null }).text), .text(tuning),
                .integer(trial.number),
            ])
    }

    // MARK: - Rows

    private static func record(_ row: Database.Row) -> TuningRecord? {
        guard let request = json(row.text(2)).flatMap(TuningRequest.init(json:)),
            let objective = json(row.text(3)).flatMap(Objective.init(json:)), let status = JobStatus(rawValue: row.text(4))
        else { return nil }
        var record = TuningRecord(
            id: row.text(0), name: row.text(1), request: request, objective: objective, createdAt: row.real(6))
        (record.status, record.reason, record.finishedAt) = (status, EndReason(row.text(5)), row.optionalReal(7))
        record.spentSeconds = row.real(8)
        if !status.isFinal, !ProcessMark(text: row.text(9)).isAlive {
            // The next host goes on with what was a killed one's.
            if row.integer(10) != 0 {
                record.status = .pending
            } else {
                (record.status, record.reason) = (.stopped, .interrupted)
            }
        }
        return record
    }

    private static func trial(_ row: Database.Row) -> TuningTrial? {
        guard let values = json(row.text(2))?.strings, let point = json(row.text(3))?.array?.compactMap(\.double),
            let memory = json(row.text(4))?.array?.compactMap(\.double)
        else { return nil }
        var trial = TuningTrial(
            number: row.integer(0), run: RunID(row.text(1)), values: values, point: point, memory: memory, why: row.text(5))
        trial.outcome = TuningTrial.Outcome(rawValue: row.text(6))
        (trial.value, trial.reason, trial.deviation) = (row.optionalReal(7), row.text(8), row.optionalReal(9))
        trial.others = json(row.text(10))?.array?.map(\.double) ?? []
        return trial
    }

    static func json(_ text: String) -> JSONValue? {
        do { return try JSONValue(parsing: text) } catch { return nil }
    }

    static func text(_ numbers: [Double]) -> String { JSONValue.array(numbers.map { .number($0) }).text }
}

extension RunStore {
    /// Tuning jobs.
    public var tunings: TuningStore { TuningStore(database) }

    /// The run or tuning job that a user means. A tuning job by its whole name or id, unless a run has that name: a beginning of its name
    /// may be that of its trials.
    public func job(named text: String) throws(StoreError) -> RunID {
        let tuning = try tunings.all().first { $0.name == text || $0.id == text }
        do throws(StoreError) {
            let run = try self.run(named: text)
            if tuning == nil || run.record.name == text { return run.record.id }
        } catch { if tuning == nil { throw error } }
        return RunID(tuning?.id ?? "")
    }

    /// The name of a run or tuning job; nil where there is none of that id.
    public func nameOfJob(_ id: RunID) -> String? {
        do throws(StoreError) {
            if let run = try run(id) { return run.record.name }
            return try tunings.tuning(id: id.text)?.name
        } catch { return nil }
    }
}
