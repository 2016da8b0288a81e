import Events

/// The loss became NaN or infinite: nothing sensible is learned from then on.
public struct NonFiniteLoss: Rule {
    public static let name = "NonFiniteLoss"
    public static let summary = "the training or validation loss is NaN or infinite"
    public static let clears = true

    private var lastFinite: Double?
    /// The loss that was not finite, and how many after it are.
    private var found: MetricName?
    private var recovery = Recovery(after: 50)
    private var steps = StepEvidence()
    private var suspects = SettingSuspects()

    public init() {}

    public static func wants(_ metric: MetricName, of run: RunRecord) -> Bool {
        isLoss(metric) || StepEvidence.wants(metric)
    }

    private static func isLoss(_ metric: MetricName) -> Bool { metric.metric == "loss" }

    public mutating func observe(_ input: RuleInput, of run: RunRecord) -> RuleFinding? {
        guard case .samples(let stretch) = input else {
            steps.note(input)
            suspects.note(input)
            return nil
        }
        let isLoss = stretch.metrics.map(Self.isLoss)
        return stretch.firstVerdict { sample in
            guard isLoss[Int(sample.metric)] else {
                steps.note(sample.value, of: stretch.metrics[Int(sample.metric)])
                return nil
            }
            let metric = stretch.metrics[Int(sample.metric)]
            if sample.value.isFinite { lastFinite = sample.value }
            if recovery.isRaised {
                let isOver = metric == found && recovery.look(isWell: sample.value.isFinite)
                return isOver ? .cleared("\(metric) has been finite for a while: \(rounded(sample.value))") : nil
            }
            if sample.value.isFinite { return nil }
            found = metric
            recovery.raise()
            return .raised(alert(sample.value, metric, sample.step, run))
        }
    }

    private func alert(_ value: Double, _ metric: MetricName, _ step: Int, _ run: RunRecord) -> Alert {
        var evidence = [Alert.Evidence("loss", value)]
        let found = suspects.suspects(of: .overshoots, in: run)
        let scaling =
            lastFinite == nil && run.request.isScript
            ? [Alert.Remedy("bring each input to mean 0 and deviation 1, and look for values that are not finite")] : []
        if let lastFinite { evidence.append(.init("last finite loss", lastFinite)) }
        return Alert(
            rule: Self.name, severity: .issue, step: step,
            summary: "\(metric) is \(value.isNaN ? "nan" : "\(value)") at step \(step)",
            evidence: evidence + steps.lines,
            cause: found.first.map { "\($0.cause), until the arithmetic overflows" } ?? cause,
            remedies: found.remedies + scaling + LearningRateRemedy.smaller(run, by: 10) + NormalisationRemedy.ifOff(run))
    }

    /// Where there never was a finite loss, weights had no time to grow.
    private var cause: String {
        lastFinite == nil
            ? "no loss was finite from the first on: inputs on scales that were not brought to one, a value in the data that is not "
                + "finite, or a logarithm of 0; else too large a step"
            : "the arithmetic overflowed, most often because too large a step made the weights grow; a value in the data that is "
                + "not finite does the same"
    }
}
