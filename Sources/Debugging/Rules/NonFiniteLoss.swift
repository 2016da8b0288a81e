import Events

/// The loss became NaN or infinite: nothing sensible is learned from then on.
public struct NonFiniteLoss: Rule {
    public static let name = "NonFiniteLoss"
    public static let summary = "the training or validation loss is NaN or infinite"

    private var lastFinite: Double?

    public init() {}

    public mutating func observe(_ fact: RunFact, of run: RunRecord) -> Alert? {
        guard case .metric(let metric, let value, let step, _) = fact, metric.metric == "loss" else { return nil }
        if value.isFinite {
            lastFinite = value
            return nil
        }
        var evidence = [Alert.Evidence("loss", value)]
        if let lastFinite { evidence.append(.init("last finite loss", lastFinite)) }
        return Alert(
            rule: Self.name, severity: .issue, step: step, summary: "\(metric) is \(value) at step \(step)",
            evidence: evidence,
            cause:
                "the arithmetic overflowed, most often because too large a step made the weights grow; a value in the data that is "
                + "not finite does the same",
            remedies: LearningRateRemedy.smaller(run, by: 10) + NormalisationRemedy.ifOff(run))
    }
}
