extension StudioAction {
    static let showVersions = StudioAction("data.versions")
}

extension KeyTable {
    /// What was in a data set's file at other times.
    static let versions = KeyGroup([
        KeyBinding(
            .showVersions, "V", [.datasets], hint: "versions", priority: 40,
            "Show what was in the file at other times, what changed, and which runs learned from which."
        ) { $0.datasets.selected == nil ? "no dataset is open (o opens one)" : nil }
    ]) { state, _ in
        guard let dataset = state.datasets.selected else { return [] }
        return state.open(VersionsPage(dataset.path))
    }
}
