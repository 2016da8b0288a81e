import Events
import Hyperparameters

/// SageMaker's rule: the newest loss is not lower by `diff_percent` % than the newest one at least `num_steps` before it.
///
/// It compares again once `num_steps` have passed. Two single losses are compared: on noisy ones it speaks of runs that are well.
public struct SageMakerLossNotDecreasing: ParameterisedRule {
    public static let name = "sagemaker.LossNotDecreasing"
    public static let summary = "a loss is not lower by a share than it was some steps before"
    public static let parameters = [
        Hyperparameter(
            "num_steps", .integer(minimum: 1, maximum: .max), default: "10", "how many steps the losses lie apart at least"),
        Hyperparameter("diff_percent", .nonNegative, default: "0.1", "by how many percent the loss has to fall"),
        Hyperparameter(
            "increase_threshold_percent", .nonNegative, default: "5", "the percentage over which it is said that the loss rises"),
        Hyperparameter(
            "mode", .choice(["GLOBAL", "TRAIN", "EVAL"]), default: "GLOBAL", "which losses: training's, evaluations', or either"),
    ]
    private let stepCount: Int, fall: Double, rise: Double, mode: String
    private var losses: [MetricName: Losses] = [:]

    /// Losses that may be compared with later ones, oldest first.
    private struct Losses {
        var recent: [(step: Int, value: Double)] = []
        var checked: Int?
    }

    public init(_ parameters: RuleParameters) {
        stepCount = parameters.whole("num_steps")
        (fall, rise) = (parameters.number("diff_percent"), parameters.number("increase_threshold_percent"))
        mode = parameters.text("mode") ?? "GLOBAL"
    }

    public static func wants(_ metric: MetricName, of run: RunRecord) -> Bool {
        metric == .trainLoss || metric == .validationLoss
    }

    public mutating func observe(_ input: RuleInput, of run: RunRecord) -> RuleFinding? {
        guard case .samples(let stretch) = input else { return nil }
        return stretch.firstFinding { sample in
            let metric = stretch.metrics[Int(sample.metric)]
            guard sample.value.isFinite, mode == "GLOBAL" || (metric == .trainLoss) == (mode == "TRAIN") else { return nil }
            return look(sample, metric)
        }
    }

    private mutating func look(_ sample: MetricSample, _ metric: MetricName) -> Alert? {
        var known = losses[metric] ?? Losses()
        defer {
            known.recent.append((sample.step, sample.value))
            losses[metric] = known
        }
        // Of those that are old enough only the newest is ever compared with.
        while known.recent.count > 1, sample.step - known.recent[1].step >= stepCount { known.recent.removeFirst() }
        guard let old = known.recent.first, sample.step - old.step >= stepCount,
            known.checked.map({ sample.step - $0 >= stepCount }) ?? true
        else { return nil }
        known.checked = sample.step
        let change = 100 * (sample.value - old.value) / max(abs(old.value), .leastNormalMagnitude)
        guard change > -fall else { return nil }
        return Alert(
            rule: Self.name, severity: .warning, step: sample.step,
            summary: "\(metric) is \(rounded(sample.value)), and was \(rounded(old.value)) at step \(old.step)",
            evidence: [.init("change in %", change), .init("threshold", change > rise ? rise : -fall)],
            cause: change > rise ? "the loss rises" : "the loss does not fall",
            remedies: [.init("try other learning rates, look at the labels and the order of rows, or learn one batch by heart")],
            sampleSize: 2)
    }
}
