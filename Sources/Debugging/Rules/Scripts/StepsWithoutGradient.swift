import CheckedNumbers
import Events

/// The optimizer never steps, though gradients come in and no weight moves; or it steps when there are none.
public struct StepsWithoutGradient: ObservationRule {
    public static let name = "StepsWithoutGradient"
    public static let summary = "the optimizer never steps, or steps where there are no gradients"
    public static let observed: Set = ["gradients"]
    private static let leastPasses = 100.0, leastBackwards = 20.0, leastSteps = 8.0, share = 0.9

    public init() {}

    mutating func look(_ seen: TrainingObservation, of run: RunRecord) -> Alert? {
        if seen["all steps"] == 0 { return neverSteps(seen) }
        // Those of another model's optimizer are another fault.
        guard seen["own steps"] != 0, let steps = seen["steps"], steps >= Self.leastSteps else { return nil }
        let empty = seen["without gradient"] ?? 0
        let isZero = seen["norms"] ?? 0 >= 4 && seen["largest norm"] == 0
        guard empty >= Self.share * steps || isZero else { return nil }
        return Self.alert(
            .issue, seen,
            "the optimizer steps without gradients: at \(rounded(isZero ? steps : empty)) of \(rounded(steps)) steps there were none",
            evidence: seen.evidence("steps", "without gradient", "largest norm"),
            cause:
                "zero_grad() comes between backward() and step(), or what is learned does not bear on the loss: frozen or detached",
            remedies: ["in this order: optimizer.zero_grad(), loss.backward(), optimizer.step()"], errorRate: 0)
    }

    private func neverSteps(_ seen: TrainingObservation) -> Alert? {
        guard let passes = seen["passes"], passes >= Self.leastPasses, seen["backwards"] ?? 0 >= Self.leastBackwards,
            seen["moved"] == 0
        else { return nil }
        return Self.alert(
            .issue, seen, "the optimizer never steps: \(rounded(passes)) passes, and no weight has changed",
            evidence: seen.evidence("passes", "backwards", "all steps"),
            cause: "gradients are computed, and optimizer.step() is never called",
            remedies: ["optimizer.step() after each backward()"], errorRate: 0)
    }
}
