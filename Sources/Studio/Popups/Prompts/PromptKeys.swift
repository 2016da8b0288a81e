extension KeyContext {
    static let prompt = KeyContext("At a prompt")
    static let line = KeyContext("At a line")
}

extension StudioAction {
    static let lineAccept = StudioAction("line.accept")
    static let lineComplete = StudioAction("line.complete")
    static let promptAccept = StudioAction("prompt.accept")
    static let promptComplete = StudioAction("prompt.complete")
    static let promptDown = StudioAction("prompt.down")
    static let promptUp = StudioAction("prompt.up")
    static let promptPageDown = StudioAction("prompt.page-down")
    static let promptPageUp = StudioAction("prompt.page-up")
}

extension KeyTable {
    /// At a line.
    static let line = KeyGroup([
        KeyBinding(.lineAccept, "enter", [.line], hint: "do it", priority: 10, "Take what is typed."),
        KeyBinding(.lineComplete, "tab", [.line], hint: "complete", priority: 20, "Complete the word at the cursor."),
    ]) { $0.performLine($1) }

    /// At the prompt for a path.
    static let path = KeyGroup([
        KeyBinding(.promptAccept, "enter", [.prompt], hint: "open", priority: 10, "Open the file."),
        KeyBinding(.promptComplete, "tab", [.prompt], hint: "complete", priority: 20, "Complete the path."),
        KeyBinding(.promptDown, "down ctrl-n", [.prompt], hint: "choose", priority: 21, "Choose the next path of the list."),
        KeyBinding(.promptUp, "up ctrl-p shift-tab", [.prompt], "Choose the path before."),
        KeyBinding(.promptPageDown, "pgdn", [.prompt], "Choose a path one page down."),
        KeyBinding(.promptPageUp, "pgup", [.prompt], "Choose a path one page up."),
    ]) { $0.performPath($1) }
}
