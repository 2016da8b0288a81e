import Events

extension [DebuggerEvent] {
    var alerts: [Alert] {
        compactMap { event in
            if case .alertRaised(let alert) = event { alert } else { nil }
        }
    }

    /// Each state a rule came to, with the step from which on: `Issue 3`.
    func states(of rule: String) -> [String] {
        compactMap { event in
            guard case .ruleEvaluated(let evaluation) = event, evaluation.rule == rule else { return nil }
            return "\(evaluation.state.rawValue) \(evaluation.step)"
        }
    }
}
