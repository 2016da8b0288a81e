import Events
import FindingKinds

/// A column tells the target by itself, on rows that it was not learned from: what a model makes of it is no achievement.
public struct Leakage: FindingRule {
    public static let name = "Leakage"
    public static let summary = "a column tells the target by itself"
    static let kinds: Set<FindingKind> = [.leakage, .possibleLeakage]

    public init() {}

    static func alert(_ all: [DataFinding], _ data: TrainingDataSummary, _ run: RunRecord) -> Alert? {
        let sure = all.filter { $0.kind == .leakage }
        guard !sure.isEmpty else { return suspicion(all, data) }
        let findings = sure + all.filter { $0.kind != .leakage }
        let columns = findings.flatMap(\.columns)
        let (it, they) = columns.count == 1 ? ("it", "it is") : ("them", "they are")
        return alert(
            .issue, findings,
            cause: "the model reads \(data.target ?? "the target") off \(it): as good as it will look, it is no use where "
                + "\(it == "it" ? "that column is" : "those columns are") not known before the outcome",
            remedies: [.init("leave \(it) out (\(dropOptions(columns))) unless \(they) known before the outcome")])
    }

    /// Of a column that may be honest: a test, a first guess.
    private static func suspicion(_ findings: [DataFinding], _ data: TrainingDataSummary) -> Alert? {
        let columns = findings.flatMap(\.columns), target = data.target ?? "the target"
        return alert(
            .info, findings,
            cause:
                "what is measured is wrong about some kind of rows, and a copy of \(target) with errors about rows of every kind alike, as "
                + "here: it may have been written down after the outcome",
            remedies: [
                .init("ask when \(columns.first ?? "it") is known; if after the outcome, leave it out (\(dropOptions(columns)))")
            ])
    }
}
