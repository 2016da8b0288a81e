import Events
import FindingKinds

/// The target is learned as another kind of thing than its values are: classes as a number, or a quantity as classes.
public struct TargetKind: FindingRule {
    public static let name = "TargetKind"
    public static let summary = "classes are learned as a number, or a quantity as classes"
    static let kinds: Set<FindingKind> = [.classesAsNumbers, .numbersAsClasses]

    public init() {}

    static func alert(_ findings: [DataFinding], _ data: TrainingDataSummary, _ run: RunRecord) -> Alert? {
        guard let finding = findings.first else { return nil }
        let isNumber = finding.kind == .classesAsNumbers
        return alert(
            .warning, [finding],
            cause: isNumber
                ? "a model of a number takes class 3 for more than class 2, and says 2.5 where it is unsure"
                : "a model of classes does not know that 20 is nearer to 21 than to 90, and has few rows of each",
            remedies: [.init(isNumber ? "learn classes (--task classification)" : "learn a number (--task regression)")])
    }
}
