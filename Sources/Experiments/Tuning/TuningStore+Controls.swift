import Databases
import Events

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
    public func rewrite(_ record: TuningRecord, _ trials: [TuningTrial], settling control: Int) throws(StoreError) {
        try database.transaction { () throws(StoreError) in
            try database.run(
                "UPDATE tunings SET objective = ? WHERE id = ?", [.text(record.objective.json.text), .text(record.id)])
            try write(record)
            for trial in trials {
                try database.run(
                    "UPDATE tuning_trials SET point = ?, memory = ? WHERE tuning = ? AND number = ?",
                    [.text(Self.text(trial.point)), .text(Self.text(trial.memory)), .text(record.id), .integer(trial.number)])
                if trial.outcome != nil { try end(trial, of: record.id) }
            }
            try settle(control)
        }
    }

    /// Has a job wait for the workspace's host, which carries it out.
    public func enqueue(_ tuning: String) throws(StoreError) {
        try database.run(
            "UPDATE tunings SET owner = ?, status = ?, reason = '', finished_at = NULL, is_asked_to_stop = 0 WHERE id = ?",
            [.text(ProcessMark.queue.text), .text(JobStatus.pending.rawValue), .text(tuning)])
    }

    /// Ends a job that waits for the host.
    public func end(queued tuning: String, _ status: JobStatus, because reason: EndReason) throws(StoreError) {
        try database.run(
            "UPDATE tunings SET owner = ?, status = ?, reason = ? WHERE id = ? AND owner = ?",
            [
                .text(ProcessMark.current.text), .text(status.rawValue), .text(reason.text), .text(tuning),
                .text(ProcessMark.queue.text),
            ])
    }

    /// Jobs that wait for the host, oldest first.
    public func queued() throws(StoreError) -> [String] {
        try database.rows("SELECT id FROM tunings WHERE owner = ? ORDER BY created_at", [.text(ProcessMark.queue.text)]) {
            $0.text(0)
        }
    }

    /// Whether a living process carries a job out: this one, or another.
    public func isCarriedOut(_ tuning: String) throws(StoreError) -> Bool {
        try owner(of: tuning).map { $0.status?.isFinal == false && $0.mark != .queue && $0.mark.isAlive } ?? false
    }

    /// Whether this process carries it out.
    public func isOurs(_ tuning: String) throws(StoreError) -> Bool {
        try owner(of: tuning).map { $0.status?.isFinal == false && $0.mark == .current } ?? false
    }

    private func owner(of tuning: String) throws(StoreError) -> (mark: ProcessMark, status: JobStatus?)? {
        try database.rows("SELECT owner, status FROM tunings WHERE id = ?", [.text(tuning)]) {
            (ProcessMark(text: $0.text(0)), JobStatus(rawValue: $0.text(1)))
        }.first
    }

    /// A text that is another one as soon as a job or a trial stands otherwise: to find out that another process changed something.
    public func standing() throws(StoreError) -> String {
        let jobs = try database.rows("SELECT id || status || request, owner FROM tunings ORDER BY id") { row in
            "\(row.text(0)) \(ProcessMark(text: row.text(1)).isAlive)"
        }
        let trials = try database.rows("SELECT count(*), count(outcome), coalesce(max(id), 0) FROM tuning_trials") { row in
            "\(row.integer(0)) \(row.integer(1)) \(row.integer(2))"
        }
        return "\(jobs) \(trials)"
    }
}
