import CheckedNumbers
import Events

/// A loss is given what it is not made for: probabilities where it takes scores, scores where it takes logarithms, or one shape beside
/// another that PyTorch spreads over all pairs of rows.
///
/// Rows that are nowhere negative and add up to 1, to the third digit, in every batch that was looked at are probabilities. Scores of two
/// classes in [0, 1] prove nothing by themselves: there the function that made them has to be one that makes probabilities.
public struct LossInput: ObservationRule {
    public static let name = "LossInput"
    public static let summary = "a loss is given what it is not made for"
    public static let observed: Set = ["loss"]
    private static let leastLooks = 3.0, rounding = 1e-3

    public init() {}

    mutating func look(_ seen: TrainingObservation, of run: RunRecord) -> Alert? {
        guard let loss = seen.words["loss"], seen["calls"] ?? 0 >= Self.leastLooks else { return nil }
        if let spread = seen["spread over rows"], spread >= Self.leastLooks { return shapes(seen, loss) }
        guard let looks = seen["looks"], looks >= Self.leastLooks, let least = seen["smallest"], let most = seen["largest"] else {
            return nil
        }
        let off = seen["farthest from a sum of 1"] ?? .infinity, made = seen.words["made by"] ?? ""
        switch loss {
        case "cross_entropy":
            if seen["classes"] == 1 { return oneClass(seen) }
            return least >= 0 && most <= 1 + Self.rounding && off < Self.rounding ? probabilities(seen, loss, made) : nil
        case "binary_cross_entropy_with_logits":
            let isMadeSo = ["Sigmoid", "Softmax"].contains(made)
            return isMadeSo && least >= 0 && most <= 1 ? probabilities(seen, loss, made) : nil
        case "nll_loss": return off > 0.01 || most > Self.rounding ? noLogarithms(seen, least) : nil
        default: return nil
        }
    }

    private func probabilities(_ seen: TrainingObservation, _ loss: String, _ made: String) -> Alert {
        let function = made == "Sigmoid" ? "sigmoid" : "softmax"
        let other = loss == "cross_entropy" ? "a softmax" : "a sigmoid"
        return Self.alert(
            .issue, seen, "\(loss) is given probabilities, and wants logits",
            evidence: seen.evidence("smallest", "largest", "farthest from a sum of 1", "looks"),
            cause: "\(other) is a part of \(loss): \(function) twice leaves no more than a small gradient of any row",
            remedies: [
                "give \(loss) the scores as the last layer puts them out, without \(function); take \(function) to predict only"
            ], sampleSize: seen["looks"].flatMap { Int(nearest: $0) }, errorRate: 0)
    }

    private func noLogarithms(_ seen: TrainingObservation, _ least: Double) -> Alert {
        let areProbabilities = least >= 0
        return Self.alert(
            .issue, seen,
            "nll_loss is given \(areProbabilities ? "probabilities" : "scores"), and wants logarithms of probabilities",
            evidence: seen.evidence("smallest", "largest", "farthest from a sum of 1", "looks"),
            cause: "it only picks one number out of each row: without log_softmax that number may grow for ever",
            remedies: [
                "torch.nn.functional.log_softmax(scores, 1) before nll_loss, or cross_entropy, which has it, of the logits"
            ],
            errorRate: 0)
    }

    private func oneClass(_ seen: TrainingObservation) -> Alert {
        Self.alert(
            .issue, seen, "cross_entropy is given one score a row: it is 0 whatever the model says",
            evidence: seen.evidence("classes", "looks"), cause: "the softmax of one score is 1",
            remedies: ["two outputs, or binary_cross_entropy_with_logits for one"], errorRate: 0)
    }

    private func shapes(_ seen: TrainingObservation, _ loss: String) -> Alert {
        let shapes = seen.words["shapes"] ?? "unlike shapes"
        return Self.alert(
            .issue, seen, "\(loss) is given shapes \(shapes), which are spread over all pairs of rows",
            evidence: seen.evidence("calls", "spread over rows"),
            cause: "every prediction is compared with every row's target, so that the best answer is the mean of all (broadcast)",
            remedies: ["bring both to one shape: predictions.squeeze(1), or target.unsqueeze(1)"], errorRate: 0)
    }
}
