import Events
import FindingKinds

/// Rows that judge are copies of rows that are learned from, more than chance makes them alike.
public struct SplitOverlap: FindingRule {
    public static let name = "SplitOverlap"
    public static let summary = "rows that judge are copies of rows that are learned from"
    static let kinds: Set<FindingKind> = [.overlap]

    public init() {}

    static func alert(_ findings: [DataFinding], _ data: TrainingDataSummary, _ run: RunRecord) -> Alert? {
        let isOtherFile = run.request.validationPath != nil
        return alert(
            .warning, findings,
            cause: "the validation loss is that of rows the model knows by heart, in part: new rows will do worse",
            remedies: [
                .init(
                    isOtherFile
                        ? "take the rows that are in both files out of one of them"
                        : "remove repeated rows, or keep those together that belong together (--group COL)")
            ])
    }
}
