import Events
import Hyperparameters

/// SageMaker's rule: a tensor stays the same over the last `num_steps` captured steps.
///
/// Told by its summary: mean, deviation, length and extremes all stay within the tolerance, |a − b| ≤ atol + rtol |b|.
public struct UnchangedTensor: SageMakerTensorRule {
    public static let name = "UnchangedTensor"
    public static let summary = "a tensor does not change from one captured step to the next"
    public static let parameters = [
        TensorChoice.collectionNames, TensorChoice.tensorRegex,
        Hyperparameter(
            "num_steps", .integer(minimum: 2, maximum: 1000), default: "3", "how many captured steps it is the same over"),
        Hyperparameter("rtol", .nonNegative, default: "1e-05", "relative tolerance"),
        Hyperparameter("atol", .nonNegative, default: "1e-08", "absolute tolerance"),
        Hyperparameter("equal_nan", .choice(["False", "True"]), default: "False", "whether NaNs are equal"),
    ]
    var choice: TensorChoice
    private let count: Int, relative: Double, absolute: Double, equalNaN: Bool
    /// Of each tensor what it was like last, and over how many captured steps it has been the same.
    private var last: [String: (tensor: TensorSummary, count: Int)] = [:]

    public init(_ parameters: RuleParameters) {
        choice = TensorChoice(parameters)
        (count, relative, absolute) = (parameters.whole("num_steps"), parameters.number("rtol"), parameters.number("atol"))
        equalNaN = parameters.flag("equal_nan")
    }

    mutating func fault(in tensors: [TensorSummary], _ step: TensorsOfStep) -> TensorFault? {
        for tensor in tensors {
            let same = last[tensor.name].map { isSame($0.tensor, tensor) ? $0.count + 1 : 1 } ?? 1
            if same >= count {
                return TensorFault(
                    tensor: tensor, summary: "\(tensor.name) has been the same over \(same) captured steps",
                    evidence: [.init("captured steps", Double(same)), .init("threshold", Double(count))],
                    cause: "it is frozen, no optimiser has it, or the learning rate is 0",
                    remedies: [.init("see that the optimiser has it and that its gradient is not 0")])
            }
            last[tensor.name] = (tensor, same)
        }
        return nil
    }

    private func isSame(_ old: TensorSummary, _ new: TensorSummary) -> Bool {
        guard old.nans == new.nans, old.nans == 0 || equalNaN, old.infinities == new.infinities else { return false }
        func isClose(_ first: Double, _ second: Double) -> Bool { abs(first - second) <= absolute + relative * abs(second) }
        return isClose(old.mean, new.mean) && isClose(old.standardDeviation, new.standardDeviation) && isClose(old.l2, new.l2)
            && isClose(old.minimum ?? 0, new.minimum ?? 0) && isClose(old.maximum ?? 0, new.maximum ?? 0)
    }
}
