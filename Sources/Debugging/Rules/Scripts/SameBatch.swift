import CheckedNumbers
import Events

/// Every step sees the same few rows, while more of them are there to judge by.
public struct SameBatch: ObservationRule {
    public static let name = "SameBatch"
    public static let summary = "every step sees the same few rows"
    public static let observed: Set = ["inputs", "judged inputs"]
    private static let leastBatches = 40.0, fewRows = 256.0

    private var rows: Double?

    public init() {}

    mutating func look(_ seen: TrainingObservation, of run: RunRecord) -> Alert? {
        if seen.name == "inputs" {
            guard let batches = seen["batches"], let different = seen["different batches"] else { return nil }
            rows = different == 1 && batches >= Self.leastBatches ? seen["rows in a batch"] : nil
            return nil
        }
        guard let rows, rows <= Self.fewRows, let judge = seen["rows of a judging pass"], judge > rows else { return nil }
        return Self.alert(
            .warning, seen, "every step sees the same \(rounded(rows)) rows, and \(rounded(judge)) others judge",
            evidence: [.init("rows in a batch", rows)] + seen.evidence("rows of a judging pass"),
            cause: "so few rows are learned by heart, or the loader hands out its first batch again and again",
            remedies: ["iterate over all batches: for x, y in loader, instead of next(iter(loader)); or more rows"])
    }
}
