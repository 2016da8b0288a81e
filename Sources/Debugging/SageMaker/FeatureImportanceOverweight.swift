import Events
import Glibc
import Hyperparameters

/// SageMaker's rule: few features make up most of the importance.
///
/// The largest is known exactly, those behind it to the powers of two of the histogram.
public struct FeatureImportanceOverweight: SageMakerTensorRule {
    public static let name = "FeatureImportanceOverweight"
    public static let summary = "few features make up most of what trees use"
    public static let parameters = [
        TensorChoice.collectionNames,
        Hyperparameter(
            "tensor_regex", .text(example: ".*feature_importance/weight"), default: ".*feature_importance/weight",
            "a regular expression for importances"),
        Hyperparameter("threshold", .openFraction, default: "0.8", "the share of all importance that few features may have"),
        Hyperparameter("nfeatures", .integer(minimum: 1, maximum: 64), default: "3", "how many features"),
    ]
    var choice: TensorChoice
    private let threshold: Double, count: Int

    public init(_ parameters: RuleParameters) {
        choice = TensorChoice(parameters, pattern: ".*feature_importance/weight")
        (threshold, count) = (parameters.number("threshold"), parameters.whole("nfeatures"))
    }

    func fault(in tensors: [TensorSummary], _ step: TensorsOfStep) -> TensorFault? {
        for tensor in tensors where tensor.count > count {
            let share = share(tensor)
            guard share > threshold else { continue }
            return TensorFault(
                tensor: tensor, summary: "\(count) of \(tensor.count) features have \(rounded(100 * share)) % of \(tensor.name)",
                evidence: [.init("share", share), .init("threshold", threshold), .init("features", Double(count))],
                cause: "the model goes by few features: one of them may tell the answer, or stand for it",
                remedies: [.init("see whether they would be known when it predicts, and leave out what would not")])
        }
        return nil
    }

    /// What the largest have of all.
    private func share(_ tensor: TensorSummary) -> Double {
        guard let largest = tensor.maximum, tensor.l1 > 0 else { return 0 }
        var values = [largest], cells = tensor.histogram.positive
        // The largest is one of those in the highest cell that holds any.
        if let highest = cells.lastIndex(where: { $0 > 0 }) { cells[highest] -= 1 }
        for (index, cell) in cells.enumerated().reversed() {
            let middle = 1.5 * exp2(Double(tensor.histogram.firstExponent + index))
            values += repeatElement(min(largest, middle), count: min(cell, count - values.count))
        }
        return min(1, values.reduce(0, +) / tensor.l1)
    }
}
