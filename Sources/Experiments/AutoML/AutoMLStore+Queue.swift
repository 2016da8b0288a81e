import Databases
import Events

/// AutoML jobs that wait for the workspace's host, or that it carries out.
extension AutoMLStore {
    /// Has a job wait for the host, which carries it out, and takes it up again when it is killed.
    public func enqueue(_ automl: String) throws(StoreError) {
        let sql = """
            UPDATE automls SET owner = ?, status = ?, reason = '', finished_at = NULL, is_asked_to_stop = 0, is_hosted = 1 WHERE id = ?
            """
        try database.run(sql, [.text(ProcessMark.queue.text), .text(JobStatus.pending.rawValue), .text(automl)])
    }

    /// Takes a job from the host: whoever carries it out from now on is looked after by somebody else.
    public func leaveHost(_ automl: String) throws(StoreError) {
        try database.run("UPDATE automls SET is_hosted = 0 WHERE id = ?", [.text(automl)])
    }

    /// Ends a job that waits for the host.
    public func end(queued automl: String, _ status: JobStatus, because reason: EndReason) throws(StoreError) {
        try database.run(
            "UPDATE automls SET owner = ?, status = ?, reason = ? WHERE id = ? AND owner = ?",
            [
                .text(ProcessMark.current.text), .text(status.rawValue), .text(reason.text), .text(automl),
                .text(ProcessMark.queue.text),
            ])
    }

    /// Jobs for the host to begin or to go on with, oldest first: those that wait, and those whose host was killed.
    public func forHost() throws(StoreError) -> [String] {
        let sql = "SELECT id, owner, status FROM automls WHERE is_hosted = 1 ORDER BY created_at"
        return try database.rows(sql) { row -> String? in
            let owner = ProcessMark(text: row.text(1)), isOver = JobStatus(rawValue: row.text(2))?.isFinal ?? true
            return !isOver && (owner == .queue || !owner.isAlive) ? row.text(0) : nil
        }.compactMap { $0 }
    }

    /// Whether a job ended otherwise than by being stopped.
    public func isOver(_ automl: String) throws(StoreError) -> Bool {
        try database.rows("SELECT status FROM automls WHERE id = ?", [.text(automl)]) { row in
            JobStatus(rawValue: row.text(0)).map { $0.isFinal && $0 != .stopped } ?? true
        }.first ?? true
    }

    /// Jobs that the host has or is to have, oldest first.
    public func ofHost() throws(StoreError) -> [AutoMLRecord] {
        let hosted = Set(try database.rows("SELECT id FROM automls WHERE is_hosted = 1") { $0.text(0) })
        return try all().reversed().filter { hosted.contains($0.id) && !$0.status.isFinal }
    }
}
