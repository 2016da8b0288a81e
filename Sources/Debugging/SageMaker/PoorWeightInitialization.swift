import Events
import Hyperparameters

/// SageMaker's rule: within the first `steps` steps variances of layers lie far apart, gradients are all alike, or the loss does not fall.
///
/// Any of the three is enough. Variances are of what goes into activations, by the pattern, where that is captured, else of weights; what
/// gradients spread over is from their 5th to their 95th percentile, as their histograms tell it.
public struct PoorWeightInitialization: ParameterisedRule {
    public static let name = "PoorWeightInitialization"
    public static let summary = "the first steps show that weights begin badly scaled"
    public static let parameters = [
        Hyperparameter(
            "activation_inputs_regex", .text(example: ".*relu_input"), default: ".*relu_input",
            "a regular expression for what goes into activations"),
        Hyperparameter("threshold", .positive, default: "10.0", "the largest ratio of two layers' variances"),
        Hyperparameter("distribution_range", .nonNegative, default: "0.001", "the least that gradients spread over"),
        Hyperparameter("patience", .integer(minimum: 1, maximum: .max), default: "5", "steps in which the loss may not fall"),
        Hyperparameter("steps", .integer(minimum: 1, maximum: .max), default: "10", "how many of the first steps it looks at"),
    ]
    private let threshold: Double, range: Double, patience: Int, steps: Int
    private let pattern: TensorPattern?
    private let fault: String?
    private var best = Double.infinity
    private var count = 0

    public init(_ parameters: RuleParameters) {
        (threshold, range) = (parameters.number("threshold"), parameters.number("distribution_range"))
        (patience, steps) = (parameters.whole("patience"), parameters.whole("steps"))
        let text = parameters.text("activation_inputs_regex") ?? ".*relu_input"
        do throws(TensorPattern.Fault) { (pattern, fault) = (try TensorPattern(text), nil) } catch {
            (pattern, fault) = (nil, "activation_inputs_regex '\(text)' cannot be read: \(error.message)")
        }
    }

    public static func wants(_ metric: MetricName, of run: RunRecord) -> Bool { metric == .trainLoss }
    public static func wantsTensors(of run: RunRecord) -> Bool { true }

    public mutating func observe(_ input: RuleInput, of run: RunRecord) -> RuleFinding? {
        if let fault { return RuleFinding(.failed(fault)) }
        switch input {
        case .samples(let stretch):
            return stretch.firstFinding { sample in
                guard sample.step <= steps, sample.value.isFinite else { return nil }
                count = sample.value < best ? 0 : count + 1
                best = min(best, sample.value)
                guard count >= patience else { return nil }
                return alert(
                    sample.step, "the loss has not fallen for \(count) of the first \(sample.step) steps", nil,
                    [.init("steps", Double(count)), .init("threshold", Double(patience))])
            }
        case .tensors(let tensors) where tensors.step <= steps: return look(tensors).map { RuleFinding($0) }
        default: return nil
        }
    }

    private func look(_ tensors: TensorsOfStep) -> Alert? {
        let inputs = tensors.summaries.filter { pattern?.matches($0.name) ?? false }
        let layers = (inputs.isEmpty ? tensors.summaries(of: .weights) : inputs).filter { $0.count > 1 }.sorted {
            $0.variance < $1.variance
        }
        if layers.count > 1, let least = layers.first, let most = layers.last, most.variance > threshold * least.variance {
            return alert(
                tensors.step,
                "\(most.name) varies \(rounded(most.variance / max(least.variance, .leastNormalMagnitude))) times as much as \(least.name)",
                most.name,
                [
                    .init("ratio of variances", most.variance / max(least.variance, .leastNormalMagnitude)),
                    .init("threshold", threshold),
                ])
        }
        let spreads = tensors.summaries(of: .gradients).compactMap { tensor -> (TensorSummary, Double)? in
            guard let low = tensor.quantile(0.05), let high = tensor.quantile(0.95) else { return nil }
            return (tensor, high - low)
        }
        guard let (tensor, spread) = spreads.min(by: { $0.1 < $1.1 }), spread < range else { return nil }
        return alert(
            tensors.step, "\(tensor.name) spreads over \(rounded(spread))", tensor.name,
            [.init("5th to 95th percentile", spread), .init("threshold", range)])
    }

    private func alert(_ step: Int, _ summary: String, _ tensor: String?, _ evidence: [Alert.Evidence]) -> Alert {
        Alert(
            rule: Self.name, severity: .warning, step: step, summary: summary, evidence: evidence,
            cause: "weights begin too large, too small, or all alike",
            remedies: [.init("scale initial weights to the width of the layer before (Xavier, He), and let none begin alike")],
            tensor: tensor)
    }
}
