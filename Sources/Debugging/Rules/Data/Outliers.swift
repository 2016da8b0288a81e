import Events
import FindingKinds

/// A few values lie so far outside that they decide a column's scale: a feature's, where scale matters, or a target's whose errors are
/// squared.
public struct Outliers: FindingRule {
    public static let name = "Outliers"
    public static let summary = "a few values lie so far outside that they decide a column's scale"
    static let kinds: Set<FindingKind> = [.outliers, .targetOutliers]
    /// How many times as wide a column must be with them.
    private static let leastWidening = 5.0

    public init() {}

    static func alert(_ findings: [DataFinding], _ data: TrainingDataSummary, _ run: RunRecord) -> Alert? {
        let harmful = findings.filter { finding in
            guard finding.figures.contains(where: { $0.name == "widening of the scale" && $0.value >= leastWidening }) else {
                return false
            }
            return finding.kind == .targetOutliers ? squaresErrors(run) : usesScale(run)
        }
        if let target = harmful.first(where: { $0.kind == .targetOutliers }) {
            return alert(
                .warning, [target] + harmful.filter { $0 != target },
                cause: "errors are squared, so that the model follows those few rows and not the others",
                remedies: robust(run)
                    + [.init("look at those rows: mend them, or leave them out")])
        }
        guard !harmful.isEmpty else { return nil }
        return alert(
            .warning, harmful, cause: "measured by them all other values are the same: the column hardly tells rows apart",
            remedies: [.init("look at those rows: mend their values, or leave them out")])
    }

    private static func squaresErrors(_ run: RunRecord) -> Bool {
        switch run.algorithm {
        case "linear-learner": ["squared_loss", "auto", nil].contains(run.hyperparameters["loss"])
        case "xgboost": run.hyperparameters["objective"].map { $0 == "reg:squarederror" || $0 == "auto" } ?? true
        default: !run.request.isScript
        }
    }

    private static func robust(_ run: RunRecord) -> [Alert.Remedy] {
        switch run.algorithm {
        case "linear-learner": [.init("a loss that grows no faster than the error", set: ["loss": "huber_loss"])]
        default: []
        }
    }
}
