import Events
import Hyperparameters

/// The first layers get next to no gradient beside the last ones.
///
/// A layer's gradient is measured by its weights, so that neither scale nor width matters: length of the gradient over length of the
/// weights, of the first layer over that of the last. Under a thousandth at three of the last four captured steps it vanishes on its way;
/// between sound layers it keeps within a factor of a hundred. It takes three layers to say so.
public struct VanishingGradients: ParameterisedRule {
    public static let name = "VanishingGradients"
    public static let summary = "the first layers get next to no gradient beside the last"
    public static let clears = true
    public static let parameters = [
        Hyperparameter(
            "threshold", .openFraction, default: "0.001", "the ratio of the first layer's to the last one's that is too small")
    ]
    private let threshold: Double
    private static let leastLayers = 3

    private var watch = TensorWatch()

    public init(_ parameters: RuleParameters) { threshold = parameters.number("threshold") }

    public var waits: RuleWait? { watch.waits }

    public static func wantsTensors(of run: RunRecord) -> Bool { true }

    public mutating func observe(_ input: RuleInput, of run: RunRecord) -> RuleFinding? {
        if case .ended = input { return watch.end() }
        guard case .tensors(let tensors) = input else { return nil }
        let gradients = Dictionary(
            tensors.summaries(of: .gradients).map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        let layers = tensors.summaries(of: .weights).compactMap { weights -> (name: String, ratio: Double)? in
            // What is no matrix or more only scales or shifts.
            guard weights.shape.count > 1, weights.l2 > 0, weights.l2.isFinite,
                let gradient = gradients["gradient/" + weights.name],
                gradient.l2.isFinite, !gradient.hasNonFinite
            else { return nil }
            return (weights.name, gradient.l2 / weights.l2)
        }
        guard layers.count >= Self.leastLayers, let first = layers.first, let last = layers.last, last.ratio > 0 else {
            return nil
        }
        // Nothing at all is cut off, not worn away: others look for that.
        guard first.ratio > 0 else { return nil }
        let ratio = first.ratio / last.ratio
        return watch.look(
            ratio < threshold ? alert(first, last, ratio, layers.count, tensors.step, run) : nil,
            well: "the first layer's gradient is \(rounded(ratio)) of the last one's")
    }

    private func alert(
        _ first: (name: String, ratio: Double), _ last: (name: String, ratio: Double), _ ratio: Double, _ count: Int, _ step: Int,
        _ run: RunRecord
    ) -> Alert {
        Alert(
            rule: Self.name, severity: .warning, step: step,
            summary: "beside its weights the gradient of \(first.name) is \(rounded(ratio)) of that of \(last.name)",
            evidence: [
                .init("first over last", ratio), .init("threshold", threshold),
                .init("gradient over weights, first", first.ratio),
                .init("gradient over weights, last", last.ratio), .init("layers", Double(count)),
            ],
            cause: "each of \(count) layers passes on only a part of the gradient that comes from behind it",
            remedies: activation(run) + NormalisationRemedy.ifOff(run)
                + [.init("fewer layers, ReLU or GELU, normalisation between layers, or residual links")],
            tensor: "gradient/" + first.name, sampleSize: count)
    }

    private func activation(_ run: RunRecord) -> [Alert.Remedy] {
        guard let name = run.hyperparameters["activation"], ["tanh", "sigmoid"].contains(name) else { return [] }
        return [.init("ReLU instead of \(name), which is flat on both sides", set: ["activation": "relu"])]
    }
}
