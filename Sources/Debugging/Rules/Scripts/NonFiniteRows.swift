import CheckedNumbers
import Events

/// Rows or labels that are fed hold values that are not finite.
public struct NonFiniteRows: ObservationRule {
    public static let name = "NonFiniteRows"
    public static let summary = "rows or labels are fed that hold values which are not finite"
    public static let observed: Set = ["inputs", "labels"]

    public init() {}

    mutating func look(_ seen: TrainingObservation, of run: RunRecord) -> Alert? {
        let isOfInputs = seen.name == "inputs"
        guard let broken = seen[isOfInputs ? "batches that are not finite" : "labels that are not finite"], broken > 0 else {
            return nil
        }
        return Self.alert(
            .issue, seen,
            isOfInputs
                ? "\(rounded(broken)) of \(rounded(seen["batches"] ?? broken)) batches that were looked at hold NaN or infinity"
                : "\(rounded(broken)) labels are NaN or infinite",
            evidence: seen.evidence("batches that are not finite", "labels that are not finite", "batches", "rows"),
            cause: "one NaN in the data makes the loss NaN, and with it all weights",
            remedies: ["fill in or leave out what is missing before training: torch.nan_to_num, or drop those rows"], errorRate: 0
        )
    }
}
