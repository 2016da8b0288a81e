import CheckedNumbers
import Events

/// Every gradient has the same length, which is next to nothing: it is clipped to that.
public struct ClippedGradients: ObservationRule {
    public static let name = "ClippedGradients"
    public static let summary = "every gradient is clipped to next to nothing"
    public static let observed: Set = ["gradients"]
    private static let small = 1e-3, alike = 1.01, least = 6.0

    public init() {}

    mutating func look(_ seen: TrainingObservation, of run: RunRecord) -> Alert? {
        guard let count = seen["norms"], count >= Self.least, let low = seen["smallest norm"], let high = seen["largest norm"],
            low > 0,
            high < Self.small, high < Self.alike * low
        else { return nil }
        return Self.alert(
            .warning, seen, "every gradient is clipped to a length of \(rounded(high))",
            evidence: seen.evidence("smallest norm", "largest norm", "norms") + [.init("threshold", Self.small)],
            cause: "gradient clipping cuts every step to next to nothing, so that the weights hardly move",
            remedies: ["clip_grad_norm_(…, 1.0), which cuts only what is out of the ordinary"], sampleSize: Int(nearest: count))
    }
}
