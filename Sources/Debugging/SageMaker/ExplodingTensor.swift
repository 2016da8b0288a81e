import Events
import Hyperparameters

/// SageMaker's rule: a tensor holds a value that is not finite.
public struct ExplodingTensor: SageMakerTensorRule {
    public static let name = "ExplodingTensor"
    public static let summary = "a tensor holds NaN or infinity"
    public static let parameters = [
        TensorChoice.collectionNames, TensorChoice.tensorRegex,
        Hyperparameter("only_nan", .choice(["False", "True"]), default: "False", "whether infinities are let pass"),
    ]
    var choice: TensorChoice
    private let onlyNaN: Bool

    public init(_ parameters: RuleParameters) {
        choice = TensorChoice(parameters, pattern: ".*")
        onlyNaN = parameters.flag("only_nan")
    }

    func fault(in tensors: [TensorSummary], _ step: TensorsOfStep) -> TensorFault? {
        guard let first = tensors.first(where: { $0.nans > 0 || !onlyNaN && $0.infinities > 0 }) else { return nil }
        return TensorFault(
            tensor: first, summary: "\(first.name) holds \(first.nans) NaNs and \(first.infinities) infinities",
            evidence: [.init("NaNs", Double(first.nans)), .init("infinities", Double(first.infinities))],
            cause: "the arithmetic overflowed, or a value that is not finite came in",
            remedies: [.init("lower the learning rate, clip gradients, and look for logarithms, roots and divisions of 0")])
    }
}
