/// Where a run is forked.
public enum ForkPlace: Hashable, Sendable {
    /// The newest checkpoint.
    case newest
    /// The newest checkpoint that is not after a step.
    case notAfter(Int)
    /// The best evaluation so far.
    case best

    /// Reads `newest`, `best` or a step.
    public init?(_ text: String) {
        switch text {
        case "newest": self = .newest
        case "best": self = .best
        default:
            guard let step = Int(text), step >= 0 else { return nil }
            self = .notAfter(step)
        }
    }
}

/// The places where a run can be forked.
public struct ForkPlaces: Hashable, Sendable {
    /// Steps of the checkpoints, newest first.
    public var steps: [Int]
    /// Step of the best evaluation, when the newest checkpoint holds one.
    public var bestStep: Int?

    public init(steps: [Int], bestStep: Int?) {
        self.steps = steps
        self.bestStep = bestStep
    }
}
