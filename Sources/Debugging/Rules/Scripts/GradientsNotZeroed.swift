import CheckedNumbers
import Events

/// Gradients of earlier steps are still there when those of the next step come in.
///
/// Looked at where they are added up: before the first backward pass after a step, in nine of ten steps. Several passes for one step are no
/// fault.
public struct GradientsNotZeroed: ObservationRule {
    public static let name = "GradientsNotZeroed"
    public static let summary = "gradients are never set to zero between steps"
    public static let observed: Set = ["gradients"]
    private static let least = 6.0, share = 0.9

    public init() {}

    mutating func look(_ seen: TrainingObservation, of run: RunRecord) -> Alert? {
        // Of what no optimizer has nobody zeroes gradients, and that is another fault.
        guard seen["own steps"] != 0, let left = seen["left over"], let clean = seen["clean"], left >= Self.least,
            left >= Self.share * (left + clean)
        else {
            return nil
        }
        return Self.alert(
            .issue, seen,
            "gradients are not set to zero: at \(rounded(left)) of \(rounded(left + clean)) steps those of earlier ones were there",
            evidence: seen.evidence("left over", "clean"),
            cause: "gradients accumulate over all steps, so that each step repeats all the ones before",
            remedies: ["optimizer.zero_grad() before each backward()"], sampleSize: Int(nearest: left + clean), errorRate: 0)
    }
}
