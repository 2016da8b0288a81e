import Events

/// What a look of a rule comes to, where it changes how the rule stands.
public enum RuleVerdict: Sendable, Hashable {
    /// What it looks for is there.
    case raised(Alert)
    /// What it looks for may be there: why. Not certain enough for an alert.
    case suspected(String)
    /// What was suspected is not there.
    case calmed
    /// What was found is gone: why.
    case cleared(String)
    /// It cannot look: what is wrong, and what to do.
    case failed(String)
}

/// What a rule has found, and where.
public struct RuleFinding: Sendable, Hashable {
    public var verdict: RuleVerdict
    /// Place in the stretch of the sample that was the last piece of evidence, by which findings of several rules are put in
    /// order; 0 where the evidence is no sample.
    public var place: Int
    /// From which step on it holds; nil = that of the sample.
    public var step: Int?

    public init(_ verdict: RuleVerdict, at place: Int = 0, step: Int? = nil) {
        self.verdict = verdict
        self.place = place
        self.step = step
    }

    public init(_ alert: Alert, at place: Int = 0) { self.init(.raised(alert), at: place) }

    /// The alert, where something was found.
    public var alert: Alert? {
        if case .raised(let alert) = verdict { alert } else { nil }
    }
}
