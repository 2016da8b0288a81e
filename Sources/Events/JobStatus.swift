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

/// The finer phase of a job in progress, in SageMaker's words (`Downloading` is `Preparing` here, `Uploading` is `Saving`).
public enum JobPhase: String, Hashable, Sendable, CaseIterable {
    case starting = "Starting"
    case preparing = "Preparing"
    case training = "Training"
    case saving = "Saving"
}
