import Events
import Hyperparameters
import JSON

/// The rows arrive in an order that has to do with the target, and are fed in that order.
///
/// The statistic counts neighbours with equal labels against chance (Wald-Wolfowitz); for a numeric target it is the lag-1
/// autocorrelation times the root of the row count. Over 4 it is no chance: shuffled sets stay under 3.3.
public struct DataOrder: ParameterisedRule {
    public static let name = "DataOrder"
    public static let summary = "rows are fed in an order that has to do with the target"
    public static let parameters = [
        Hyperparameter("threshold", .positive, default: "4", "the z from which on an order is no chance")
    ]
    /// Unless it is set otherwise.
    static let threshold = 4.0
    private let limit: Double

    public init(_ parameters: RuleParameters) { limit = parameters.number("threshold") }

    /// Of scripts it looks at the labels of batches.
    public static let observed: Set = ["labels"]

    public mutating func observe(_ input: RuleInput, of run: RunRecord) -> RuleFinding? {
        if case .observed(let seen) = input { return BatchLabels.alert(seen).map { RuleFinding($0) } }
        guard case .trainingData(let data) = input, !data.isShuffled, data.orderZ > limit else { return nil }
        let target = data.target ?? "the target"
        let alert = Alert(
            rule: Self.name, severity: .issue, step: 0,
            summary: "rows arrive sorted by \(target) (z = \(rounded(data.orderZ)) > \(JSONValue.text(limit)))",
            evidence: [
                .init("z", data.orderZ), .init("threshold", limit), .init("rows", Double(data.rowCount)),
            ],
            cause: "training sees one kind of row at a time and forgets the others",
            remedies: [.init("shuffle the rows before each epoch", set: ["shuffle": "true"])],
            sampleSize: data.rowCount, errorRate: 3e-5)
        return RuleFinding(alert)
    }
}
