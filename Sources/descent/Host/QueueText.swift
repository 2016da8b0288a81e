import Events
import JSON

/// What the command line says of queued jobs.
enum QueueText {
    /// What a job does or waits for.
    /// - Parameter name: the name of a run; nil where it is gone.
    static func waits(_ job: QueuedJob, of run: RunSummary? = nil, in jobs: [QueuedJob], name: (RunID) -> String?) -> String {
        switch job.state {
        case .started: return run?.status == .paused ? "paused" : run?.status.isFinal == true ? "waits for a host" : "trains"
        case .starting: return "starts"
        case .held, .waiting: break
        }
        var parts: [String] = []
        if job.state == .held { parts.append("held") }
        let conditions = job.conditions
        if job.waitsFor.isEmpty, !conditions.isEmpty {
            parts += conditions.after.map { "after \(name($0) ?? $0.text)" }
            if let time = conditions.startAt { parts.append("at \(LocalTime.short(time))") }
        } else if !job.waitsFor.isEmpty {
            // When that is the reader's own clock says.
            let at = conditions.startAt.flatMap { job.waitsFor.hasPrefix("at ") ? "at \(LocalTime.short($0))" : nil }
            parts.append(at ?? (job.lacks == nil ? "" : "waits for ") + job.waitsFor)
        }
        if parts.isEmpty {
            let waiting = jobs.filter { $0.state == .waiting }.sorted(by: QueuedJob.isBefore)
            let place = (waiting.firstIndex { $0.run == job.run } ?? 0) + 1
            parts.append(place == 1 ? "next" : "\(place - 1) before it")
        }
        return parts.joined(separator: ", ")
    }

    /// What a tuning job does or waits for.
    static func waits(_ tuning: TuningRecord, _ conditions: QueueConditions, ended: Int, name: (RunID) -> String?) -> String {
        let trials = "\(ended) of \(tuning.request.maxJobs) trials"
        guard tuning.status == .pending else { return (tuning.status == .paused ? "paused, " : "searches, ") + trials }
        let after = conditions.after.map { "after \(name($0) ?? $0.text)" }.joined(separator: ", ")
        return (after.isEmpty ? "waits for a host" : after) + (ended == 0 ? "" : ", \(trials)")
    }

    /// What an AutoML job does or waits for.
    static func waits(_ automl: AutoMLRecord, ended: Int) -> String {
        let count = "\(ended) candidate\(ended == 1 ? "" : "s")"
        return automl.status == .pending ? "waits for a host" + (ended == 0 ? "" : ", \(count)") : "tries models, \(count)"
    }

    static func json(_ automl: AutoMLRecord, ended: Int) -> JSONValue {
        .object([
            "kind": .string("autoMLQueued"), "automl": .string(automl.id), "name": .string(automl.name),
            "status": .string(automl.status.rawValue), "candidates": .integer(ended),
        ])
    }

    static func json(_ tuning: TuningRecord, _ conditions: QueueConditions, ended: Int) -> JSONValue {
        let members: [JSONValue.Member] = [
            .init("kind", .string("tuningQueued")), .init("tuning", .string(tuning.id)), .init("name", .string(tuning.name)),
            .init("algorithm", .string(tuning.request.job.algorithm)), .init("status", .string(tuning.status.rawValue)),
            .init("trials", .integer(ended)), .init("maxJobs", .integer(tuning.request.maxJobs)),
        ]
        return .object(members + (conditions.json.members ?? []))
    }

    static func json(_ run: RunSummary, _ job: QueuedJob?) -> JSONValue {
        let members: [JSONValue.Member] = [
            .init("kind", .string(job == nil ? "jobLeftQueue" : "jobQueued")), .init("run", .string(run.record.id.text)),
            .init("name", .string(run.record.name)), .init("algorithm", .string(run.record.algorithm)),
            .init("status", .string(run.status.rawValue)),
        ]
        let own = (job?.json.members ?? []).filter { $0.name != "run" }
        return .object(members + own)
    }
}
