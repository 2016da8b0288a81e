import Events
import FindingKinds
import PrintableText

/// Targets contradict those of rows that are alike, stand in another unit, or differ where all else is the same.
public struct LabelNoise: FindingRule {
    public static let name = "LabelNoise"
    public static let summary = "targets contradict those of rows that are alike"
    static let kinds: Set<FindingKind> = [.labelNoise, .possibleLabelNoise, .wrongUnits, .contradictions]

    public init() {}

    static func alert(_ all: [DataFinding], _ data: TrainingDataSummary, _ run: RunRecord) -> Alert? {
        let rank: [FindingKind] = [.wrongUnits, .labelNoise, .possibleLabelNoise]
        let findings = all.sorted {
            (rank.firstIndex(of: $0.kind) ?? rank.count) < (rank.firstIndex(of: $1.kind) ?? rank.count)
        }
        guard let first = findings.first else { return nil }
        let isSure = first.kind == .wrongUnits || first.kind == .labelNoise
        return alert(
            isSure ? .warning : .info, [first], cause: cause(first.kind),
            remedies: look(first, data, run) + heldBack(run, first))
    }

    private static func cause(_ kind: FindingKind) -> String {
        switch kind {
        case .wrongUnits:
            "their rows say otherwise once they are multiplied: the model is led by them, and the loss is mostly theirs"
        case .labelNoise:
            "they contradict rows of every kind alike, those too that a model is sure of, as wrong labels do: no model can learn them, and one "
                + "that has room learns them by heart"
        case .contradictions:
            "no model can tell such rows apart: a label is wrong, or what decides stands in no column"
        default:
            "the labels of these rows may be wrong, or the outcome one that these columns do not tell: they contradict where a model is sure, too"
        }
    }

    private static func look(_ finding: DataFinding, _ data: TrainingDataSummary, _ run: RunRecord) -> [Alert.Remedy] {
        guard !finding.rows.isEmpty else { return [] }
        let shown = finding.rows.prefix(5).map(String.init).joined(separator: ", ")
        let command = "descent data profile \(run.request.datasetPath.shellWord) --target \((data.target ?? "COL").shellWord)"
        return [
            .init(
                "look at \(finding.rows.count == 1 ? "row" : "rows") \(shown)"
                    + (finding.rows.count > 5 ? " and the others that `\(command)` lists" : "") + ", and mend what is wrong")
        ]
    }

    /// Settings that keep a model from following single rows.
    private static func heldBack(_ run: RunRecord, _ finding: DataFinding) -> [Alert.Remedy] {
        let isOfUnits = finding.kind == .wrongUnits
        let isOfNumbers = isOfUnits || finding.figures.contains { $0.name == "share of targets" }
        switch run.algorithm {
        case "neural-network" where !isOfNumbers && run.request.hyperparameters["label_smoothing"] == nil:
            return [.init("expect some of the labels to be wrong", set: ["label_smoothing": "0.1"])]
        case "linear-learner" where isOfNumbers && ["auto", "squared_loss", nil].contains(run.hyperparameters["loss"]):
            return [.init("a loss that grows no faster than the error", set: ["loss": "huber_loss"])]
        case "xgboost" where !isOfUnits && run.request.hyperparameters["min_child_weight"] == nil:
            return [.init("leaves of more rows, so that no single one decides", set: ["min_child_weight": "8"])]
        default: return []
        }
    }
}
