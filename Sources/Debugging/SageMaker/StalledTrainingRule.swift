import Events
import Hyperparameters

/// SageMaker's rule: nothing was recorded for `threshold` seconds.
public struct StalledTrainingRule: ParameterisedRule {
    public static let name = "StalledTrainingRule"
    public static let summary = "nothing has been recorded for a long time"
    public static let clears = true
    public static let parameters = [
        Hyperparameter("threshold", .positive, default: "1800", "seconds without anything recorded")
    ]
    private let threshold: Double
    private var last: (time: Double, step: Int)?
    private var isRaised = false

    public init(_ parameters: RuleParameters) { threshold = parameters.number("threshold") }

    public static func wants(_ metric: MetricName, of run: RunRecord) -> Bool { true }

    public var looksAtClock: Bool { true }

    public mutating func observe(_ input: RuleInput, of run: RunRecord) -> RuleFinding? {
        switch input {
        case .samples(let stretch):
            return stretch.firstVerdict { sample in
                defer { last = (sample.wallTime, sample.step) }
                if isRaised {
                    isRaised = false
                    return .cleared("it records again")
                }
                return look(at: sample.wallTime)
            }
        case .clock(let time): return isRaised ? nil : look(at: time).map { RuleFinding($0) }
        default: return nil
        }
    }

    private mutating func look(at time: Double) -> RuleVerdict? {
        guard let last, time - last.time > threshold else { return nil }
        isRaised = true
        let seconds = time - last.time
        return .raised(
            Alert(
                rule: Self.name, severity: .warning, step: last.step,
                summary: "nothing was recorded for \(rounded(seconds)) seconds",
                evidence: [.init("seconds", seconds), .init("threshold", threshold)],
                cause: "it waits for data, for a lock, or for the disk",
                remedies: [.init("look at what it does: its log, the data loader, the disk, the network")]))
    }
}
