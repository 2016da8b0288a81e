import Events
import Hyperparameters

/// SageMaker's rule: a tree is deeper than `depth`.
public struct TreeDepth: SageMakerTensorRule {
    public static let name = "TreeDepth"
    public static let summary = "a tree is deeper than a bound"
    public static let parameters = [
        Hyperparameter("depth", .nonNegative, default: "4", "the depth that a tree may have")
    ]
    var choice: TensorChoice
    private let depth: Double

    public init(_ parameters: RuleParameters) {
        choice = TensorChoice(parameters, usual: [.trees], pattern: "trees/depth")
        depth = parameters.number("depth")
    }

    func fault(in tensors: [TensorSummary], _ step: TensorsOfStep) -> TensorFault? {
        guard let tensor = tensors.first(where: { $0.name.hasSuffix("depth") }), let deepest = tensor.maximum, deepest > depth
        else { return nil }
        return TensorFault(
            tensor: tensor, summary: "a tree is \(rounded(deepest)) splits deep",
            evidence: [.init("depth", deepest), .init("threshold", depth)],
            cause: "a tree so deep may follow single rows",
            remedies: [.init("smaller trees: max_depth \(rounded(depth))", set: ["max_depth": rounded(depth.rounded(.down))])])
    }
}
