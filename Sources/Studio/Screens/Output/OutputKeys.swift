extension KeyContext {
    static let output = KeyContext("In a script's output")
}

extension StudioAction {
    static let showOutput = StudioAction("run.output")
    static let outputDown = StudioAction("output.down")
    static let outputUp = StudioAction("output.up")
    static let outputPageDown = StudioAction("output.page-down")
    static let outputPageUp = StudioAction("output.page-up")
    static let outputHalfDown = StudioAction("output.half-down")
    static let outputHalfUp = StudioAction("output.half-up")
    static let outputStart = StudioAction("output.start")
    static let outputEnd = StudioAction("output.end")
    static let outputLeft = StudioAction("output.left")
    static let outputRight = StudioAction("output.right")
    static let outputFollow = StudioAction("output.follow")
}

extension KeyTable {
    /// What a script writes.
    static let output = KeyGroup([
        KeyBinding(
            .showOutput, "O", [.experiments, .runPage], hint: "output", priority: 22,
            "Show what a script writes, as it comes."
        ) { $0.outputRefusal },
        KeyBinding(.outputDown, "j down", [.output], hint: "scroll", priority: 10, "Scroll down."),
        KeyBinding(.outputUp, "k up", [.output], "Scroll up."),
        KeyBinding(.outputPageDown, "pgdn ctrl-f space", [.output], "Scroll down one page."),
        KeyBinding(.outputPageUp, "pgup ctrl-b", [.output], "Scroll up one page."),
        KeyBinding(.outputHalfDown, "ctrl-d", [.output], "Scroll down half a page."),
        KeyBinding(.outputHalfUp, "ctrl-u", [.output], "Scroll up half a page."),
        KeyBinding(.outputStart, "g home", [.output], "Go to the first line."),
        KeyBinding(.outputEnd, "G end", [.output], "Go to the last line, and follow what comes."),
        KeyBinding(.outputRight, "right l", [.output], hint: "further right", priority: 30, "Show what is further right."),
        KeyBinding(.outputLeft, "left h", [.output], "Show what is further left."),
        KeyBinding(.outputFollow, "f", [.output], hint: "follow", priority: 12, "Follow what comes, or stay."),
    ]) { state, action in
        if action == .showOutput {
            guard let run = state.subjectRun else { return [] }
            return state.open(OutputPage(run.record.id))
        }
        state.changeTop(OutputPage.self) { page, state in page.perform(action, state) }
        return []
    }
}

extension AppState {
    /// Why there is no output to show; nil when there is.
    var outputRefusal: String? {
        guard let run = subjectRun else { return "no run is selected" }
        return run.record.request.isScript ? nil : "only a script writes output: this run is trained by \(run.record.algorithm)"
    }
}
