import CheckedNumbers
import Events

/// What is minimised is a loss with its sign turned: the gradient that comes back to every loss that was looked at is negative.
public struct LossDirection: ObservationRule {
    public static let name = "LossDirection"
    public static let summary = "a loss is climbed: its sign is turned"
    public static let observed: Set = ["gradients"]
    private static let least = 8.0

    public init() {}

    mutating func look(_ seen: TrainingObservation, of run: RunRecord) -> Alert? {
        // Where there are two players, one of them climbs what the other descends.
        guard let up = seen["up"], up >= Self.least, seen["down"] == 0 else { return nil }
        return Self.alert(
            .issue, seen, "the loss is climbed: its gradient was negative at all of \(rounded(up)) looks",
            evidence: seen.evidence("up", "down"),
            cause: "the sign is turned before backward(), so that each step makes the loss larger",
            remedies: ["loss.backward() without the minus"], sampleSize: Int(nearest: up), errorRate: 0)
    }
}
