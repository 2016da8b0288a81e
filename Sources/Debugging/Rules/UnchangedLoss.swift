import Events
import Glibc

/// A script's validation loss is the same to the last digit since the first evaluation: its weights do not change.
///
/// Speaks at the fifth such evaluation. Values of fewer than five digits may be rounded, and say nothing.
public struct UnchangedLoss: Rule {
    public static let name = "UnchangedLoss"
    public static let summary = "a script's loss is the same to the last digit each time: its weights do not change"
    private static let needed = 5

    private var first: Double?
    private var count = 0
    private var hasChanged = false

    public init() {}

    public func inapplicable(to run: RunRecord) -> String? { run.request.isScript ? nil : "it looks at scripts" }

    public var waits: RuleWait? { count < Self.needed ? RuleWait(count, of: Self.needed, "evaluations of a script") : nil }

    public static func wants(_ metric: MetricName, of run: RunRecord) -> Bool {
        run.request.isScript && metric == .validationLoss
    }

    public mutating func observe(_ input: RuleInput, of run: RunRecord) -> RuleFinding? {
        guard case .samples(let stretch) = input, !hasChanged else { return nil }
        return stretch.firstFinding { sample in
            count += 1
            let start = first ?? sample.value
            first = start
            guard sample.value == start, start.isFinite, start != 0 else {
                hasChanged = true
                return nil
            }
            guard count == Self.needed, !Self.isShort(start) else { return nil }
            return Alert(
                rule: Self.name, severity: .issue, step: sample.step,
                summary: "validation loss is \(rounded(start)) to the last digit in all \(count) evaluations",
                evidence: [.init("validation loss", start), .init("equal evaluations", Double(count))],
                cause:
                    "the weights do not change: the optimiser never steps, does not hold the model's parameters, or they are frozen",
                remedies: [
                    .init("call the optimiser's step after the backward pass"),
                    .init("give the optimiser the parameters of the model that is trained, and let them require gradients"),
                ], sampleSize: count)
        }
    }

    /// Whether a number has four significant digits at most.
    private static func isShort(_ value: Double) -> Bool {
        let unit = pow(10, 3 - floor(log10(abs(value))))
        let scaled = value * unit
        return abs(scaled - scaled.rounded()) < 1e-6
    }
}
