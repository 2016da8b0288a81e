extension KeyContext {
    static let menu = KeyContext("In a list")
    static let themes = KeyContext("Choosing a theme")
}

extension StudioAction {
    static let menuRun = StudioAction("menu.run")
    static let menuDown = StudioAction("menu.down")
    static let menuUp = StudioAction("menu.up")
    static let menuHide = StudioAction("menu.hide")
    static let menuRaise = StudioAction("menu.raise")
    static let menuLower = StudioAction("menu.lower")
    static let menuPageDown = StudioAction("menu.page-down")
    static let menuPageUp = StudioAction("menu.page-up")
    static let themeRight = StudioAction("theme.right")
    static let themeLeft = StudioAction("theme.left")
    static let menuDelete = StudioAction("menu.delete")
}

extension KeyTable {
    /// In a menu.
    static let menus = KeyGroup([
        KeyBinding(.menuRun, "enter", [.menu], hint: "choose", priority: 10, "Do or choose the selected entry."),
        KeyBinding(.menuDown, "down ctrl-n ctrl-j tab", [.menu], hint: "down", priority: 20, "Select the next entry."),
        KeyBinding(.menuUp, "up ctrl-p shift-tab", [.menu], hint: "up", priority: 21, "Select the previous entry."),
        KeyBinding(
            .menuHide, "ctrl-t", [.menu], hint: "show/hide", priority: 30, "Leave the metric out of the charts of all metrics.",
            unless: needsMetrics),
        KeyBinding(
            .menuRaise, "shift-up", [.menu], hint: "move up", priority: 31, "Show the metric earlier.", unless: needsMetrics),
        KeyBinding(.menuLower, "shift-down", [.menu], "Show the metric later.", unless: needsMetrics),
        KeyBinding(.menuPageDown, "pgdn", [.menu], "Move down one page of entries."),
        KeyBinding(.menuPageUp, "pgup", [.menu], "Move up one page of entries."),
        KeyBinding(.menuDelete, "del", [.menu], hint: "remove", priority: 25, "Remove the selected view.") {
            if let menu = $0.popups.last as? Menu, menu.kind == .views { nil } else { "only views can be removed" }
        },
        KeyBinding(.themeRight, "right", [.themes], hint: "next theme", priority: 5, "Show the screen in the next theme."),
        KeyBinding(.themeLeft, "left", [.themes], "Show the screen in the theme before."),
    ]) { $0.performMenu($1) }

    @Sendable static func needsMetrics(_ state: AppState) -> String? {
        if let menu = state.popups.last as? Menu, menu.kind == .metrics { nil } else { "only metrics are arranged" }
    }
}
