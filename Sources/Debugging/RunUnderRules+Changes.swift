import Events

extension RunUnderRules {
    /// Shows the rules what the run recorded before it goes on, so that what was found then can clear.
    /// - Returns: where rules stand otherwise than was told: what a rule said at the end that the run had does not hold any more.
    func goOn(after history: RunHistory) -> [DebuggerEvent] {
        let record = record
        _ = show(history)
        take(record)
        let standing = history.standing, told = history.told
        var news: [DebuggerEvent] = []
        for (place, stand) in stands.enumerated() where stand.state != .disabled {
            switch (standing[stand.name], stand.alert) {
            case (let before?, .some): adopt(before, at: place)
            case (.some, nil):
                let why = stand.state == .cleared ? stand.reason : "the run goes on"
                news.append(.ruleEvaluated(RuleEvaluation(rule: stand.name, state: .cleared, step: lastStep, reason: why)))
                if stand.state == .suspect { news.append(.ruleEvaluated(stand.evaluation)) }
            case (nil, let found?): news += [.alertRaised(applicable(found)), .ruleEvaluated(stand.evaluation)]
            case (nil, nil):
                if stand.state.isQuiet != (told[stand.name] ?? .ok).isQuiet { news.append(.ruleEvaluated(stand.evaluation)) }
            }
        }
        return news
    }

    /// Has the rules of a selection look from here on. Those that were changed look anew at what the run recorded so far; the others
    /// go on.
    /// - Parameter history: what was recorded; nil where that cannot be read, and changed rules begin here.
    /// - Returns: how each changed rule stands, after what became of its alert.
    func take(
        _ change: RulesChange, _ selection: RuleSelection, _ history: RunHistory?,
        earlier: (String) -> EarlierRun = { EarlierRun($0, problem: "it is not here") }
    ) -> [DebuggerEvent] {
        let changed = Set(change.changes.map(\.rule))
        var known = Dictionary(stands.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        let before = known
        let anew = selection.entries.filter { changed.contains($0.rule.name) || known[$0.rule.name] == nil }
        let again = RunUnderRules(record: record, stands: anew.map { RuleStand($0) }, algorithm: algorithm)
        _ = again.showEarlier(earlier)
        if let history { _ = again.show(history.upTo(seen, before: change)) }
        for stand in again.stands { known[stand.name] = stand }
        take(selection.entries.compactMap { known[$0.rule.name] })

        let listed = Set(selection.entries.map { $0.rule.name })
        return change.changes.map(\.rule).uniqued.flatMap { name -> [DebuggerEvent] in
            let now = listed.contains(name) ? known[name] : nil
            let why = change.changes.filter { $0.rule == name }.map(\.what).joined(separator: ", ")
            var news: [DebuggerEvent] = []
            let old = before[name]?.alert, isSame = now?.alert.map { old?.isSameFinding(as: $0) ?? false } ?? false
            if old != nil, !isSame {
                news.append(.ruleEvaluated(RuleEvaluation(rule: name, state: .cleared, step: lastStep, reason: why)))
            }
            if let found = now?.alert, !isSame { news.append(.alertRaised(applicable(found))) }
            if var told = now?.evaluation {
                if told.state == .disabled { told.step = lastStep }
                news.append(.ruleEvaluated(told))
            }
            return news
        }
    }
}

extension RuleState {
    /// Whether there is nothing to tell of a rule that was told nothing of.
    fileprivate var isQuiet: Bool {
        switch self {
        case .ok, .waitingForData, .cleared, .disabled: true
        case .suspect, .issue, .error: false
        }
    }
}

extension Alert {
    /// Whether both say the same; what is proposed may depend on the run.
    fileprivate func isSameFinding(as other: Alert) -> Bool {
        (step, summary, evidence) == (other.step, other.summary, other.evidence)
    }
}

extension [String] {
    /// Each once, in the order in which they come first.
    fileprivate var uniqued: [String] {
        var found: Set<String> = []
        return filter { found.insert($0).inserted }
    }
}
