import Events
import JSON

/// What the command line says of queued jobs.
enum QueueText {
    /// What a job does or waits for.
    /// - Parameter name: the name of a run; nil where it is gone.
    static func waits(_ job: QueuedJob, in jobs: [QueuedJob], name: (RunID) -> String?) -> String {
        switch job.state {
        case .started: return "trains"
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
            parts.append((job.waitsFor.hasPrefix("memory") ? "waits for " : "") + job.waitsFor)
        }
        if parts.isEmpty {
            let waiting = jobs.filter { $0.state == .waiting }.sorted(by: QueuedJob.isBefore)
            let place = (waiting.firstIndex { $0.run == job.run } ?? 0) + 1
            parts.append(place == 1 ? "next" : "\(place - 1) before it")
        }
        return parts.joined(separator: ", ")
    }

    static func json(_ run: RunSummary, _ job: QueuedJob?) -> JSONValue {
        let members: [JSONValue.Member] = [
            .init("kind", .string("jobQueued")), .init("run", .string(run.record.id.text)),
            .init("name", .string(run.record.name)), .init("algorithm", .string(run.record.algorithm)),
            .init("status", .string(run.status.rawValue)),
        ]
        let own = (job?.json.members ?? []).filter { $0.name != "run" }
        return .object(members + own)
    }
}
