extension StudioAction {
    static let reproduceRun = StudioAction("run.reproduce")
}

extension KeyTable {
    /// Running runs again.
    static let reproducing = KeyGroup([
        KeyBinding(
            .reproduceRun, "P", [.experiments, .runPage], hint: "reproduce…", priority: 37,
            "Run the run again from what was captured of it, and say whether it comes out the same to the bit.",
            unless: RunRefusal.reproduce)
    ]) { state, _ in state.subjectRun.map { state.ask(InspectReproduction($0.record.id)) } ?? [] }
}
