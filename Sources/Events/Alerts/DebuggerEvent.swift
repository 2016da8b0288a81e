import JSON

/// What the debugger found.
public enum DebuggerEvent: EventDomain {
    /// A rule found something wrong. Posted once a finding.
    case alertRaised(Alert)
    /// A rule stands otherwise than before: it suspects or has found something, that is gone, it cannot look, or was switched off. Posted
    /// when its state changes, after the alert where there is one; not when it has merely seen enough to look.
    case ruleEvaluated(RuleEvaluation)
    /// The user changed the rules that look at a run. Posted by whoever trains it, before what the changed rules now say: each of them
    /// tells how it stands.
    case rulesChanged(RulesChange)
    /// A run that was started with an alert's remedy has ended and was compared with the one that the alert was raised in. Posted of the
    /// new run.
    case remedyMeasured(RemedyOutcome)
}

extension EventName {
    public static let alertRaised = EventName("alertRaised")
    public static let ruleEvaluated = EventName("ruleEvaluated")
    public static let rulesChanged = EventName("rulesChanged")
    public static let remedyMeasured = EventName("remedyMeasured")
}

extension DebuggerEvent {
    public var name: EventName {
        switch self {
        case .alertRaised: .alertRaised
        case .ruleEvaluated: .ruleEvaluated
        case .rulesChanged: .rulesChanged
        case .remedyMeasured: .remedyMeasured
        }
    }

    public var members: [JSONValue.Member] {
        switch self {
        case .alertRaised(let payload): payload.members
        case .ruleEvaluated(let payload): payload.members
        case .rulesChanged(let payload): payload.members
        case .remedyMeasured(let payload): payload.members
        }
    }

    public init?(name: EventName, json: JSONValue) {
        switch name {
        case .alertRaised: self.init(Alert(json: json), Self.alertRaised)
        case .ruleEvaluated: self.init(RuleEvaluation(json: json), Self.ruleEvaluated)
        case .rulesChanged: self.init(RulesChange(json: json), Self.rulesChanged)
        case .remedyMeasured: self.init(RemedyOutcome(json: json), Self.remedyMeasured)
        default: return nil
        }
    }
}
