import Events
import Hyperparameters

/// SageMaker's rule: too much of a tanh or sigmoid layer lies where the function is flat.
///
/// Where units are told, those count that are flat for more than 99 % of the rows; else the share of elements of an input to the function
/// beyond the bounds, as the histogram tells it.
public struct SaturatedActivation: SageMakerTensorRule {
    public static let name = "SaturatedActivation"
    public static let summary = "too much of a tanh or sigmoid layer lies where the function is flat"
    public static let parameters = [
        TensorChoice.collectionNames,
        Hyperparameter(
            "tensor_regex", .text(example: ".*tanh_input"), default: ".*tanh_input|.*sigmoid_input",
            "a regular expression for inputs of tanh and sigmoid; by default activations whose units are told are looked at too"),
        Hyperparameter("threshold_tanh_min", .anyNumber, default: "-9.4999", "the input under which tanh is flat"),
        Hyperparameter("threshold_tanh_max", .anyNumber, default: "9.4999", "the input over which tanh is flat"),
        Hyperparameter("threshold_sigmoid_min", .anyNumber, default: "-23", "the input under which a sigmoid is flat"),
        Hyperparameter("threshold_sigmoid_max", .anyNumber, default: "16.99999", "the input over which a sigmoid is flat"),
        Hyperparameter(
            "threshold_inactivity", .number(minimum: 1, excludesMinimum: false, maximum: 1, excludesMaximum: false),
            default: "1.0",
            "the percentage of rows under which a unit counts as saturated; what is recorded is told for 1"),
        Hyperparameter("threshold_layer", .nonNegative, default: "50.0", "the percentage over which a layer is saturated"),
    ]
    var choice: TensorChoice
    private let parameters: RuleParameters

    public init(_ parameters: RuleParameters) {
        choice = TensorChoice(parameters, usual: [.activations], pattern: ".*tanh_input|.*sigmoid_input")
        self.parameters = parameters
    }

    func fault(in tensors: [TensorSummary], _ step: TensorsOfStep) -> TensorFault? {
        let shares = tensors.compactMap { tensor in share(tensor).map { (tensor, 100 * $0) } }
        let threshold = parameters.number("threshold_layer")
        guard let (worst, share) = shares.max(by: { $0.1 < $1.1 }), share > threshold else { return nil }
        return TensorFault(
            tensor: worst, summary: "\(rounded(share)) % of \(worst.name) lies where its function is flat",
            evidence: [.init("saturated in %", share), .init("threshold", threshold)],
            cause: "what comes in is so large that the function's gradient is next to nothing",
            remedies: [.init("scale inputs and initial weights down, normalise, or use another activation")])
    }

    /// The share that is saturated; nil for a tensor that tells none.
    private func share(_ tensor: TensorSummary) -> Double? {
        if let share = tensor.shareOfSaturatedUnits { return share }
        let kind = tensor.name.contains("sigmoid") ? "sigmoid" : tensor.name.contains("tanh") ? "tanh" : nil
        guard tensor.collection != .activations || tensor.name.hasSuffix("_input"), let kind else { return nil }
        let low = parameters.number("threshold_\(kind)_min"), high = parameters.number("threshold_\(kind)_max")
        guard let below = tensor.share(below: low), let under = tensor.share(below: high) else { return nil }
        return below + 1 - under
    }
}

extension TensorSummary {
    /// The share of finite values below a bound, as the histogram tells it; nil where no value is finite.
    func share(below bound: Double) -> Double? {
        guard let minimum, let maximum else { return nil }
        if bound <= minimum { return 0 }
        if bound > maximum { return 1 }
        return histogram.share(below: bound, zeros: zeros, in: minimum...maximum)
    }
}
