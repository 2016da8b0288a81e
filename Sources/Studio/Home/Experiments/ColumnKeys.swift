extension KeyContext {
    static let columns = KeyContext("Choosing columns")
}

extension StudioAction {
    static let columnToggle = StudioAction("columns.toggle")
    static let columnDown = StudioAction("columns.move-down")
    static let columnUp = StudioAction("columns.move-up")
    static let columnsAccept = StudioAction("columns.accept")
    static let columnsReset = StudioAction("columns.reset")
    static let columnNext = StudioAction("columns.next")
    static let columnPrevious = StudioAction("columns.previous")
    static let columnPageNext = StudioAction("columns.page-down")
    static let columnPagePrevious = StudioAction("columns.page-up")
}

extension KeyTable {
    /// Choosing the columns of the runs.
    static let columns = KeyGroup([
        KeyBinding(.columnToggle, "space", [.columns], hint: "show/hide", priority: 10, "Show or hide the selected column."),
        KeyBinding(.columnDown, "J shift-down", [.columns], hint: "move down", priority: 12, "Move the column to the right."),
        KeyBinding(.columnUp, "K shift-up", [.columns], hint: "move up", priority: 13, "Move the column to the left."),
        KeyBinding(.columnsAccept, "enter", [.columns], hint: "done", priority: 14, "Show the table with the chosen columns."),
        KeyBinding(
            .columnsReset, "ctrl-r", [.columns], hint: "automatic", priority: 15, "Show the columns that fit, by importance."),
        KeyBinding(.columnNext, "down tab ctrl-n ctrl-j", [.columns], priority: 20, "Select the next column."),
        KeyBinding(.columnPrevious, "up shift-tab ctrl-p", [.columns], priority: 21, "Select the previous column."),
        KeyBinding(.columnPageNext, "pgdn", [.columns], priority: 22, "Move down one page of columns."),
        KeyBinding(.columnPagePrevious, "pgup", [.columns], priority: 22, "Move up one page of columns."),
    ]) { $0.performColumns($1) }
}
