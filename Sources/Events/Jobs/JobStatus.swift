/// What a training job is doing, in SageMaker's words, and `Paused`.
public enum JobStatus: String, Hashable, Sendable, CaseIterable {
    case pending = "Pending"
    case inProgress = "InProgress"
    case paused = "Paused"
    case stopping = "Stopping"
    case stopped = "Stopped"
    case completed = "Completed"
    case failed = "Failed"

    /// Whether nothing more will happen to the job unless somebody resumes it.
    public var isFinal: Bool { self == .stopped || self == .completed || self == .failed }
}
