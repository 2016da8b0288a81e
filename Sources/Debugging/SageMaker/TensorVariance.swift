import Events
import Hyperparameters

/// SageMaker's rule: a tensor's variance is over `max_threshold` or under `min_threshold`. With neither it looks at nothing.
public struct TensorVariance: SageMakerTensorRule {
    public static let name = "TensorVariance"
    public static let summary = "a tensor's variance is outside of bounds"
    public static let parameters = [
        TensorChoice.collectionNames, TensorChoice.tensorRegex,
        Hyperparameter("max_threshold", .nonNegative, words: ["None"], default: "None", "the largest variance that is well"),
        Hyperparameter("min_threshold", .nonNegative, words: ["None"], default: "None", "the smallest variance that is well"),
    ]
    var choice: TensorChoice
    private let largest: Double, smallest: Double

    public init(_ parameters: RuleParameters) {
        choice = TensorChoice(parameters)
        largest = parameters.optionalNumber("max_threshold") ?? .infinity
        smallest = parameters.optionalNumber("min_threshold") ?? -.infinity
    }

    func fault(in tensors: [TensorSummary], _ step: TensorsOfStep) -> TensorFault? {
        guard let tensor = tensors.first(where: { $0.variance > largest || $0.variance < smallest }) else { return nil }
        return TensorFault(
            tensor: tensor, summary: "\(tensor.name) has a variance of \(rounded(tensor.variance))",
            evidence: [.init("variance", tensor.variance), .init("threshold", tensor.variance > largest ? largest : smallest)],
            cause: "its values are spread \(tensor.variance > largest ? "further" : "less") than was said to be well",
            remedies: [.init("rescale or normalise, and look for inputs that are constant")])
    }
}
