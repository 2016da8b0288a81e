import Events

/// A rule that speaks of what was observed from inside of how a script trains, once.
protocol ObservationRule: Rule {
    /// What is said of an observation; nil where it is well, or too little was seen.
    mutating func look(_ observation: TrainingObservation, of run: RunRecord) -> Alert?
}

extension ObservationRule {
    public mutating func observe(_ input: RuleInput, of run: RunRecord) -> RuleFinding? {
        guard case .observed(let observation) = input, Self.observed.contains(observation.name) else { return nil }
        return look(observation, of: run).map { RuleFinding($0) }
    }

    public func inapplicable(to run: RunRecord) -> String? {
        guard run.request.isScript else { return "it looks at how a script trains" }
        return run.request.capturesNothing ? "a script is not watched with --debug-save-interval off" : nil
    }

    static func alert(
        _ severity: Alert.Severity, _ observation: TrainingObservation, _ summary: String, evidence: [Alert.Evidence],
        cause: String, remedies: [String], tensor: String? = nil, sampleSize: Int? = nil, errorRate: Double? = nil
    ) -> Alert {
        Alert(
            rule: name, severity: severity, step: observation.step, summary: summary, evidence: evidence, cause: cause,
            remedies: remedies.map { .init($0) }, tensor: tensor, sampleSize: sampleSize, errorRate: errorRate)
    }
}
