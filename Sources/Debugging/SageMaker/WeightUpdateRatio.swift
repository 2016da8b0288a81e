import Events
import Hyperparameters

/// SageMaker's rule: an update is far too large or too small beside the weights it changes.
///
/// The ratio is of L2 norms, of the step that was captured.
public struct WeightUpdateRatio: SageMakerTensorRule {
    public static let name = "WeightUpdateRatio"
    public static let summary = "an update is far too large or too small beside its weights"
    public static let parameters = [
        TensorChoice.collectionNames, TensorChoice.tensorRegex,
        Hyperparameter("large_threshold", .nonNegative, default: "10.0", "the ratio over which an update is too large"),
        Hyperparameter("small_threshold", .nonNegative, default: "1e-8", "the ratio under which an update is too small"),
    ]
    var choice: TensorChoice
    private let large: Double, small: Double

    public init(_ parameters: RuleParameters) {
        choice = TensorChoice(parameters, usual: [.updates])
        (large, small) = (parameters.number("large_threshold"), parameters.number("small_threshold"))
    }

    func fault(in tensors: [TensorSummary], _ step: TensorsOfStep) -> TensorFault? {
        for tensor in tensors {
            guard !tensor.hasNonFinite, let ratio = tensor.updateRatio, ratio > large || ratio < small else { continue }
            return TensorFault(
                tensor: tensor, summary: "\(tensor.name) is \(rounded(ratio)) times as long as its weights",
                evidence: [.init("update over weights", ratio), .init("threshold", ratio > large ? large : small)],
                cause: ratio > large ? "steps are larger than what they change" : "these weights hardly change",
                remedies: [
                    .init(
                        ratio > large
                            ? "lower the learning rate, warm up, or clip gradients"
                            : "raise the learning rate, or see that the optimiser has these weights")
                ])
        }
        return nil
    }
}
