import CheckedNumbers
import Events

/// Early stopping ended the run while it was still learning: its patience or its tolerance was set by hand to wait for less than usual.
///
/// It speaks when the newest evaluation is the best and better than the one before by 1 % or more, or when the training loss fell by that
/// since the evaluation before and no more than two evaluations were waited for.
public struct StoppedTooSoon: Rule {
    public static let name = "StoppedTooSoon"
    public static let summary = "early stopping ended the run while it was still learning"
    private static let leastGain = 0.01, shortPatience = 2, largeTolerance = 0.05

    private var newest: [Double] = []
    private var best = Double.nan
    private var trainLoss = MeanSinceEvaluation()
    private var train: [Double] = []
    private var suspects = SettingSuspects()
    private var hasEnded = false

    public init() {}

    public var waits: RuleWait? { hasEnded ? nil : .end }

    public static func wants(_ metric: MetricName, of run: RunRecord) -> Bool {
        metric == run.objective.metric || metric == .trainLoss
    }

    public mutating func observe(_ input: RuleInput, of run: RunRecord) -> RuleFinding? {
        suspects.note(input)
        switch input {
        case .samples(let stretch):
            let objective = stretch.index(of: run.objective.metric)
            stretch.forEach { sample in
                guard sample.value.isFinite else { return }
                guard sample.metric == objective else { return trainLoss.add(sample.value) }
                newest = newest.suffix(1) + [sample.value]
                if run.objective.isBetter(sample.value, than: best) { best = sample.value }
                if let mean = trainLoss.take() { train = train.suffix(1) + [mean] }
            }
        case .ended(.completed, reason: .earlyStopping, let step):
            hasEnded = true
            return alert(step, run).map { RuleFinding($0) }
        case .ended: hasEnded = true
        default: break
        }
        return nil
    }

    private func alert(_ step: Int, _ run: RunRecord) -> Alert? {
        guard newest.count == 2 else { return nil }
        let gain = Self.fall(newest, minimises: run.objective.minimises), isBest = newest[1] == best
        let patience = run.hyperparameters["early_stopping_patience"].flatMap(Int.init) ?? .max
        let tolerance = run.hyperparameters["early_stopping_tolerance"].flatMap(Double.init) ?? 0
        let name: String
        if isBest, gain > Self.leastGain, tolerance >= Self.largeTolerance {
            name = "early_stopping_tolerance"
        } else if patience <= Self.shortPatience, train.count == 2, Self.fall(train, minimises: true) > Self.leastGain {
            name = "early_stopping_patience"
        } else {
            return nil
        }
        guard let back = suspects.back(name, in: run, "\(name) back to what is usual") else { return nil }
        return Alert(
            rule: Self.name, severity: .warning, step: step,
            summary: "stopped at step \(step) while "
                + (isBest
                    ? "\(run.objective.metric) still gained \(rounded(gain * 100)) %" : "the training loss was still falling"),
            evidence: [
                .init("gain of the last evaluation", gain), .init("patience", Double(patience)), .init("tolerance", tolerance),
            ],
            cause: "\(name) is \(run.hyperparameters[name] ?? ""): one evaluation that is no better says little",
            remedies: [back])
    }

    private static func fall(_ values: [Double], minimises: Bool) -> Double {
        let fall = (values[0] - values[1]) / max(abs(values[0]), .leastNormalMagnitude)
        return minimises ? fall : -fall
    }
}
