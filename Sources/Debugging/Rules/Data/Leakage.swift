import Events

/// A column tells the target by itself, on rows that it was not learned from: what a model makes of it is no achievement.
public struct Leakage: FindingRule {
    public static let name = "Leakage"
    public static let summary = "a column tells the target by itself"
    static let kinds: Set = ["leakage"]

    public init() {}

    static func alert(_ findings: [DataFinding], _ data: TrainingDataSummary, _ run: RunRecord) -> Alert? {
        let columns = findings.flatMap(\.columns)
        let (it, they) = columns.count == 1 ? ("it", "it is") : ("them", "they are")
        return alert(
            .issue, findings,
            cause: "the model reads \(data.target ?? "the target") off \(it): as good as it will look, it is no use where "
                + "\(it == "it" ? "that column is" : "those columns are") not known before the outcome",
            remedies: [.init("leave \(it) out (\(dropOptions(columns))) unless \(they) known before the outcome")])
    }
}
