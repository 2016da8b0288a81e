import CheckedNumbers
import Events

/// Weights begin far from what keeps a signal's size: all at 0, all alike, or ten times and more too large.
///
/// A layer's size is measured by the root mean square of its weights times the root of its fan-in: PyTorch's own begin at 0.6, Glorot's at
/// 1, He's at 1.4. One layer at 0 among others is often meant so.
/// - Source: He et al. (2015), "Delving deep into rectifiers", equation 10, for the gain.
public struct InitialWeights: ObservationRule {
    public static let name = "InitialWeights"
    public static let summary = "weights begin at 0, all alike, or far too large"
    public static let observed: Set = ["beginning"]
    private static let large = 10.0, tooLarge = 20.0

    public init() {}

    mutating func look(_ seen: TrainingObservation, of run: RunRecord) -> Alert? {
        guard let count = seen["weights"], count >= 1, let zero = seen["all zero"], let gain = seen["largest gain"] else {
            return nil
        }
        let alike = seen["all alike"] ?? 0
        let evidence = seen.evidence("weights", "all zero", "all alike", "largest gain", "smallest gain")
        // A single layer may begin anywhere: it has no symmetry to break.
        let areZero = zero >= 2 && 2 * zero > count
        if count >= 2, areZero || alike >= 1 && 2 * (zero + alike) > count {
            let first = seen.words[areZero ? "zeros" : "alike"] ?? ""
            return Self.alert(
                .issue, seen, "weights begin \(areZero ? "at zero" : "all alike"): \(first)", evidence: evidence,
                cause:
                    "units that begin alike get the same gradient and stay alike; behind zeros no gradient comes through at all",
                remedies: ["leave the initial weights to PyTorch, or nn.init.kaiming_uniform_ for each layer"], errorRate: 0)
        }
        guard gain > Self.large else { return nil }
        return Self.alert(
            gain > Self.tooLarge ? .issue : .warning, seen,
            "weights begin far too large: \(seen.words["largest"] ?? "a layer") multiplies what comes in by about \(rounded(gain))",
            evidence: evidence + [.init("threshold", Self.large)],
            cause: "scores explode from layer to layer, so that the first losses and gradients are huge and saturated",
            remedies: [
                "leave the initial weights to PyTorch, or nn.init.kaiming_uniform_: about \(rounded(1 / gain)) times what they are"
            ], tensor: seen.words["largest"])
    }
}
