import JSON

/// How a rule stands in a run.
public enum RuleState: String, Sendable, Hashable, CaseIterable {
    /// It has not seen enough to say anything.
    case waitingForData = "WaitingForData"
    /// It looks, and finds nothing wrong.
    case ok = "OK"
    /// What it looks for begins to show, and is not certain.
    case suspect = "Suspect"
    /// It found what it looks for: an alert stands.
    case issue = "Issue"
    /// What it found is gone. It goes on looking.
    case cleared = "Cleared"
    /// It cannot look: why is told.
    case error = "Error"
    /// It was switched off for the run.
    case disabled = "Disabled"
}

/// A rule's state from a step on, and why.
public struct RuleEvaluation: Sendable, Hashable {
    /// The rule's name, as alerts carry it.
    public var rule: String
    public var state: RuleState
    public var step: Int
    /// One line; empty where the state says it all.
    public var reason: String

    public init(rule: String, state: RuleState, step: Int, reason: String = "") {
        self.rule = rule
        self.state = state
        self.step = step
        self.reason = reason
    }
}

extension RuleEvaluation {
    /// Of what is gone: `cleared at step 120: the loss has fallen`.
    public var clearedWords: String { "cleared at step \(step)" + (reason.isEmpty ? "" : ": \(reason)") }

    var members: [JSONValue.Member] {
        [
            .init("rule", .string(rule)), .init("state", .string(state.rawValue)), .init("step", .integer(step)),
            .init("reason", .string(reason)),
        ]
    }

    init?(json: JSONValue) {
        guard let rule = json["rule"]?.string, let state = json["state"]?.string.flatMap(RuleState.init),
            let step = json["step"]?.integer
        else { return nil }
        self.init(rule: rule, state: state, step: step, reason: json["reason"]?.string ?? "")
    }
}
