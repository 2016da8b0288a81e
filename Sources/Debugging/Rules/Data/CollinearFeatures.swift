import Events
import FindingKinds

/// One feature follows from another, in a linear model without a penalty: their weights may be anything that adds up.
public struct CollinearFeatures: FindingRule {
    public static let name = "CollinearFeatures"
    public static let summary = "a feature follows from another one, and nothing decides between their weights"
    static let kinds: Set<FindingKind> = [.collinear]

    public init() {}

    static func alert(_ findings: [DataFinding], _ data: TrainingDataSummary, _ run: RunRecord) -> Alert? {
        guard run.algorithm == "linear-learner",
            ["wd", "l1"].allSatisfy({ run.hyperparameters[$0].flatMap(Double.init) == 0 })
        else { return nil }
        let second = findings.flatMap(\.columns).dropFirst().prefix(1)
        return alert(
            .info, findings,
            cause: "the two weights are not determined: predictions hold, weights say nothing, and steps take longer",
            remedies: [
                .init("a small penalty decides between them", set: ["wd": "0.001"]),
                .init("leave one of them out (\(dropOptions(Array(second))))"),
            ])
    }
}
