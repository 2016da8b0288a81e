extension KeyContext {
    static let confirm = KeyContext("At a question")
}

extension StudioAction {
    static let choose = StudioAction("confirm.choose")
    static let choiceDown = StudioAction("confirm.down")
    static let choiceUp = StudioAction("confirm.up")
}

extension KeyTable {
    /// At a question.
    static let questions = KeyGroup([
        KeyBinding(.choose, "enter", [.confirm], hint: "choose", priority: 10, "Take the selected answer."),
        KeyBinding(.choiceDown, "down right tab", [.confirm], hint: "next answer", priority: 20, "Select the next answer."),
        KeyBinding(.choiceUp, "up left shift-tab", [.confirm], "Select the previous answer."),
    ]) { $0.performQuestion($1) }
}
