extension KeyContext {
    static let global = KeyContext("Everywhere", isHome: true)
    /// On the home screen, whatever pane has the focus.
    static let home = KeyContext("On the home screen", isHome: true)
    /// On every other screen.
    static let screen = KeyContext("On a screen")
}

extension StudioAction {
    static let newRun = StudioAction("run.new")
    static let openData = StudioAction("data.open")
    static let filter = StudioAction("list.filter")
    static let undo = StudioAction("app.undo")
    static let palette = StudioAction("app.palette")
    static let help = StudioAction("app.help")
    static let theme = StudioAction("app.theme")
    static let glyphs = StudioAction("app.glyphs")
    static let mouse = StudioAction("app.mouse")
    static let log = StudioAction("app.log")
    static let back = StudioAction("app.back")
    static let backspace = StudioAction("app.backspace")
    static let quit = StudioAction("app.quit")
    static let exportScreen = StudioAction("app.export-screen")
    static let exportScreenSVG = StudioAction("app.export-screen-svg")
    static let exportScreenText = StudioAction("app.export-screen-text")
    static let copyScreen = StudioAction("app.copy-screen")
    static let redraw = StudioAction("app.redraw")
    static let suspend = StudioAction("app.suspend")
}

extension KeyTable {
    /// The studio itself.
    static let application = KeyGroup([
        KeyBinding(
            .newRun, "n", [.global], hint: "new run…", priority: 10, "Start a new run: choose data, algorithm, hyperparameters."),
        KeyBinding(.openData, "o", [.global], hint: "open data…", priority: 40, "Open a data file and profile it."),
        KeyBinding(
            .filter, "/", [.home], hint: "filter", priority: 60, "Filter the focused list; in the curves, choose a metric."),
        KeyBinding(
            .undo, "u", [.global], hint: "undo", priority: 85, "Undo the last delete, edit, close or cleared marks."
        ) {
            $0.undoStack.isEmpty ? "nothing to undo" : nil
        },
        KeyBinding(.palette, ": ctrl-p", [.global], hint: "commands", priority: 90, "Find any command by name and run it."),
        KeyBinding(
            .help, "? f1", [.global], hint: "help", priority: 91, "Show every key, searchable; enter runs the selected one."),
        KeyBinding(.theme, "T", [.global], priority: 95, "Choose the colour theme, with preview.") {
            $0.themes.isEmpty ? "no themes were found" : nil
        },
        KeyBinding(
            .glyphs, "ctrl-g", [.global], priority: 96, "Draw charts with braille, blocks or plain ASCII: next of the three."),
        KeyBinding(.mouse, "", [.global], priority: 97, "Switch the mouse on or off (shift-drag always selects text)."),
        KeyBinding(.log, "L", [.experiments, .alerts, .datasets, .screen], priority: 97, "Show the log of messages."),
        KeyBinding(
            .back, "esc", [.global, .menu, .form, .prompt, .reading, .steer, .rule, .step, .line, .columns, .filter, .confirm],
            hint: "back",
            priority: 88,
            "Go back one step: close the popup, the screen, the zoom, the filter, the marks."),
        KeyBinding(.backspace, "backspace", [.global], priority: 88, "Go back one step, as esc does."),
        KeyBinding(
            .quit, "q ctrl-c", [.global], hint: "quit", priority: 92,
            "Leave the studio; asks first when jobs are running or a form is filled in. q does it on the home screen only."),
        KeyBinding(
            .exportScreen, "ctrl-e", [.global], priority: 97, "Write the whole screen to a file as it is, or copy it as text."),
        KeyBinding(
            .exportScreenSVG, "", [.global], priority: 97, "Write the whole screen as an SVG image into the current folder."),
        KeyBinding(.exportScreenText, "", [.global], priority: 97, "Write the whole screen as text into the current folder."),
        KeyBinding(.copyScreen, "", [.global], priority: 97, "Copy the whole screen as text to the terminal's clipboard."),
        KeyBinding(.redraw, "ctrl-l", [.global], priority: 98, "Draw the screen anew, if something else wrote on it."),
        KeyBinding(.suspend, "ctrl-z", [.global], priority: 98, "Put the studio to sleep and return to the shell (fg wakes it)."),
    ]) { $0.performApplication($1) }
}
