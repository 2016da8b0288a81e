import Events

/// A rule beside a run: what it knows, and how it stands.
struct RuleStand {
    let name: String
    var rule: any LiveRule
    private(set) var state = RuleState.waitingForData
    /// Why it stands so, and since which step.
    private(set) var reason = ""
    private(set) var step = 0
    /// What it found, while that stands.
    private(set) var alert: Alert?
    /// Whether it was shown anything that it looks at.
    private var hasSeen = false

    /// - Parameter isOff: whether it does not look at all.
    init(_ rule: any LiveRule, isOff: Bool = false) {
        name = rule.name
        self.rule = rule
        state = isOff ? .disabled : .waitingForData
    }

    init(_ entry: RuleSelection.Entry) { self.init(entry.rule, isOff: entry.isOff) }

    /// Whether it is shown what happens.
    var isLooking: Bool {
        switch state {
        case .issue: rule.clears
        case .error, .disabled: false
        case .waitingForData, .ok, .suspect, .cleared: true
        }
    }

    /// What it waits for; nil when it has seen enough.
    var wait: RuleWait? {
        guard state == .waitingForData else { return nil }
        return rule.waits ?? .once("data")
    }

    /// Takes note of what it was shown: it may have seen enough now.
    mutating func noteSeen(_ input: RuleInput, at step: Int) {
        guard state == .waitingForData else { return }
        switch input {
        case .samples, .tensors, .trainingData, .profiled, .observed, .evaluated: hasSeen = true
        default: break
        }
        if hasSeen, rule.waits == nil { stand(.ok, at: step, "") }
    }

    /// Takes what a look came to.
    /// - Returns: whether that changes how it stands.
    mutating func take(_ verdict: RuleVerdict, at step: Int) -> Bool {
        switch (verdict, state) {
        case (.raised, .issue), (_, .error), (_, .disabled), (.suspected, .issue), (.calmed, .issue): return false
        case (.raised(let found), _):
            alert = found
            stand(.issue, at: found.step, found.summary)
        case (.suspected(let why), _):
            if state == .suspect { return false }
            stand(.suspect, at: step, why)
        case (.calmed, _):
            guard state == .suspect else { return false }
            stand(.ok, at: step, "")
        case (.cleared(let why), _):
            guard state == .issue else { return false }
            alert = nil
            stand(.cleared, at: step, why)
        case (.failed(let why), _): stand(.error, at: step, why)
        }
        return true
    }

    /// What it found was told before, in these words.
    mutating func adopt(_ told: Alert) {
        alert = told
        stand(.issue, at: told.step, told.summary)
    }

    private mutating func stand(_ state: RuleState, at step: Int, _ reason: String) {
        (self.state, self.step, self.reason) = (state, step, reason)
    }

    var evaluation: RuleEvaluation { RuleEvaluation(rule: name, state: state, step: step, reason: reason) }
}
