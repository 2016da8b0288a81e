import Events
import FindingKinds

/// A class has a fiftieth of another one's rows or less: a model may never say it and lose nothing.
public struct RareClass: FindingRule {
    public static let name = "RareClass"
    public static let summary = "a class is so rare that a model may never say it"
    /// The figure that says whether there is another class to tell, and from where on there is hardly one.
    static let largestShare = "share of the largest", leastLargest = 0.9
    static let kinds: Set<FindingKind> = [.rareClass]

    public init() {}

    static func alert(_ findings: [DataFinding], _ data: TrainingDataSummary, _ run: RunRecord) -> Alert? {
        alert(
            .info, findings,
            cause: "saying the frequent class for every row loses next to nothing, and accuracy does not show it",
            remedies: [
                .init("judge by f1 or pr_auc (--objective validation:f1)"),
                .init("let rare rows count more (--weight COL)"),
            ])
    }
}
