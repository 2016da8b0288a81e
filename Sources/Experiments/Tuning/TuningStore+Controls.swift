import Databases
import Events
import JSON

/// What is asked of tuning jobs, by whatever process: it waits in the workspace until whoever has the job has done it.
extension TuningStore {
    /// Has whoever carries a job out do something, or whoever takes it up next.
    public func ask(_ control: TuningControl, of tuning: String) throws(StoreError) {
        try database.run(
            "INSERT INTO tuning_controls (tuning, body) VALUES (?, ?)", [.text(tuning), .text(control.json.text)])
    }

    /// What was asked and is not done yet, oldest first; nil stands for what this version does not know.
    public func controls(of tuning: String) throws(StoreError) -> [(id: Int, control: TuningControl?)] {
        try database.rows("SELECT id, body FROM tuning_controls WHERE tuning = ? ORDER BY id", [.text(tuning)]) { row in
            (row.integer(0), Self.json(row.text(1)).flatMap(TuningControl.init(json:)))
        }
    }

    /// Forgets what was done, or refused.
    public func settle(_ control: Int) throws(StoreError) {
        try database.run("DELETE FROM tuning_controls WHERE id = ?", [.integer(control)])
    }

    /// Keeps a trial that somebody asked for: never twice, whoever is killed meanwhile.
    public func add(_ trial: TuningTrial, to tuning: String, settling control: Int) throws(StoreError) {
        try database.transaction { () throws(StoreError) in
            try add(trial, to: tuning)
            try settle(control)
        }
    }

    /// Keeps what is searched from now on, and where its trials stand in that.
    /// - Parameter forgetsConfirmations: whether what the best was worth on fresh seeds means nothing any more.
    public func rewrite(
        _ record: TuningRecord, _ trials: [TuningTrial], settling control: Int, forgetsConfirmations: Bool = false
    ) throws(StoreError) {
        try database.transaction { () throws(StoreError) in
            if forgetsConfirmations {
                try database.run("DELETE FROM tuning_confirmations WHERE tuning = ?", [.text(record.id)])
            }
            try database.run(
                "UPDATE tunings SET objective = ? WHERE id = ?", [.text(record.objective.json.text), .text(record.id)])
            try write(record)
            for trial in trials {
                try database.run(
                    "UPDATE tuning_trials SET point = ?, memory = ?, hyperparameters = ? WHERE tuning = ? AND number = ?",
                    [
                        .text(Self.text(trial.point)), .text(Self.text(trial.memory)), .text(JSONValue(trial.values).text),
                        .text(record.id), .integer(trial.number),
                    ])
                if trial.outcome != nil { try end(trial, of: record.id) }
            }
            try settle(control)
        }
    }

    /// Has a job wait for the workspace's host, which carries it out, and takes it up again when it is killed.
    /// - Parameter conditions: what must be before it begins.
    public func enqueue(_ tuning: String, _ conditions: QueueConditions = QueueConditions()) throws(StoreError) {
        try database.run("UPDATE tunings SET conditions = ? WHERE id = ?", [.text(conditions.json.text), .text(tuning)])
        try jobs.enqueue(tuning)
    }

    /// Takes a job from the host: whoever carries it out from now on is looked after by somebody else.
    public func leaveHost(_ tuning: String) throws(StoreError) { try jobs.leaveHost(tuning) }

    /// Ends a job that waits for the host.
    public func end(queued tuning: String, _ status: JobStatus, because reason: EndReason) throws(StoreError) {
        try jobs.end(unbegun: tuning, status, because: reason)
    }

    /// Jobs for the host to begin or to go on with, oldest first, each with what must be before it begins: those that wait, and those
    /// whose host was killed.
    public func forHost() throws(StoreError) -> [(tuning: String, conditions: QueueConditions)] {
        let conditions = try conditions()
        return try jobs.forHost().map { ($0, conditions[$0] ?? QueueConditions()) }
    }

    /// Jobs that wait for the host or that it carries out, oldest first.
    public func ofHost() throws(StoreError) -> [(record: TuningRecord, conditions: QueueConditions)] {
        let hosted = try jobs.hosted(), conditions = try conditions()
        return try all().reversed().filter { hosted.contains($0.id) && !$0.status.isFinal }
            .map { ($0, conditions[$0.id] ?? QueueConditions()) }
    }

    private func conditions() throws(StoreError) -> [String: QueueConditions] {
        let known = try database.rows("SELECT id, conditions FROM tunings WHERE is_hosted = 1") { row in
            (row.text(0), QueueConditions(json: Self.json(row.text(1)) ?? .null))
        }
        return Dictionary(known) { $1 }
    }

    /// How many of a job's trials ended.
    public func endedCount(of tuning: String) throws(StoreError) -> Int {
        try database.rows("SELECT count(outcome) FROM tuning_trials WHERE tuning = ?", [.text(tuning)]) { $0.integer(0) }.first
            ?? 0
    }

    /// A text that is another one as soon as a job or a trial stands otherwise: to find out that another process changed something.
    public func standing() throws(StoreError) -> String {
        let jobs = try database.rows("SELECT id || status || request, owner FROM tunings ORDER BY id") { row in
            "\(row.text(0)) \(ProcessMark(text: row.text(1)).isAlive)"
        }
        let trials = try database.rows("SELECT count(*), count(outcome), coalesce(max(id), 0) FROM tuning_trials") { row in
            "\(row.integer(0)) \(row.integer(1)) \(row.integer(2))"
        }
        let again = try database.rows("SELECT count(*), count(outcome) FROM tuning_confirmations") { row in
            "\(row.integer(0)) \(row.integer(1))"
        }
        return "\(jobs) \(trials) \(again)"
    }
}
