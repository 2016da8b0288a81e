import CheckedNumbers
import Events

/// The rows that judge are fed on other scales than those that are learned from: half of the columns by more than one deviation, or three
/// times as wide or as narrow.
public struct JudgedInputs: ObservationRule {
    public static let name = "JudgedInputs"
    public static let summary = "rows that judge are fed on other scales than those that are learned from"
    public static let observed: Set = ["judged inputs"]
    private static let shift = 1.0, ratio = 3.0, leastRows = 64.0

    public init() {}

    mutating func look(_ seen: TrainingObservation, of run: RunRecord) -> Alert? {
        guard let learn = seen["rows that learn"], let judge = seen["rows that judge"], min(learn, judge) >= Self.leastRows,
            let shift = seen["shift in deviations"], let ratio = seen["ratio of deviations"]
        else { return nil }
        let isWide = ratio > Self.ratio || ratio < 1 / Self.ratio
        guard shift > Self.shift || isWide else { return nil }
        return Self.alert(
            .warning, seen,
            isWide
                ? "rows that judge vary \(rounded(ratio)) times as much as those that are learned from"
                : "rows that judge lie \(rounded(shift)) deviations away from those that are learned from",
            evidence: seen.evidence("shift in deviations", "ratio of deviations", "rows that learn", "rows that judge"),
            cause:
                "they are not normalised as the training rows are, or come from somewhere else: the validation loss says little",
            remedies: ["normalise both by the training rows' means and deviations"], sampleSize: Int(nearest: judge))
    }
}
