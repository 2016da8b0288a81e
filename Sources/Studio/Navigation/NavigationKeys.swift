extension StudioAction {
    static let focusDatasets = StudioAction("pane.datasets")
    static let focusExperiments = StudioAction("pane.experiments")
    static let focusCurves = StudioAction("pane.curves")
    static let focusAlerts = StudioAction("pane.alerts")
    static let stepBack = StudioAction("app.history-back")
    static let stepForward = StudioAction("app.history-forward")
    static let closeScreen = StudioAction("app.close")
    static let related = StudioAction("app.related")
}

extension KeyTable {
    /// Getting about: the same keys everywhere.
    static let navigation = KeyGroup([
        KeyBinding(.focusDatasets, "1", [.global], "Go to the Datasets pane, from anywhere."),
        KeyBinding(.focusExperiments, "2", [.global], "Go to the Experiments pane, from anywhere."),
        KeyBinding(.focusCurves, "3", [.global], "Go to the Curves pane, from anywhere."),
        KeyBinding(.focusAlerts, "4", [.global], "Go to the Alerts pane, from anywhere."),
        KeyBinding(
            .related, "'", [.global], hint: "go to…", priority: 38,
            "Go to what belongs to the selected object: its run, data, parent, alerts, comparison, and more."
        ) { $0.related == nil ? "nothing is selected that anything belongs to" : nil },
        KeyBinding(.stepBack, "ctrl-o alt-left", [.global], priority: 89, "Go back to where you were before, as it was.") {
            $0.history.back.isEmpty ? "there is no place further back" : nil
        },
        KeyBinding(.stepForward, "alt-right", [.global], priority: 89, "Go forward again to where you went back from.") {
            $0.history.forward.isEmpty ? "there is no place further on" : nil
        },
        KeyBinding(.closeScreen, "q", [.screen], hint: "close", priority: 92, "Close the screen."),
    ]) { $0.performNavigation($1) }
}
