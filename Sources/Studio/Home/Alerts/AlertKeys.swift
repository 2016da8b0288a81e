extension KeyContext {
    static let alerts = KeyContext("Alerts", isHome: true)
}

extension StudioAction {
    static let fixAlert = StudioAction("alert.fix")
    static let showAlert = StudioAction("alert.show")
    static let alertInChart = StudioAction("alert.in-chart")
    static let nextRemedy = StudioAction("alert.next-remedy")
    static let previousRemedy = StudioAction("alert.previous-remedy")
}

extension KeyTable {
    /// The Alerts pane.
    static let alerts = KeyGroup([
        KeyBinding(
            .fixAlert, "f", [.alerts, .alertPage], hint: "fix…", priority: 12,
            "Open the new-run form with the remedy applied to the run's settings; what a monitor found is mended by training again.",
            unless: AlertRefusal.fix),
        KeyBinding(
            .showAlert, "enter", [.alerts], hint: "evidence", priority: 14,
            "Show the alert with its evidence as a picture; of an alarm its endpoint, of a monitor its page.",
            unless: AlertRefusal.none),
        KeyBinding(
            .alertInChart, "v", [.alerts, .alertPage], hint: "in chart", priority: 16,
            "Show the run's curve with the cursor at the alert's step.", unless: AlertRefusal.chart),
        KeyBinding(
            .nextRemedy, "l right", [.alerts, .alertPage], hint: "other remedy", priority: 20, "Choose the alert's next remedy."),
        KeyBinding(.previousRemedy, "h left", [.alerts, .alertPage], "Choose the alert's previous remedy."),
    ]) { $0.performAlert($1) }
}
