extension JobStatus {
    /// The status as tables say it.
    public var word: String {
        switch self {
        case .pending: "queued"
        case .inProgress: "running"
        case .paused: "paused"
        case .stopping: "stopping"
        case .stopped: "stopped"
        case .completed: "completed"
        case .failed: "failed"
        }
    }

    /// Running first, done last.
    public var tableOrder: Int {
        switch self {
        case .inProgress: 0
        case .stopping: 1
        case .paused: 2
        case .pending: 3
        case .failed: 4
        case .stopped: 5
        case .completed: 6
        }
    }
}
