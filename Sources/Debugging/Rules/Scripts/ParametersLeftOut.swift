import CheckedNumbers
import Events

/// Parameters that want a gradient and no optimizer has, or none of the model's weights is learned at all.
///
/// What is frozen beside weights that are learned is told, and no fault: that is how a pretrained model is adapted.
public struct ParametersLeftOut: ObservationRule {
    public static let name = "ParametersLeftOut"
    public static let summary = "layers that no optimizer learns"
    public static let observed: Set = ["parameters"]
    private static let settled = 40.0, many = 0.5, some = 0.01, part = 0.1

    public init() {}

    mutating func look(_ seen: TrainingObservation, of run: RunRecord) -> Alert? {
        guard seen["steps"] ?? 0 >= Self.settled, let all = seen["parameters"], all > 0, let learned = seen["learned"],
            let left = seen["left out"], let frozen = seen["frozen"]
        else { return nil }
        let evidence = seen.evidence("parameters", "learned", "left out", "frozen", "weights", "weights learned")
        if learned == 0, seen["held by optimizers"] ?? 0 > 0 {
            return Self.alert(
                .issue, seen,
                "the optimizer has none of the model's parameters: it steps another model's, and this one stays unchanged",
                evidence: evidence,
                cause: "it was made with the parameters of another model, or of this one before it was made anew",
                remedies: ["make the optimizer after the model is complete: torch.optim.…(model.parameters(), …)"], errorRate: 0)
        }
        if left > Self.some * all {
            let names = seen.words["left out"] ?? ""
            return Self.alert(
                left > Self.many * all ? .issue : .warning, seen,
                "no optimizer has \(names): \(rounded(100 * left / all)) % of the parameters never change",
                evidence: evidence,
                cause: "they want a gradient and were not given to the optimizer, or were added after it was made",
                remedies: ["give them to the optimizer, or set requires_grad_(False) where they are frozen on purpose"],
                tensor: names.split(separator: ",").first.map(String.init))
        }
        if let bare = seen["without gradient"], bare > Self.part * all {
            let names = seen.words["without gradient"] ?? ""
            return Self.alert(
                .warning, seen, "no gradient reaches \(names): \(rounded(100 * bare / all)) % of the parameters never change",
                evidence: evidence + seen.evidence("without gradient"),
                cause:
                    "the optimizer has them, and the loss does not depend on them: what they put out is not used, or cut off by detach()",
                remedies: ["take out detach(), .data, .item() or torch.no_grad() between these layers and the loss"],
                tensor: names.split(separator: ",").first.map(String.init))
        }
        if seen["weights"] ?? 0 >= 2, seen["weights learned"] == 0 {
            return Self.alert(
                .issue, seen, "every layer's weights are frozen: \(rounded(100 * frozen / all)) % of the parameters never change",
                evidence: evidence,
                cause: "requires_grad is False for all weights; what is left are biases, which tell no rows apart",
                remedies: ["requires_grad_(True) for the layers that are to learn, before the optimizer is made"])
        }
        guard frozen > Self.many * all else { return nil }
        return Self.alert(
            .info, seen, "\(rounded(100 * frozen / all)) % of the parameters are frozen", evidence: evidence,
            cause: "right for layers that are pretrained; of layers that begin at random what comes behind them can learn little",
            remedies: ["requires_grad_(True) where they are not pretrained"])
    }
}
