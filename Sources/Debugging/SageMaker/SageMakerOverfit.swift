import Events
import Hyperparameters

/// SageMaker's rule: evaluations' losses are over training's by more than a share of it, `patience` evaluations in a row.
///
/// The training loss is its mean since the evaluation before.
public struct SageMakerOverfit: ParameterisedRule {
    public static let name = "sagemaker.Overfit"
    public static let summary = "the validation loss is over the training loss by more than a share of it"
    public static let parameters = [
        Hyperparameter("start_step", .integer(minimum: 0, maximum: .max), default: "0", "the step from which on it looks"),
        Hyperparameter("patience", .integer(minimum: 1, maximum: .max), default: "1", "how many evaluations in a row"),
        Hyperparameter("ratio_threshold", .nonNegative, default: "0.1", "the share of the training loss"),
    ]
    private let start: Int, patience: Int, threshold: Double
    private var trainLoss = MeanSinceEvaluation()
    private var count = 0

    public init(_ parameters: RuleParameters) {
        (start, patience) = (parameters.whole("start_step"), parameters.whole("patience"))
        threshold = parameters.number("ratio_threshold")
    }

    public static func wants(_ metric: MetricName, of run: RunRecord) -> Bool {
        metric == .trainLoss || metric == .validationLoss
    }

    public mutating func observe(_ input: RuleInput, of run: RunRecord) -> RuleFinding? {
        guard case .samples(let stretch) = input else { return nil }
        let training = stretch.index(of: .trainLoss)
        return stretch.firstFinding { sample in
            guard sample.step >= start, sample.value.isFinite else { return nil }
            guard sample.metric != training else {
                trainLoss.add(sample.value)
                return nil
            }
            guard let train = trainLoss.take() else { return nil }
            let ratio = (sample.value - train) / train
            count = ratio > threshold ? count + 1 : 0
            return count >= patience ? alert(ratio, sample) : nil
        }
    }

    private func alert(_ ratio: Double, _ sample: MetricSample) -> Alert {
        Alert(
            rule: Self.name, severity: .warning, step: sample.step,
            summary: "the validation loss, \(rounded(sample.value)), is \(rounded(100 * ratio)) % over the training loss",
            evidence: [.init("ratio", ratio), .init("threshold", threshold)],
            cause: "the model knows its training rows better than others",
            remedies: [.init("more data, weight decay, dropout, a smaller model, or stop early")], sampleSize: count)
    }
}
