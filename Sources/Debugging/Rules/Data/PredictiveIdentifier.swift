import Events
import FindingKinds

/// A column that only names the rows is learned from, and tells the target: the rows were numbered in the target's order.
public struct PredictiveIdentifier: FindingRule {
    public static let name = "PredictiveIdentifier"
    public static let summary = "a column that names the rows tells the target"
    static let kinds: Set<FindingKind> = [.identifier]

    public init() {}

    static func alert(_ findings: [DataFinding], _ data: TrainingDataSummary, _ run: RunRecord) -> Alert? {
        alert(
            .warning, findings,
            cause: "the rows were numbered in an order that has to do with the target, which new rows will not keep",
            remedies: [.init("do not learn from it (\(dropOptions(findings.flatMap(\.columns))))")])
    }
}
