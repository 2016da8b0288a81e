import Events

extension StudioAction {
    static let showInsights = StudioAction("run.insights")
}

extension KeyTable {
    /// What the debugger looks for.
    static let insights = KeyGroup([
        KeyBinding(
            .showInsights, "D", [.experiments, .alerts, .runPage], hint: "insights", priority: 38,
            "Show how every rule of the debugger stands in the run, and the alerts of all runs."
        ) { $0.insightsRun == nil ? "there is no run" : nil }
    ]) { state, _ in state.insightsRun.map { state.open(InsightsPage($0)) } ?? [] }
}

extension AppState {
    /// The run that rules are asked about: that of the alert, where one is looked at.
    var insightsRun: RunID? {
        if screens.isEmpty, focus == .alerts, let item = alerts.selected { return item.run }
        return subjectID
    }
}
