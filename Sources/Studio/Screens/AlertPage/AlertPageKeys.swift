extension KeyContext {
    static let alertPage = KeyContext("On an alert's page")
}

extension StudioAction {
    static let nextAlert = StudioAction("alert.next")
    static let previousAlert = StudioAction("alert.previous")
    static let alertOfRun = StudioAction("run.alert")
}

extension KeyTable {
    /// On the page of an alert, beside the keys that it shares with the Alerts pane.
    static let alertPage = KeyGroup([
        KeyBinding(.nextAlert, ">", [.alertPage], hint: "next alert", priority: 22, "Show the next alert of the list."),
        KeyBinding(.previousAlert, "<", [.alertPage], "Show the alert before it in the list."),
        KeyBinding(
            .alertOfRun, "!", [.curves, .experiments, .runPage], hint: "alert", priority: 38,
            "Show an alert of the run with its evidence: the nearest to the cursor of the curves, else the newest."
        ) { $0.alertOfSubject == nil ? "the debugger found nothing wrong with this run" : nil },
    ]) { state, action in
        switch action {
        case .alertOfRun: return state.alertOfSubject.map { state.showAlert($0) } ?? []
        default:
            guard let page = state.top as? AlertPage,
                let next = state.alerts.item(after: page.item, by: action == .nextAlert ? 1 : -1)
            else {
                state.say("there is no other alert", .muted)
                return []
            }
            return state.showAlert(next)
        }
    }
}
