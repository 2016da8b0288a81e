import Events

extension RuleReport {
    /// - Parameter run: what it looks at; nil = no run in particular.
    init(_ entry: RuleSelection.Entry, _ stand: RuleStand, of run: RunRecord? = nil) {
        let isStill = stand.state == .waitingForData || stand.state == .disabled
        // What can never come is not waited for, and what was never looked at is not well.
        let isIdle = stand.state == .waitingForData || stand.state == .ok
        let never = isIdle ? run.flatMap { entry.rule.inapplicable(to: $0) } : nil
        self.init(
            name: stand.name, summary: entry.rule.summary, origin: entry.origin, state: never == nil ? stand.state : .disabled,
            step: isStill || never != nil ? nil : stand.step,
            reason: never ?? stand.reason, wait: never == nil ? stand.wait : nil, parameters: entry.parameterValues,
            line: entry.wholeLine,
            alert: stand.alert)
    }

    /// Every rule there is, with its defaults.
    public static var catalogue: [RuleReport] {
        RuleCatalogue.every.map {
            let entry = RuleSelection.Entry(rule: $0.init(), parameters: RuleParameters(of: $0), type: $0)
            return RuleReport(entry, RuleStand(entry.rule))
        }
    }
}

extension RuleSelection.Entry {
    var origin: RuleReport.Origin {
        guard let type else { return .own }
        if RuleCatalogue.profiler.contains(where: { $0 == type }) { return .profiler }
        return RuleCatalogue.sageMaker.contains { $0 == type } ? .sagemaker : .descent
    }

    var parameterValues: [RuleReport.Parameter] {
        guard let type, let parameters else { return [] }
        return parameters.all(of: type).map {
            .init(
                name: $0.parameter.name, value: $0.value, defaultValue: $0.parameter.defaultValue, summary: $0.parameter.summary,
                validValues: $0.parameter.validValues)
        }
    }

    /// With every parameter, so that one sees what can be set.
    var wholeLine: String? {
        guard let type, let parameters else { return line }
        let values = parameters.all(of: type).map { ($0.parameter.name, $0.value) }
        return values.isEmpty ? nil : RuleStatement.text(type.name, values)
    }
}
