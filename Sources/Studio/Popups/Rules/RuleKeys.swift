import Events

extension KeyContext {
    static let insights = KeyContext("Among a run's rules")
    static let rule = KeyContext("While setting a rule")
}

extension StudioAction {
    static let setRule = StudioAction("rules.set")
    static let switchRule = StudioAction("rules.switch")
    static let addRule = StudioAction("rules.add")
    static let acceptRule = StudioAction("rules.accept")
}

extension KeyTable {
    /// Changing the rules of a run while it trains.
    static let rules = KeyGroup([
        KeyBinding(
            .setRule, "e", [.insights], hint: "set…", priority: 11,
            "Change what the rule under the cursor is set to, while the run trains."
        ) { state in
            RuleRefusal.ofRun(state) ?? RuleRefusal.ofRule(state)
                ?? (state.ruleUnderCursor?.line == nil ? "it has nothing to set: t switches it off" : nil)
        },
        KeyBinding(
            .switchRule, "t", [.insights], hint: "on/off", priority: 12,
            "Switch the rule under the cursor off, or on again, while the run trains."
        ) { RuleRefusal.ofRun($0) ?? RuleRefusal.ofRule($0) },
        KeyBinding(
            .addRule, "a", [.insights], hint: "add…", priority: 13,
            "Have one more rule look at the run: one of SageMaker's, or one of your own.", unless: RuleRefusal.ofRun),
        KeyBinding(.acceptRule, "enter ctrl-s", [.rule], hint: "do it", priority: 10, "Have the rule look so."),
    ]) { state, action in state.performRules(action) }
}

/// Why rules cannot be changed just now.
enum RuleRefusal {
    @Sendable static func ofRun(_ state: AppState) -> String? {
        guard let page = state.top as? InsightsPage, let run = state.runs[page.run] else { return "there is no run" }
        if let refusal = run.record.refusal { return refusal }
        if run.status.isActive, run.status != .stopping { return nil }
        return "\(run.record.name) does not train: its rules are as they were"
    }

    @Sendable static func ofRule(_ state: AppState) -> String? {
        state.ruleUnderCursor == nil ? "go to a rule first, with up and down" : nil
    }
}

extension AppState {
    /// The rule that the cursor of the open page is on.
    var ruleUnderCursor: RuleReport? {
        guard let page = screens.last as? InsightsPage, let reports = page.reports, let row = page.placed(self).stop?.row else {
            return nil
        }
        let groups = InsightsText.groups(reports)
        guard groups.indices.contains(row.table), groups[row.table].reports.indices.contains(row.index) else { return nil }
        return groups[row.table].reports[row.index]
    }

    mutating func performRules(_ action: StudioAction) -> [Effect] {
        if action == .acceptRule {
            changeTop(RulePrompt.self) { prompt, _ in prompt.isAccepted = true }
            return acceptRule()
        }
        guard let page = top as? InsightsPage else { return [] }
        switch action {
        case .addRule: open(RulePrompt(page.run, nil))
        case .setRule: if let rule = ruleUnderCursor { open(RulePrompt(page.run, rule)) }
        case .switchRule:
            guard let rule = ruleUnderCursor else { break }
            let isOff = rule.state == .disabled, name = [rule.name]
            let off = RuleEdit(off: name), on = RuleEdit(on: name)
            return change(page.run, isOff ? on : off, back: isOff ? off : on)
        default: unhandled(action)
        }
        return []
    }

    /// Does what is typed, once it is known to be right; until then it waits for that.
    mutating func acceptRule() -> [Effect] {
        guard let prompt = popups.last as? RulePrompt, prompt.isAccepted, let query = prompt.query else { return [] }
        guard let check = prompt.check else { return ask(query) }
        guard check.problem == nil else {
            changeTop(RulePrompt.self) { prompt, _ in prompt.isAccepted = false }
            return []
        }
        popups.removeLast()
        return change(prompt.run, query.edit, back: check.inverse)
    }

    /// Has rules changed, and remembers how to take it back. What comes of it is told by the run.
    private mutating func change(_ run: RunID, _ edit: RuleEdit, back: RuleEdit) -> [Effect] {
        push { state in
            state.say("the rules as before", .good)
            return [.command(.changeRules(run, back))]
        }
        return [.command(.changeRules(run, edit))]
    }
}
