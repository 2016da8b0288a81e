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

extension ForkPlace {
    /// What `init` reads back.
    public var text: String {
        switch self {
        case .newest: "newest"
        case .best: "best"
        case .notAfter(let step): String(step)
        }
    }
}
