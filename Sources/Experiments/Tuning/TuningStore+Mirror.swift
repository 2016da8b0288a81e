import Databases
import Events
import JSON

/// What a tuning job of another place is called here, and where it is from.
public struct MirroredTuning: Hashable, Sendable {
    /// What it is called there.
    public let remote: String
    public let place: String
    public var id: String { "\(remote)@\(place)" }

    public init(_ remote: String, place: String) { (self.remote, self.place) = (remote, place) }

    /// nil for a job of this workspace.
    public init?(id: String) {
        let parts = id.split(separator: "@", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { return nil }
        self.init(parts[0], place: parts[1])
    }
}

extension TuningStore {
    /// Writes a job of another place as it stands there. Of two of one name the later one says where it is.
    func mirror(
        _ record: TuningRecord, _ trials: [TuningTrial], _ confirmations: [TuningConfirmation], place: String
    ) throws(StoreError) {
        var name = record.name
        for other in [record.name, "\(record.name)@\(place)", "\(record.name)@\(record.id)"] {
            name = other
            let taken = try database.rows(
                "SELECT 1 FROM tunings WHERE name = ? AND id <> ?", [.text(other), .text(record.id)]
            ) { $0.integer(0) }
            if taken.isEmpty { break }
        }
        let sql = """
            INSERT INTO tunings (id, name, request, objective, status, reason, created_at, finished_at, spent_seconds, owner,
                is_asked_to_stop) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 0)
            ON CONFLICT(id) DO UPDATE SET name = ?2, request = ?3, objective = ?4, status = ?5, reason = ?6, finished_at = ?8,
                spent_seconds = ?9
            """
        try database.run(
            sql,
            [
                .text(record.id), .text(name), .text(record.request.json.text), .text(record.objective.json.text),
                .text(record.status.rawValue), .text(record.reason.text), .real(record.createdAt), .optional(record.finishedAt),
                .real(record.spentSeconds),
                .text(ProcessMark.elsewhere.text),
            ])
        for trial in trials {
            try database.run(
                "DELETE FROM tuning_trials WHERE tuning = ? AND number = ?", [.text(record.id), .integer(trial.number)])
            try add(trial, to: record.id)
            try end(trial, of: record.id)
        }
        try database.run("DELETE FROM tuning_confirmations WHERE tuning = ?", [.text(record.id)])
        for again in confirmations {
            try add(again, to: record.id)
            try end(again, of: record.id)
        }
    }

    /// Removes the jobs of a place that are not there any more.
    /// - Parameter ids: what those that are there are called there.
    func keepMirrored(_ ids: [String], of place: String) throws(StoreError) {
        let kept = Set(ids)
        for id in try database.rows("SELECT id FROM tunings", [], { $0.text(0) }) {
            guard let job = MirroredTuning(id: id), job.place == place, !kept.contains(job.remote) else { continue }
            try remove(id)
        }
    }
}
