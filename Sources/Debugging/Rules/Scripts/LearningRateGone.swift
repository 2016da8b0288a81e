import CheckedNumbers
import Events

/// A schedule has brought the learning rate to under a thousandth of its largest, for more than half of all steps so far.
///
/// Schedules that end at 0 do so in their last steps; one that is stepped each batch and was made for epochs is there at once.
public struct LearningRateGone: ObservationRule {
    public static let name = "LearningRateGone"
    public static let summary = "a schedule has brought the learning rate to next to nothing long before the end"
    public static let observed: Set = ["optimizer"]
    private static let leastSteps = 60.0

    public init() {}

    mutating func look(_ seen: TrainingObservation, of run: RunRecord) -> Alert? {
        guard let since = seen["next to nothing since"], let steps = seen["steps"], steps - since >= max(Self.leastSteps, since),
            let rate = seen["learning rate"], let most = seen["largest rate so far"]
        else { return nil }
        return Self.alert(
            .issue, seen, "the learning rate is \(rounded(rate)) since step \(rounded(since)), and was \(rounded(most))",
            evidence: seen.evidence("learning rate", "largest rate so far", "next to nothing since", "steps"),
            cause:
                "the schedule falls far too fast, as one made for epochs does that is stepped each batch: nothing is learned any more",
            remedies: ["scheduler.step() once an epoch, or a schedule over as many steps as there are"], errorRate: 0)
    }
}
