extension KeyContext {
    static let form = KeyContext("In a form")
    static let formHeading = KeyContext("On a heading of a form")
    static let formSearch = KeyContext("While searching a form")
}

extension StudioAction {
    static let formStart = StudioAction("form.start")
    static let formEnter = StudioAction("form.enter")
    static let fieldNext = StudioAction("form.next")
    static let fieldPrevious = StudioAction("form.previous")
    static let fieldComplete = StudioAction("form.complete")
    static let headingNext = StudioAction("form.next-heading")
    static let headingPrevious = StudioAction("form.previous-heading")
    static let fieldReset = StudioAction("form.reset")
    static let fieldRange = StudioAction("form.range")
    static let fieldCopy = StudioAction("form.copy")
    static let takeAdvice = StudioAction("form.advice")
    static let formToggle = StudioAction("form.toggle")
    static let formUnfold = StudioAction("form.unfold")
    static let formFold = StudioAction("form.fold")
    static let formFind = StudioAction("form.find")
    static let findNext = StudioAction("form.next-found")
    static let findPrevious = StudioAction("form.previous-found")
    static let findTake = StudioAction("form.take-found")
    static let findEnd = StudioAction("form.end-find")
}

extension KeyTable {
    /// In the form of a new run.
    static let form = KeyGroup([
        KeyBinding(
            .formEnter, "enter", [.form], hint: "start", priority: 10,
            "Take the choice whose beginning is typed; else start the run, or point at the field that stops it."),
        KeyBinding(.formStart, "ctrl-s", [.form], "Start the run at once, from any row."),
        KeyBinding(
            .formFind, "ctrl-f /", [.form], hint: "find", priority: 12,
            "Find a field by typing some of its name; / does it wherever no slash can be typed."),
        KeyBinding(.fieldNext, "down", [.form], hint: "next", priority: 20, "Go to the next row."),
        KeyBinding(.fieldPrevious, "up shift-tab", [.form], hint: "previous", priority: 21, "Go to the previous row."),
        KeyBinding(
            .fieldComplete, "tab", [.form], hint: "complete", priority: 22,
            "Complete a path, an option or a choice; where nothing is begun, go to the next row."),
        KeyBinding(.headingNext, "pgdn", [.form], "Go to the next heading."),
        KeyBinding(.headingPrevious, "pgup", [.form], "Go to the previous heading."),
        KeyBinding(.fieldReset, "ctrl-r", [.form], hint: "default", priority: 30, "Put the field back to its default.") {
            ($0.popups.last as? NewRunForm)?.focused == nil ? "this is a heading" : nil
        },
        KeyBinding(
            .fieldRange, "ctrl-v ctrl-n", [.form], hint: "range", priority: 24,
            "Search the setting: its value becomes a range, and the form starts a search; again, to hold one value."
        ) { ($0.popups.last as? NewRunForm)?.rangeRefusal },
        KeyBinding(
            .fieldCopy, "ctrl-y", [.form], hint: "copy from…", priority: 31,
            "Take over what another run has in this field: newest runs first, found by typing."
        ) { $0.copyRefusal },
        KeyBinding(
            .takeAdvice, "ctrl-t", [.form], hint: "take the advice", priority: 25,
            "Do what the data's profile advises: validate in the order of time, keep groups together, use folds."
        ) { state in
            (state.popups.last as? NewRunForm)?.advice(state) == nil ? "the data's profile advises nothing more" : nil
        },
        KeyBinding(
            .formToggle, "enter space", [.formHeading], hint: "unfold/fold", priority: 5,
            "Show the fields under the heading, or fold them away."),
        KeyBinding(.formUnfold, "right", [.formHeading], "Show the fields under the heading."),
        KeyBinding(.formFold, "left", [.formHeading], "Fold the fields under the heading away."),
        KeyBinding(
            .findTake, "enter tab ctrl-s", [.formSearch], hint: "go there", priority: 10,
            "Go into the field that was found; the next key replaces its value."),
        KeyBinding(
            .findNext, "down ctrl-n ctrl-f", [.formSearch], hint: "next", priority: 20, "Go to the next field that matches."),
        KeyBinding(
            .findPrevious, "up ctrl-p shift-tab", [.formSearch], hint: "previous", priority: 21,
            "Go to the field that matched before."),
        KeyBinding(.findEnd, "esc", [.formSearch], hint: "back", priority: 88, "Go back to where the search began."),
    ]) { $0.performForm($1) }
}
