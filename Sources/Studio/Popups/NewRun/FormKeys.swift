extension KeyContext {
    static let form = KeyContext("In a form")
}

extension StudioAction {
    static let formStart = StudioAction("form.start")
    static let fieldNext = StudioAction("form.next")
    static let fieldPrevious = StudioAction("form.previous")
    static let fieldReset = StudioAction("form.reset")
    static let takeAdvice = StudioAction("form.advice")
}

extension KeyTable {
    /// In the form of a new run.
    static let form = KeyGroup([
        KeyBinding(
            .formStart, "enter ctrl-s", [.form], hint: "start", priority: 10,
            "Start the run, or point at the field that stops it."),
        KeyBinding(
            .fieldNext, "down tab", [.form], hint: "next field", priority: 20,
            "Go to the next field; in a path, tab completes first."),
        KeyBinding(.fieldPrevious, "up shift-tab", [.form], hint: "previous", priority: 21, "Go to the previous field."),
        KeyBinding(.fieldReset, "ctrl-r", [.form], hint: "default", priority: 30, "Put the field back to its default."),
        KeyBinding(
            .takeAdvice, "ctrl-t", [.form], hint: "take the advice", priority: 25,
            "Do what the data's profile advises: validate in the order of time, keep groups together, use folds."
        ) { state in
            (state.popups.last as? NewRunForm)?.advice(state) == nil ? "the data's profile advises nothing more" : nil
        },
    ]) { $0.performForm($1) }
}
