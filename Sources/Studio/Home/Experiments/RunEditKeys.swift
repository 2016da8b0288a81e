extension StudioAction {
    static let renameRun = StudioAction("run.rename")
    static let tagRun = StudioAction("run.tag")
    static let noteRun = StudioAction("run.note")
    static let archiveRun = StudioAction("run.archive")
}

extension KeyTable {
    /// What is said about runs.
    static let runEdits = KeyGroup([
        KeyBinding(
            .renameRun, "R", [.experiments, .runPage], hint: "rename…", priority: 89, "Give the run another name.",
            unless: needsRun),
        KeyBinding(
            .tagRun, "t", [.experiments, .runPage], hint: "tag…", priority: 89,
            "Add tags to the marked or selected runs, or take them away.", unless: RunRefusal.edit),
        KeyBinding(
            .noteRun, "N", [.experiments, .runPage], hint: "note…", priority: 89, "Write a note on the marked or selected runs.",
            unless: RunRefusal.edit),
        KeyBinding(
            .archiveRun, "x", [.experiments, .runPage], hint: "archive", priority: 89,
            "Hide the marked or selected runs from the table; again, to bring archived ones back.", unless: RunRefusal.edit),
    ]) { $0.performRunEdit($1) }
}
