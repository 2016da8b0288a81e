import Events
import Hyperparameters

/// SageMaker's rule: at least `threshold` % of a tensor's values are exactly 0.
public struct AllZero: SageMakerTensorRule {
    public static let name = "AllZero"
    public static let summary = "a tensor is all zeros, or almost"
    public static let parameters = [
        TensorChoice.collectionNames, TensorChoice.tensorRegex,
        Hyperparameter(
            "threshold", .number(minimum: 0, excludesMinimum: false, maximum: 100, excludesMaximum: false), default: "100",
            "the percentage of zeros from which on a tensor is all zeros"),
    ]
    var choice: TensorChoice
    private let threshold: Double

    public init(_ parameters: RuleParameters) {
        choice = TensorChoice(parameters)
        threshold = parameters.number("threshold")
    }

    func fault(in tensors: [TensorSummary], _ step: TensorsOfStep) -> TensorFault? {
        guard let tensor = tensors.first(where: { 100 * $0.shareOfZeros >= threshold }) else { return nil }
        return TensorFault(
            tensor: tensor, summary: "\(rounded(100 * tensor.shareOfZeros)) % of \(tensor.name) are 0",
            evidence: [.init("zeros in %", 100 * tensor.shareOfZeros), .init("threshold", threshold)],
            cause: "it was initialised with zeros, is masked, or belongs to a layer that is dead",
            remedies: [.init("look at the initialisation, the mask and the layer before")])
    }
}
