import Events
import FindingKinds

/// Columns are distributed otherwise in the rows that judge than in those that are learned from.
///
/// Where rows are held out in an order or by groups, that is what the model will meet, and a remark; in another file it is a warning.
public struct DataShift: FindingRule {
    public static let name = "DataShift"
    public static let summary = "the rows that judge are of another kind than those that are learned from"
    static let kinds: Set<FindingKind> = [.shift]

    public init() {}

    static func alert(_ findings: [DataFinding], _ data: TrainingDataSummary, _ run: RunRecord) -> Alert? {
        let columns = findings.flatMap(\.columns), isOtherFile = run.request.validationPath != nil
        let isTarget = data.target.map(columns.contains) ?? false
        return alert(
            isOtherFile ? .warning : .info, findings,
            cause: isTarget && columns.count == 1
                ? "the outcome itself is distributed otherwise there: a model's average is off by as much"
                : "what is learned of the one kind of rows need not hold for the other",
            remedies: [
                isOtherFile
                    ? .init(
                        "validate on rows like those that are learned from (--validation-split 0.2), or learn from rows like those that judge"
                    )
                    : .init("learn from rows nearer to those that judge, or leave out columns that only drift")
            ])
    }
}
