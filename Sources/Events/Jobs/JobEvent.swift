import JSON

/// What happened to a job, which trains a run.
public enum JobEvent: EventDomain {
    /// It entered another status or phase. The first follows `RunEvent.registered`; a final one is followed by `finished`.
    case statusChanged(JobStatusChange)
    /// How far and how fast it is. Posted about four times a second while it trains.
    case progressReported(JobProgress)
    /// A checkpoint is safely on disk. Posted after its file was renamed into place.
    case checkpointSaved(CheckpointSaved)
    /// What is about to be trained on and in which order. Posted once, after preparing and before the first step.
    case trainingDataSummarised(TrainingDataSummary)
    /// How the training data was read. Posted while it prepares, before training.
    case dataRead(DataReading)
    /// Something about the data that the user should know. Posted while it prepares, before training.
    case dataWarned(DataWarning)
    /// Hyperparameters were changed while it runs. Posted once a change, before the first step it holds for.
    case hyperparametersChanged(HyperparameterChange)
    /// It ended, whatever way. Posted exactly once each time a job runs, as its last event.
    case finished(JobResult)
}

extension EventName {
    public static let jobStatusChanged = EventName("jobStatusChanged")
    public static let progressReported = EventName("progressReported")
    public static let checkpointSaved = EventName("checkpointSaved")
    public static let trainingDataSummarised = EventName("trainingDataSummarised")
    public static let dataRead = EventName("dataRead")
    public static let dataWarned = EventName("dataWarned")
    public static let hyperparametersChanged = EventName("hyperparametersChanged")
    public static let jobFinished = EventName("jobFinished")
}

extension JobEvent {
    public var name: EventName {
        switch self {
        case .statusChanged: .jobStatusChanged
        case .progressReported: .progressReported
        case .checkpointSaved: .checkpointSaved
        case .trainingDataSummarised: .trainingDataSummarised
        case .dataRead: .dataRead
        case .dataWarned: .dataWarned
        case .hyperparametersChanged: .hyperparametersChanged
        case .finished: .jobFinished
        }
    }

    public var members: [JSONValue.Member] {
        switch self {
        case .statusChanged(let payload): payload.json.members ?? []
        case .progressReported(let payload): payload.json.members ?? []
        case .checkpointSaved(let payload): payload.json.members ?? []
        case .trainingDataSummarised(let payload): payload.json.members ?? []
        case .dataRead(let payload): payload.json.members ?? []
        case .dataWarned(let payload): payload.json.members ?? []
        case .hyperparametersChanged(let payload): payload.json.members ?? []
        case .finished(let payload): payload.json.members ?? []
        }
    }

    public init?(name: EventName, json: JSONValue) {
        switch name {
        case .jobStatusChanged: self.init(JobStatusChange(json: json), Self.statusChanged)
        case .progressReported: self.init(JobProgress(json: json), Self.progressReported)
        case .checkpointSaved: self.init(CheckpointSaved(json: json), Self.checkpointSaved)
        case .trainingDataSummarised: self.init(TrainingDataSummary(json: json), Self.trainingDataSummarised)
        case .dataRead: self.init(DataReading(json: json), Self.dataRead)
        case .dataWarned: self.init(DataWarning(json: json), Self.dataWarned)
        case .hyperparametersChanged: self.init(HyperparameterChange(json: json), Self.hyperparametersChanged)
        case .jobFinished: self.init(JobResult(json: json), Self.finished)
        default: return nil
        }
    }
}
