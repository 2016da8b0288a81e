import Events
import Hyperparameters

/// SageMaker's rule: a token makes up more of what is fed than its threshold, as padding does.
///
/// Summaries tell the share of token 0, and of no other.
public struct NLPSequenceRatio: SageMakerTensorRule {
    public static let name = "NLPSequenceRatio"
    public static let summary = "too much of what is fed is token 0, which padding is"
    public static let parameters = [
        TensorChoice.collectionNames,
        Hyperparameter(
            "tensor_regex", .text(example: ".*embedding0_input_0"), default: ".*embedding0_input_0",
            "a regular expression for what is fed to the embedding"),
        Hyperparameter("token_values", .choice(["0"]), default: "0", "the token"),
        Hyperparameter("token_thresholds_percent", .nonNegative, default: "50", "the percentage that it may make up"),
    ]
    var choice: TensorChoice
    private let threshold: Double

    public init(_ parameters: RuleParameters) {
        choice = TensorChoice(parameters, pattern: ".*embedding0_input_0")
        threshold = parameters.number("token_thresholds_percent")
    }

    func fault(in tensors: [TensorSummary], _ step: TensorsOfStep) -> TensorFault? {
        guard let tensor = tensors.first(where: { 100 * $0.shareOfZeros > threshold }) else { return nil }
        return TensorFault(
            tensor: tensor, summary: "\(rounded(100 * tensor.shareOfZeros)) % of \(tensor.name) are token 0",
            evidence: [.init("token 0 in %", 100 * tensor.shareOfZeros), .init("threshold", threshold)],
            cause: "sequences of unlike lengths are filled up to the longest",
            remedies: [.init("batch sequences of like lengths together, or pad only to the longest of a batch")])
    }
}
