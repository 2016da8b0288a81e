import Events
import Hyperparameters

/// SageMaker's rule: images are fed that are not centred on 0.
///
/// Summaries tell the mean over all channels.
public struct CheckInputImages: SageMakerTensorRule {
    public static let name = "CheckInputImages"
    public static let summary = "images are fed that are not centred on 0"
    public static let parameters = [
        TensorChoice.collectionNames,
        Hyperparameter(
            "tensor_regex", .text(example: ".*input_0"), default: ".*hybridsequential0_input_0",
            "a regular expression for what is fed; by default inputs are looked at too"),
        Hyperparameter("threshold_mean", .nonNegative, default: "0.2", "how far from 0 a mean may be"),
        Hyperparameter("threshold_samples", .integer(minimum: 1, maximum: .max), default: "500", "rows to see first"),
    ]
    var choice: TensorChoice
    private let threshold: Double, needed: Int
    private var sums: [String: (rows: Int, sum: Double)] = [:]

    public init(_ parameters: RuleParameters) {
        choice = TensorChoice(parameters, usual: [.inputs], pattern: ".*hybridsequential0_input_0")
        (threshold, needed) = (parameters.number("threshold_mean"), parameters.whole("threshold_samples"))
    }

    mutating func fault(in tensors: [TensorSummary], _ step: TensorsOfStep) -> TensorFault? {
        for tensor in tensors {
            let rows = max(1, tensor.shape.first ?? 1)
            var (count, sum) = sums[tensor.name] ?? (0, 0)
            count += min(rows, Int.max - count)
            sum += Double(rows) * tensor.mean
            sums[tensor.name] = (count, sum)
            let mean = sum / Double(count)
            guard count >= needed, abs(mean) > threshold else { continue }
            return TensorFault(
                tensor: tensor, summary: "\(tensor.name) has a mean of \(rounded(mean)) over \(count) rows",
                evidence: [.init("mean", mean), .init("threshold", threshold), .init("rows", Double(count))],
                cause: "pixels are fed as they are, or were not centred",
                remedies: [.init("subtract the mean and divide by the standard deviation", set: ["normalize_data": "true"])])
        }
        return nil
    }
}
