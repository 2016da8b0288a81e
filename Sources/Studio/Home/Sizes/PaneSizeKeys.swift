extension StudioAction {
    static let paneWider = StudioAction("pane.wider")
    static let paneNarrower = StudioAction("pane.narrower")
    static let paneTaller = StudioAction("pane.taller")
    static let paneShorter = StudioAction("pane.shorter")
    static let paneReset = StudioAction("pane.reset-sizes")
}

extension KeyTable {
    /// How large the panes are.
    static let paneSizes = KeyGroup([
        KeyBinding(
            .paneWider, ") ctrl-right", [.home], hint: "wider", priority: 89,
            "Make the focused pane wider; the mouse moves borders, too."
        ) { $0.paneSizeRefusal(isVertical: true) },
        KeyBinding(.paneNarrower, "( ctrl-left", [.home], priority: 89, "Make the focused pane narrower.") {
            $0.paneSizeRefusal(isVertical: true)
        },
        KeyBinding(.paneTaller, "^ ctrl-up", [.home], hint: "taller", priority: 89, "Make the focused pane taller.") {
            $0.paneSizeRefusal(isVertical: false)
        },
        KeyBinding(.paneShorter, "_ ctrl-down", [.home], priority: 89, "Make the focused pane shorter.") {
            $0.paneSizeRefusal(isVertical: false)
        },
        KeyBinding(
            .paneReset, "\\", [.home], priority: 89,
            "Give all panes their usual sizes; a double click on a border does it for the panes beside it."
        ) {
            $0.settings.paneSizes == PaneSizes() ? "the panes are as large as usual" : nil
        },
    ]) { $0.performPaneSize($1) }
}
