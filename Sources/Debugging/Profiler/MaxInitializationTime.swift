import Events
import Hyperparameters

/// It takes long until the first step.
public struct MaxInitializationTime: ParameterisedRule {
    public static let name = "MaxInitializationTime"
    public static let summary = "it takes long until the first step"
    public static let clears = true
    public static let parameters = [Hyperparameter("threshold", .positive, default: "20", "minutes until the first step")]
    private let threshold: Double
    private var start: Double?
    private var hasBegun = false, isRaised = false

    public init(_ parameters: RuleParameters) { threshold = parameters.number("threshold") }

    public var looksAtProfile: Bool { true }
    public var looksAtClock: Bool { !hasBegun }
    public var waits: RuleWait? { hasBegun ? nil : RuleWait(0, of: 1, "steps") }

    public mutating func observe(_ input: RuleInput, of run: RunRecord) -> RuleFinding? {
        switch input {
        case .clock(let time):
            let start = start ?? time
            self.start = start
            return look(time - start)
        case .profiled(let slice):
            let start = min(start ?? .infinity, slice.startTime)
            self.start = start
            guard !hasBegun else { return nil }
            hasBegun = slice.stepCount > 0
            // Where nobody told the time, the first slice knows it.
            if !hasBegun, let spent = slice.spent[.start] { return look(max(spent, slice.wallTime - start)) }
            guard hasBegun, isRaised else { return nil }
            return RuleFinding(.cleared("it trains now"))
        default: return nil
        }
    }

    private mutating func look(_ seconds: Double) -> RuleFinding? {
        guard !hasBegun, !isRaised, seconds > 60 * threshold else { return nil }
        isRaised = true
        return RuleFinding(
            Alert(
                rule: Self.name, severity: .info, step: 0, summary: "no step after \(rounded(seconds / 60)) minutes",
                evidence: [.init("minutes", seconds / 60), .init("threshold", threshold)],
                cause: "reading and preparing the data, or starting the program, takes that long",
                remedies: [
                    .init("read a part of the rows first (--rows), or a file of columns such as Parquet"),
                    .init("read rows while it trains instead of all of them before"),
                ]))
    }
}
