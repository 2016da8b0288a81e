import Events

/// How steps were taken, as far as the trainer tells it: evidence beside a loss that goes wrong.
struct StepEvidence {
    private var firstNorm: Double?, latestNorm: Double?
    private var latestRate: Double?

    static func wants(_ metric: MetricName) -> Bool { metric.isOfSteps }

    mutating func note(_ value: Double, of metric: MetricName) {
        guard value.isFinite else { return }
        if metric == StepMetric.gradientNorm.name {
            firstNorm = firstNorm ?? value
            latestNorm = value
        } else if metric == StepMetric.learningRate.name {
            latestRate = value
        }
    }

    /// A rate that was set holds from the next step on, which need not be one whose rate is recorded.
    mutating func note(_ input: RuleInput) {
        guard case .settingsChanged(let change) = input, let text = change.values["learning_rate"] ?? change.values["eta"],
            let rate = Double(text)
        else { return }
        latestRate = rate
    }

    /// The norm and the rate that were told last, and the norm that was told first; empty where nothing was told.
    var lines: [Alert.Evidence] {
        var lines: [Alert.Evidence] = []
        if let latestNorm { lines.append(.init("latest gradient norm", latestNorm)) }
        if let firstNorm, latestNorm != firstNorm { lines.append(.init("gradient norm at start", firstNorm)) }
        if let latestRate { lines.append(.init("latest learning rate", latestRate)) }
        return lines
    }
}
