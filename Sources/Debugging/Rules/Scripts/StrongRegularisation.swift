import CheckedNumbers
import Events

/// Dropout leaves next to nothing, or weight decay takes more off the weights than gradients can put on.
///
/// Where decay stands apart from the gradient, a step takes the rate times the decay off every weight: a hundredth a step leaves no weight
/// for longer than a hundred steps. In the gradient of an optimizer that scales its gradients, a decay of 0.5 outweighs them.
public struct StrongRegularisation: ObservationRule {
    public static let name = "StrongRegularisation"
    public static let summary = "dropout or weight decay leaves too little to learn from"
    public static let observed: Set = ["model", "optimizer"]
    private static let dropout = 0.9, share = 0.01, decay = 0.5

    public init() {}

    mutating func look(_ seen: TrainingObservation, of run: RunRecord) -> Alert? {
        if let dropout = seen["dropout"], dropout >= Self.dropout, dropout < 1 {
            return Self.alert(
                .warning, seen, "dropout is \(rounded(dropout))",
                evidence: seen.evidence("dropout") + [.init("threshold", Self.dropout)],
                cause:
                    "what is left of the signal is too little to learn from: dropout leaves one unit in \(rounded(1 / (1 - dropout)))",
                remedies: ["a dropout of 0.1 to 0.5"])
        }
        guard let decay = seen["weight decay"], let rate = seen["learning rate"], decay > 0 else { return nil }
        let isScaled = seen.words["weight decay"] != "apart" && seen.subject?.contains("Adam") == true
        guard isScaled ? decay >= Self.decay : rate * decay >= Self.share else { return nil }
        return Self.alert(
            .warning, seen, "weight decay is \(rounded(decay)) at a learning rate of \(rounded(rate))",
            evidence: seen.evidence("weight decay", "learning rate"),
            cause:
                "weight decay takes \(rounded(100 * min(1, rate * decay))) % off the weights at each step: the penalty holds them near 0",
            remedies: ["a weight_decay of 0 to 0.01"])
    }
}
