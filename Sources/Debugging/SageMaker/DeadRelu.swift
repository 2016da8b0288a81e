import Events
import Hyperparameters

/// SageMaker's rule: too many units of a ReLU layer are active for almost no row.
///
/// Looks at activations that are told unit by unit: a unit is inactive that puts out something for under 1 % of the rows, which is what
/// `threshold_inactivity` is by default; summaries tell no other share.
public struct DeadRelu: SageMakerTensorRule {
    public static let name = "DeadRelu"
    public static let summary = "too many units of a layer are active for almost no row"
    public static let parameters = [
        TensorChoice.collectionNames,
        Hyperparameter(
            "tensor_regex", .text(example: ".*relu_output"), default: ".*relu_output",
            "a regular expression for outputs of ReLU; by default activations whose units are told are looked at too"),
        Hyperparameter(
            "threshold_inactivity", .number(minimum: 1, excludesMinimum: false, maximum: 1, excludesMaximum: false),
            default: "1.0",
            "the percentage of rows under which a unit that is active for them is dead"),
        Hyperparameter(
            "threshold_layer", .nonNegative, default: "50.0", "the percentage of dead units over which a layer is dead"),
    ]
    var choice: TensorChoice
    private let threshold: Double

    public init(_ parameters: RuleParameters) {
        choice = TensorChoice(parameters, usual: [.activations], pattern: ".*relu_output")
        threshold = parameters.number("threshold_layer")
    }

    func fault(in tensors: [TensorSummary], _ step: TensorsOfStep) -> TensorFault? {
        let shares = tensors.filter { !$0.hasNonFinite }.compactMap { tensor in
            tensor.shareOfInactiveUnits.map { (tensor, 100 * $0) }
        }
        guard let (worst, share) = shares.max(by: { $0.1 < $1.1 }), share > threshold else { return nil }
        return TensorFault(
            tensor: worst, summary: "\(rounded(share)) % of the units of \(worst.name) are inactive",
            evidence: [.init("inactive units in %", share), .init("threshold", threshold)],
            cause: "these units put out 0 for almost every row, and so get no gradient",
            remedies: [.init("lower the learning rate, or use leaky ReLU or GELU, or He initialisation")])
    }
}
