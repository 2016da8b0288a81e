import Events
import FindingKinds

/// A number stands for missing values, and is learned from as if it were one.
///
/// Trees split it off and lose nothing, so that it is a remark for them.
public struct SentinelValues: FindingRule {
    public static let name = "SentinelValues"
    public static let summary = "a number such as -999 stands for missing values"
    static let kinds: Set<FindingKind> = [.sentinel]

    public init() {}

    static func alert(_ findings: [DataFinding], _ data: TrainingDataSummary, _ run: RunRecord) -> Alert? {
        let values = findings.compactMap { $0.figures.first?.value }
        var texts: [String] = []
        for value in values.map({ $0 == $0.rounded() && abs($0) < 1e15 ? format(whole: $0) : "\($0)" })
        where !texts.contains(value) {
            texts.append(value)
        }
        return alert(
            usesScale(run) ? .warning : .info, findings,
            cause: "the model takes it for a quantity: it widens the column's scale and pulls every row that has it",
            remedies: [.init("read it as missing (--missing \(texts.joined(separator: ",")))")])
    }

    private static func format(whole value: Double) -> String {
        let text = "\(value)"
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}
