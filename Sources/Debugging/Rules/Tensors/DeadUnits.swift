import Events
import Hyperparameters

/// Units of a layer put out nothing for almost every row, and more of them than a sparse layer has.
///
/// A unit counts that is active for under 1 % of the rows of a batch. A layer is ill where such units are more than half by three
/// standard deviations of their number, or more than a quarter and a tenth more than when it began; at three of the last four captured
/// steps. All layers are one test, and the worst is named. A network that loses less than a quarter of what a constant model does, and is
/// near its best, does without those units and is well.
/// - Source: Sokar et al. (2023), "The dormant neuron phenomenon", for the share of a quarter.
public struct DeadUnits: ParameterisedRule {
    public static let name = "DeadUnits"
    public static let summary = "many units of a layer put out nothing for almost every row"
    public static let clears = true
    public static let parameters = [
        Hyperparameter("share", .openFraction, default: "0.5", "the share of a layer's units that may be inactive")
    ]
    private static let rising = 0.25, rise = 0.1, threshold = 3.0

    private let many: Double
    private var watch = TensorWatch()
    /// The share in each layer when it was first captured.
    private var first: [String: Double] = [:]
    private var suspects = SettingSuspects()
    /// What the network loses now, at its best, at first, and what a constant model does.
    private var loss = (now: Double.nan, best: Double.infinity, first: Double.nan, constant: Double?.none)
    private var trainLoss = MeanSinceEvaluation()

    public init(_ parameters: RuleParameters) { many = parameters.number("share") }

    public var waits: RuleWait? { watch.waits }

    public static func wants(_ metric: MetricName, of run: RunRecord) -> Bool {
        metric == .trainLoss || metric == .validationLoss
    }

    public static func wantsTensors(of run: RunRecord) -> Bool { true }

    /// Whether the network does well with the units that are left: then those that are inactive were not needed, as where weights decay
    /// that no gradient holds up.
    private var doesWell: Bool {
        let usual = loss.constant ?? loss.first
        return loss.now <= 0.25 * usual && loss.now <= 1.25 * loss.best
    }

    private mutating func note(_ stretch: SampleStretch) {
        let training = stretch.index(of: .trainLoss)
        stretch.forEach { sample in
            guard sample.value.isFinite else { return }
            if loss.first.isNaN { loss.first = sample.value }
            guard sample.metric != training else { return trainLoss.add(sample.value) }
            (loss.now, loss.best) = (sample.value, min(loss.best, sample.value))
        }
    }

    public mutating func observe(_ input: RuleInput, of run: RunRecord) -> RuleFinding? {
        suspects.note(input)
        switch input {
        case .ended: return watch.end()
        case .trainingData(let data): loss.constant = data.constantValidationLoss ?? data.constantTrainingLoss
        case .samples(let stretch): note(stretch)
        default: break
        }
        guard case .tensors(let tensors) = input else { return nil }
        let layers = tensors.summaries(of: .activations).filter { $0.units != nil && !$0.hasNonFinite }
        guard !layers.isEmpty else { return nil }
        var worst: (tensor: TensorSummary, share: Double, z: Double)?, count = 0
        for layer in layers {
            guard let share = layer.shareOfInactiveUnits, let units = layer.units?.count else { continue }
            let start = first[layer.name] ?? share
            first[layer.name] = start
            let isRising = share > Self.rising && share > start + Self.rise
            let z = TensorSummary.excess(share, over: isRising ? Self.rising : many, of: units)
            guard z > Self.threshold else { continue }
            count += 1
            if z > worst?.z ?? 0 { worst = (layer, share, z) }
        }
        // Without validation rows the training loss tells.
        if loss.best == .infinity, let mean = trainLoss.take() { loss.now = mean }
        if doesWell { worst = nil }
        return watch.look(
            worst.map { alert($0.tensor, $0.share, $0.z, count, layers.count, tensors.step, run) },
            well: doesWell ? "the network does well without them" : "in every layer enough units are active again")
    }

    private func alert(
        _ tensor: TensorSummary, _ share: Double, _ z: Double, _ count: Int, _ layers: Int, _ step: Int, _ run: RunRecord
    ) -> Alert {
        // Those that never lived were not killed by a step.
        let began = first[tensor.name] ?? share, wasBornDead = began > many
        let found = wasBornDead ? [] : suspects.suspects(of: .overshoots, in: run)
        return Alert(
            rule: Self.name, severity: .warning, step: step,
            summary: "\(rounded(100 * share)) % of the units of \(tensor.name) are inactive"
                + (count > 1 ? ", and many of \(count - 1) other \(count == 2 ? "layer" : "layers")" : ""),
            evidence: [
                .init("share of inactive units", share), .init("share when it began", began),
                .init("z", z), .init("threshold", Self.threshold), .init("layers", Double(layers)),
            ],
            cause: wasBornDead
                ? "they put out nothing from the beginning: weights or biases begin so low, or inputs lie so far off, that no row reaches "
                    + "above 0, where a gradient would come"
                : found.first.map { "\($0.cause), and units that are pushed below 0 get no gradient to come back by" }
                    ?? "a large step pushed them below 0 for every row, where they get no gradient to come back by",
            remedies: wasBornDead
                ? NormalisationRemedy.ifOff(run) + [
                    .init(
                        "begin with biases of 0 and weights as wide as He's: a deviation of the root of 2 over a unit's inputs"),
                    .init("a function that is not flat below 0, such as leaky ReLU or GELU"),
                ] : found.remedies + LearningRateRemedy.smaller(run, by: 3) + NormalisationRemedy.ifOff(run),
            tensor: tensor.name, sampleSize: tensor.units?.count, errorRate: 0.0013)
    }
}
