import CheckedNumbers
import Events

/// A loss is summed over the rows of a batch under an optimizer whose steps grow with it: the rate times the rows of a batch is over 0.3.
public struct SummedLoss: ObservationRule {
    public static let name = "SummedLoss"
    public static let summary = "a loss is summed over a batch, and steps are as many times too large"
    public static let observed: Set = ["loss", "optimizer"]
    private static let most = 0.3

    private var seen: TrainingObservation?

    public init() {}

    mutating func look(_ observation: TrainingObservation, of run: RunRecord) -> Alert? {
        if observation.name == "loss" {
            seen = observation.words["reduction"] == "sum" ? observation : nil
            return nil
        }
        guard let seen, observation.words["optimizer"] == "SGD", let rate = observation["learning rate"], let rows = seen["rows"],
            rows > 1, rate * rows > Self.most
        else { return nil }
        return Self.alert(
            .warning, seen,
            "\(seen.words["loss"] ?? "the loss") is summed over \(rounded(rows)) rows: steps are \(rounded(rows)) times as large",
            evidence: seen.evidence("rows") + observation.evidence("learning rate") + [.init("threshold", Self.most)],
            cause:
                "the gradient grows with the rows of a batch, so that a learning rate of \(rounded(rate)) acts like one of \(rounded(rate * rows))",
            remedies: ["reduction=\"mean\", or a learning rate \(rounded(rows)) times smaller"])
    }
}
