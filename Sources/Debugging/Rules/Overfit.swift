import Events
import JSON

/// The validation loss has turned up while the training loss goes on falling.
///
/// Speaks when, for three evaluations in a row, the validation loss lies over its best by more than 5 % and the training loss
/// (its mean since the evaluation before) lies under what it was at that best.
public struct Overfit: Rule {
    public static let name = "Overfit"
    public static let summary = "the validation loss has turned up while the training loss goes on falling"

    private var trainSum = 0.0
    private var trainCount = 0.0
    private var best = Double.infinity
    private var bestStep = 0
    private var trainAtBest = Double.infinity
    private var badCount = 0

    public init() {}

    public static func wants(_ metric: MetricName, of run: RunRecord) -> Bool {
        metric == .trainLoss || metric == .validationLoss
    }

    public mutating func observe(_ input: RuleInput, of run: RunRecord) -> RuleFinding? {
        guard case .samples(let stretch) = input else { return nil }
        let training = stretch.index(of: .trainLoss)
        return stretch.firstFinding { sample in
            guard sample.value.isFinite else { return nil }
            guard sample.metric == training else { return evaluate(sample.value, sample.step, run) }
            trainSum += sample.value
            trainCount += 1
            return nil
        }
    }

    /// Looks at a validation loss beside the training losses since the one before.
    private mutating func evaluate(_ value: Double, _ step: Int, _ run: RunRecord) -> Alert? {
        guard trainCount > 0 else { return nil }
        let train = trainSum / trainCount
        (trainSum, trainCount) = (0, 0)
        if value < best {
            (best, bestStep, trainAtBest, badCount) = (value, step, train, 0)
            return nil
        }
        badCount = value > best + 0.05 * abs(best) && train < trainAtBest ? badCount + 1 : 0
        guard badCount >= 3 else { return nil }
        return Alert(
            rule: Self.name, severity: .warning, step: step,
            summary: "validation loss \(rounded(value)) was \(rounded(best)) at step \(bestStep); training loss still falls",
            evidence: [
                .init("validation loss over its best", value / best - 1), .init("threshold", 0.05),
                .init("training loss now", train), .init("training loss at the best", trainAtBest),
            ],
            cause: "the model now learns the training rows themselves rather than what they have in common",
            remedies: remedies(run))
    }

    private func remedies(_ run: RunRecord) -> [Alert.Remedy] {
        let own = ["lambda", "wd", "weight_decay", "l2"].first { run.hyperparameters[$0] != nil }
        let more = ["dropout"].compactMap { name -> Alert.Remedy? in
            guard let share = run.hyperparameters[name].flatMap(Double.init), share < 0.5 else { return nil }
            return .init("more dropout: 0.5 instead of \(JSONValue.text(share))", set: [name: "0.5"])
        }
        let keep = Alert.Remedy("keep the best checkpoint, step \(bestStep): early stopping does")
        guard own != nil || !run.request.isScript else {
            return [keep] + more + [
                .init("regularise more: weight decay, dropout, augmentation"), .init("train on more rows or fewer features"),
            ]
        }
        let name = own ?? "wd"
        let decay = run.hyperparameters[name].flatMap(Double.init) ?? 0
        let stronger = JSONValue.text(decay > 0 ? Double("\(Float(decay * 10))") ?? decay * 10 : 0.001)
        return [
            keep, .init("regularise more: \(name) \(stronger)", set: [name: stronger]),
        ] + more + [.init("train on more rows or fewer features")]
    }
}
