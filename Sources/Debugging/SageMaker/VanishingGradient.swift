import Events
import Hyperparameters

/// SageMaker's rule: the mean of a gradient's magnitudes is under `threshold`.
public struct VanishingGradient: SageMakerTensorRule {
    public static let name = "VanishingGradient"
    public static let summary = "the mean magnitude of a gradient is under a threshold"
    public static let parameters = [
        TensorChoice.collectionNames, TensorChoice.tensorRegex,
        Hyperparameter("threshold", .nonNegative, default: "1e-7", "the mean magnitude under which a gradient vanishes"),
    ]
    var choice: TensorChoice
    private let threshold: Double

    public init(_ parameters: RuleParameters) {
        choice = TensorChoice(parameters, usual: [.gradients])
        threshold = parameters.number("threshold")
    }

    func fault(in tensors: [TensorSummary], _ step: TensorsOfStep) -> TensorFault? {
        guard
            let worst = tensors.filter({ $0.meanMagnitude < threshold && !$0.hasNonFinite }).min(by: {
                $0.meanMagnitude < $1.meanMagnitude
            })
        else { return nil }
        return TensorFault(
            tensor: worst, summary: "\(worst.name) has a mean magnitude of \(rounded(worst.meanMagnitude))",
            evidence: [.init("mean magnitude", worst.meanMagnitude), .init("threshold", threshold)],
            cause: "next to nothing of the loss's gradient reaches these weights",
            remedies: [.init("use ReLU or GELU, normalisation or residual links, or fewer layers")])
    }
}
