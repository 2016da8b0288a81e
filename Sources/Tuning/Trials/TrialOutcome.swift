/// How a trial ended.
public enum TrialOutcome: Sendable, Hashable {
    /// With a value of the objective; one that is no finite number counts as a failure.
    case finished(Double)
    /// Without one.
    case failed
    /// Before its time, with the value it had then.
    case stopped(Double?)

    var value: Double? {
        switch self {
        case .finished(let value): value.isFinite ? value : nil
        case .stopped(let value): value.flatMap { $0.isFinite ? $0 : nil }
        case .failed: nil
        }
    }
}
