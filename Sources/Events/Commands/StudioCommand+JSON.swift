import JSON

extension StudioCommand {
    /// The command as the owner of a run in another process reads it; nil for those that no other process takes.
    public var wire: (run: RunID, kind: String, body: JSONValue)? {
        switch self {
        case .stopJob(let run): (run, "stopJob", .object([JSONValue.Member]()))
        case .pauseJob(let run): (run, "pauseJob", .object([JSONValue.Member]()))
        case .resumeJob(let run): (run, "resumeJob", .object([JSONValue.Member]()))
        case .changeHyperparameters(let run, let settings):
            (run, "changeHyperparameters", .object(["hyperparameters": JSONValue(settings)]))
        case .profileDataset, .startJob, .continueJob, .forkJob, .reproduceRun, .deleteRun, .restoreRun, .editRun, .editEntity,
            .moveQueued, .startHost:
            nil
        }
    }

    /// Reads a command back; nil if it is of an unknown kind or a member is missing.
    public init?(run: RunID, kind: String, body: JSONValue) {
        switch kind {
        case "stopJob": self = .stopJob(run)
        case "pauseJob": self = .pauseJob(run)
        case "resumeJob": self = .resumeJob(run)
        case "changeHyperparameters":
            guard let settings = body["hyperparameters"]?.strings else { return nil }
            self = .changeHyperparameters(run, settings)
        default: return nil
        }
    }
}
