import Events
import Hyperparameters

/// Units of a layer lie where their function is flat for almost every row: more than half of them, by three standard deviations of their
/// number, at three of the last four captured steps. Units that are inactive are another rule's.
public struct SaturatedUnits: ParameterisedRule {
    public static let name = "SaturatedUnits"
    public static let summary = "many units of a layer lie where their function is flat"
    public static let clears = true
    public static let parameters = [
        Hyperparameter("share", .openFraction, default: "0.5", "the share of a layer's units that may be saturated")
    ]
    private static let threshold = 3.0

    private let many: Double
    private var watch = TensorWatch()
    private var suspects = SettingSuspects()

    public init(_ parameters: RuleParameters) { many = parameters.number("share") }

    public var waits: RuleWait? { watch.waits }

    public static func wantsTensors(of run: RunRecord) -> Bool { true }

    public mutating func observe(_ input: RuleInput, of run: RunRecord) -> RuleFinding? {
        suspects.note(input)
        if case .ended = input { return watch.end() }
        guard case .tensors(let tensors) = input else { return nil }
        let layers = tensors.summaries(of: .activations).filter { ($0.units?.count ?? 0) > 0 && !$0.hasNonFinite }
        guard !layers.isEmpty else { return nil }
        let judged = layers.compactMap { tensor -> (tensor: TensorSummary, share: Double, z: Double)? in
            guard let units = tensor.units else { return nil }
            // Of a function with one flat side both are counted.
            let share = Double(max(0, units.saturated - units.inactive)) / Double(units.count)
            return (tensor, share, TensorSummary.excess(share, over: many, of: units.count))
        }
        let worst = judged.filter { $0.z > Self.threshold }.max { $0.z < $1.z }
        return watch.look(
            worst.map { alert($0.tensor, $0.share, $0.z, tensors.step, run) }, well: "units answer to what comes in again")
    }

    private func alert(_ tensor: TensorSummary, _ share: Double, _ z: Double, _ step: Int, _ run: RunRecord) -> Alert {
        let found = suspects.suspects(of: .overshoots, in: run)
        return Alert(
            rule: Self.name, severity: .warning, step: step,
            summary: "\(rounded(100 * share)) % of the units of \(tensor.name) are saturated",
            evidence: [.init("share of saturated units", share), .init("z", z), .init("threshold", Self.threshold)],
            cause: found.first?.cause ?? "what comes in is so large that the function is flat there, and passes no gradient on",
            remedies: NormalisationRemedy.ifOff(run) + found.remedies + LearningRateRemedy.smaller(run, by: 3),
            tensor: tensor.name, sampleSize: tensor.units?.count, errorRate: 0.0013)
    }
}
