/// Why an AutoML job tries no more candidates.
public enum AutoMLEnding: String, Sendable, CaseIterable {
    case timeLimit = "MaxRuntimeExceeded"
    case maxCandidates = "MaxCandidatesReached"
    /// As a search for hyperparameters has it.
    case maxTrials = "MaxJobs"
    case nothingMore = "NoImprovement"
    case allTried = "AllTried"

    public init?(_ reason: EndReason) { self.init(rawValue: reason.text) }

    public var reason: EndReason { EndReason(rawValue) }

    public var words: String {
        switch self {
        case .timeLimit: "time is over"
        case .maxCandidates, .maxTrials: "as many candidates as were allowed"
        case .nothingMore: "more candidates bring nothing"
        case .allTried: "all candidates tried"
        }
    }
}
