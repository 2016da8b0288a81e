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
            rule: Self.name, severity: .issue, step: step, summary: "\(metric) is \(value) from step \(step) on",
            evidence: evidence, cause: "the weights grew until the arithmetic overflowed, most often from too large a step",
            remedies: LearningRateRemedy.smaller(run, by: 10) + NormalisationRemedy.ifOff(run))
    }
}
