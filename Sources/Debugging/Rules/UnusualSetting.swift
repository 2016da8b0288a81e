import Events

/// A setting that was chosen by hand lies so far from the algorithm's own choice that the run is hardly what it could be, though its
/// curves look like those of any other. A remark: who chose it may know better.
public struct UnusualSetting: Rule {
    public static let name = "UnusualSetting"
    public static let summary = "a setting lies a hundred times from what the algorithm would choose"
    /// Powers of ten.
    private static let leastDistance = 1.9

    private var suspects = SettingSuspects()
    private var hasEnded = false

    public init() {}

    public var waits: RuleWait? { hasEnded ? nil : RuleWait(0, of: 1, "the run's end") }

    public mutating func observe(_ input: RuleInput, of run: RunRecord) -> RuleFinding? {
        suspects.note(input)
        guard case .ended(.completed, _, let step) = input else { return nil }
        hasEnded = true
        let symptoms: [SettingSuspects.Symptom] = [.overshoots, .learnsNothing, .learnsByHeart]
        var found: [SettingSuspects.Suspect] = []
        for suspect in symptoms.flatMap({ suspects.suspects(of: $0, in: run) })
        where suspect.distance >= Self.leastDistance && !found.contains(where: { $0.name == suspect.name }) {
            found.append(suspect)
        }
        found.sort { $0.distance > $1.distance }
        guard let first = found.first else { return nil }
        return RuleFinding(
            Alert(
                rule: Self.name, severity: .info, step: step,
                summary: "\(first.name) lies about \(rounded(Self.times(first.distance))) times from what is usual",
                evidence: found.map { .init("\($0.name), powers of ten from the usual", $0.distance) }, cause: first.cause,
                remedies: found.remedies))
    }

    /// To one digit: how far is a matter of magnitude.
    private static func times(_ distance: Double) -> Double {
        var unit = 1.0, left = distance
        while left >= 1 {
            (unit, left) = (unit * 10, left - 1)
        }
        return unit * (left > 0.85 ? 8 : left > 0.65 ? 5 : left > 0.4 ? 3 : left > 0.15 ? 2 : 1)
    }
}
