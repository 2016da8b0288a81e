extension StudioAction {
    static let findImportance = StudioAction("run.importance")
}

extension KeyTable {
    /// What matters.
    static let importance = KeyGroup([
        KeyBinding(
            .findImportance, "i", [.experiments, .compare], hint: "what matters", priority: 36,
            "Find which hyperparameters bear on the objective, over the marked runs or all that are listed."
        ) { $0.hasRunsToWeigh ? nil : "it takes four runs that ended to see what matters" }
    ]) { state, _ in state.findImportance() }
}
