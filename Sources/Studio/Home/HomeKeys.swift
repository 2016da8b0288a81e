extension KeyContext {
    static let filter = KeyContext("While filtering")
}

extension StudioAction {
    static let nextPane = StudioAction("pane.next")
    static let previousPane = StudioAction("pane.previous")
    static let zoom = StudioAction("pane.zoom")
    static let down = StudioAction("list.down")
    static let up = StudioAction("list.up")
    static let first = StudioAction("list.first")
    static let last = StudioAction("list.last")
    static let pageDown = StudioAction("list.page-down")
    static let pageUp = StudioAction("list.page-up")
    static let halfDown = StudioAction("list.half-down")
    static let halfUp = StudioAction("list.half-up")
    static let filterAccept = StudioAction("filter.accept")
    static let filterComplete = StudioAction("filter.complete")
    static let filterPageDown = StudioAction("filter.page-down")
    static let filterPageUp = StudioAction("filter.page-up")
}

extension KeyTable {
    /// Going from pane to pane.
    static let panes = KeyGroup([
        KeyBinding(.nextPane, "tab", [.home], hint: "next pane", priority: 87, "Focus the next pane."),
        KeyBinding(.previousPane, "shift-tab", [.home], priority: 87, "Focus the previous pane."),
        KeyBinding(.zoom, "z", [.home], hint: "zoom", priority: 80, "Show the focused pane on the whole screen, and back."),
    ]) { $0.performPane($1) }

    /// Moving in the list of the focused pane.
    static let lists = KeyGroup([
        KeyBinding(.down, "j down", lists3 + [.filter], "Select the next row."),
        KeyBinding(.up, "k up", lists3 + [.filter], "Select the previous row."),
        KeyBinding(.first, "g home", lists3, "Select the first row."),
        KeyBinding(.last, "G end", lists3, "Select the last row."),
        KeyBinding(.pageDown, "pgdn ctrl-f", lists3, "Move down one page."),
        KeyBinding(.pageUp, "pgup ctrl-b", lists3, "Move up one page."),
        KeyBinding(.halfDown, "ctrl-d", lists3, "Move down half a page."),
        KeyBinding(.halfUp, "ctrl-u", lists3, "Move up half a page."),
    ]) { $0.performMove($1) }

    /// While a filter is typed.
    static let filters = KeyGroup([
        KeyBinding(
            .filterAccept, "enter", [.filter], hint: "keep filter", priority: 10, "Keep the filter and go back to the list."),
        KeyBinding(
            .filterComplete, "tab", [.filter], hint: "complete", priority: 12, "Complete the name or value at the cursor."
        ) {
            $0.focus == .experiments ? nil : "only the runs' filter has names to complete"
        },
        KeyBinding(.filterPageDown, "pgdn", [.filter], "Move down one page of what the filter shows."),
        KeyBinding(.filterPageUp, "pgup", [.filter], "Move up one page of what the filter shows."),
    ]) { $0.performFilter($1) }

    private static let lists3: [KeyContext] = [.datasets, .experiments, .alerts]
}
