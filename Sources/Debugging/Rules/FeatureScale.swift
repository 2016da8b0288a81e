import Events

/// Features, or the target, are on scales that no one step size suits, and are not normalised: standard deviations more than 100 times
/// apart, a mean more than 30 of them away from 0, a target of over 1,000.
public struct FeatureScale: Rule {
    public static let name = "FeatureScale"
    public static let summary = "features or the target are on scales that no step size suits, and are not normalised"

    /// Of scripts it looks at what the model is fed.
    public static let observed: Set = ["model", "inputs"]
    private var ofScript = InputScale()

    public init() {}

    public mutating func observe(_ input: RuleInput, of run: RunRecord) -> RuleFinding? {
        if case .observed(let seen) = input { return ofScript.look(seen).map { RuleFinding($0) } }
        guard case .trainingData(let data) = input, let fault = ScaleFault(data) else { return nil }
        return RuleFinding(
            Alert(
                rule: Self.name, severity: .issue, step: 0, summary: fault.summary, evidence: fault.evidence, cause: fault.cause,
                remedies: fault.remedies))
    }
}
