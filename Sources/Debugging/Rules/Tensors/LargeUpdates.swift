import CheckedNumbers
import Events

/// A single step changes weights by half of their length and more: the middle one of all matrices, at one captured step.
///
/// In sound training a step changes them by about a thousandth; the first steps of small weights by a tenth.
public struct LargeUpdates: Rule {
    public static let name = "LargeUpdates"
    public static let summary = "single steps change weights by half of their length"
    private static let many = 0.5, leastMatrices = 2

    public init() {}

    public static func wantsTensors(of run: RunRecord) -> Bool { run.request.isScript }

    public mutating func observe(_ input: RuleInput, of run: RunRecord) -> RuleFinding? {
        guard case .tensors(let tensors) = input else { return nil }
        let updates = tensors.summaries(of: .updates).filter { update in
            guard !update.hasNonFinite, update.l2.isFinite, update.name.hasPrefix("update/") else { return false }
            return tensors[String(update.name.dropFirst(7))].map { $0.shape.count > 1 } ?? false
        }
        let ratios = updates.compactMap { update in update.updateRatio.map { (name: update.name, ratio: $0) } }
            .filter(\.ratio.isFinite).sorted { $0.ratio < $1.ratio }
        guard ratios.count >= Self.leastMatrices, case let middle = ratios[(ratios.count - 1) / 2], middle.ratio > Self.many
        else {
            return nil
        }
        return RuleFinding(
            Alert(
                rule: Self.name, severity: .issue, step: tensors.step,
                summary: "one step changes \(middle.name.dropFirst(7)) by \(rounded(100 * middle.ratio)) % of its length",
                evidence: [
                    .init("update over weights", middle.ratio), .init("threshold", Self.many),
                    .init("matrices", Double(ratios.count)),
                ],
                cause: "the steps are too large: the learning rate is far too high for these gradients",
                remedies: LearningRateRemedy.smaller(run, by: 100), tensor: middle.name, sampleSize: ratios.count))
    }
}
