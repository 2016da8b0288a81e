import JSON

/// The status and phase that a job entered, and why.
public struct JobStatusChange: Sendable, Hashable {
    public var status: JobStatus
    public var phase: JobPhase?
    public var reason: EndReason
    /// Steps the job will take if nothing stops it early; 0 = not known yet.
    public var plannedSteps: Int
    /// How good the model is that was kept, of a job that ended. Not in the wire form: `jobFinished`, which follows, has it.
    public var evaluation: ModelEvaluation?

    public init(status: JobStatus, phase: JobPhase? = nil, reason: EndReason = .unsaid, plannedSteps: Int = 0) {
        self.status = status
        self.phase = phase
        self.reason = reason
        self.plannedSteps = plannedSteps
    }
}

extension JobStatusChange {
    var json: JSONValue {
        .object([
            "status": .string(status.rawValue), "phase": phase.map { .string($0.rawValue) }, "reason": .string(reason.text),
            "plannedSteps": .integer(plannedSteps),
        ])
    }

    init?(json: JSONValue) {
        guard let status = json["status"]?.string.flatMap(JobStatus.init), let reason = json["reason"]?.string,
            let plannedSteps = json["plannedSteps"]?.integer
        else { return nil }
        let phase = json["phase"]?.string.flatMap(JobPhase.init)
        self.init(status: status, phase: phase, reason: EndReason(reason), plannedSteps: plannedSteps)
    }
}
