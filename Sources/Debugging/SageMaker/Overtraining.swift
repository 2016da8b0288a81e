import Events
import Hyperparameters

/// SageMaker's rule: the training loss has not improved over its best by `delta` for `patience_train` steps, or the validation loss for
/// `patience_validation`.
///
/// Steps are evaluations here; the training loss is its mean since the one before. How the two go together is not published: either
/// is enough.
public struct Overtraining: ParameterisedRule {
    public static let name = "Overtraining"
    public static let summary = "training goes on though a loss improves no more"
    public static let parameters = [
        Hyperparameter(
            "patience_train", .integer(minimum: 1, maximum: .max), default: "5", "evaluations without a better training loss"),
        Hyperparameter(
            "patience_validation", .integer(minimum: 1, maximum: .max), default: "10",
            "evaluations without a better validation loss"),
        Hyperparameter("delta", .nonNegative, default: "0.01", "by how much a better loss has to be lower"),
    ]

    private struct Best {
        var value = Double.infinity, step = 0, count = 0

        /// - Returns: how many looks in a row were not better.
        mutating func look(_ loss: Double, _ step: Int, by delta: Double) -> Int {
            if loss < value - delta || value == .infinity { (value, self.step, count) = (loss, step, 0) } else { count += 1 }
            return count
        }
    }

    private let patience: (training: Int, validation: Int), delta: Double
    private var trainLoss = MeanSinceEvaluation()
    private var training = Best(), validation = Best()

    public init(_ parameters: RuleParameters) {
        patience = (parameters.whole("patience_train"), parameters.whole("patience_validation"))
        delta = parameters.number("delta")
    }

    public static func wants(_ metric: MetricName, of run: RunRecord) -> Bool {
        metric == .trainLoss || metric == .validationLoss
    }

    public mutating func observe(_ input: RuleInput, of run: RunRecord) -> RuleFinding? {
        guard case .samples(let stretch) = input else { return nil }
        let index = stretch.index(of: .trainLoss)
        return stretch.firstFinding { sample in
            guard sample.value.isFinite else { return nil }
            guard sample.metric != index else {
                trainLoss.add(sample.value)
                return nil
            }
            if validation.look(sample.value, sample.step, by: delta) >= patience.validation {
                return alert("validation", validation, sample.step, patience.validation)
            }
            guard let train = trainLoss.take(), training.look(train, sample.step, by: delta) >= patience.training else {
                return nil
            }
            return alert("training", training, sample.step, patience.training)
        }
    }

    private func alert(_ which: String, _ best: Best, _ step: Int, _ patience: Int) -> Alert {
        Alert(
            rule: Self.name, severity: .warning, step: step,
            summary:
                "the \(which) loss was best at step \(best.step), \(rounded(best.value)), and \(best.count) evaluations were no better",
            evidence: [.init("evaluations", Double(best.count)), .init("threshold", Double(patience)), .init("delta", delta)],
            cause: "there is nothing more to gain, or the learning rate is too large to gain it",
            remedies: [.init("stop, keep the best checkpoint, or lower the learning rate")], sampleSize: best.count)
    }
}
