import Databases
import Events

/// AutoML jobs that wait for the workspace's host, or that it carries out.
extension AutoMLStore {
    /// Has a job wait for the host, which carries it out, and takes it up again when it is killed.
    public func enqueue(_ automl: String) throws(StoreError) { try jobs.enqueue(automl) }

    /// Takes a job from the host: whoever carries it out from now on is looked after by somebody else.
    public func leaveHost(_ automl: String) throws(StoreError) { try jobs.leaveHost(automl) }

    /// Ends a job that waits for the host.
    public func end(queued automl: String, _ status: JobStatus, because reason: EndReason) throws(StoreError) {
        try jobs.end(unbegun: automl, status, because: reason)
    }

    /// Jobs for the host to begin or to go on with, oldest first: those that wait, and those whose host was killed.
    public func forHost() throws(StoreError) -> [String] { try jobs.forHost() }

    /// Whether a job ended otherwise than by being stopped.
    public func isOver(_ automl: String) throws(StoreError) -> Bool {
        try database.rows("SELECT status FROM automls WHERE id = ?", [.text(automl)]) { row in
            JobStatus(rawValue: row.text(0)).map { $0.isFinal && $0 != .stopped } ?? true
        }.first ?? true
    }

    /// Jobs that the host has or is to have, oldest first.
    public func ofHost() throws(StoreError) -> [AutoMLRecord] {
        let hosted = try jobs.hosted()
        return try all().reversed().filter { hosted.contains($0.id) && !$0.status.isFinal }
    }
}
