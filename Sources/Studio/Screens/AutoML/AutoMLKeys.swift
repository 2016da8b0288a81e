extension KeyContext {
    static let automl = KeyContext("On an AutoML job's page")
    static let automls = KeyContext("Among AutoML jobs")
}

extension StudioAction {
    static let showAutoMLs = StudioAction("automl.list")
    static let automlOpen = StudioAction("automl.open")
    static let automlStop = StudioAction("automl.stop")
    static let automlBegin = StudioAction("automl.begin")
}

extension KeyTable {
    /// AutoML jobs: where they are, what begins one, and what is done on the page of one.
    static let automl = KeyGroup([
        KeyBinding(.showAutoMLs, "6", [.global], "Go to the AutoML jobs, from anywhere."),
        KeyBinding(
            .automlBegin, "A", [.datasets], hint: "AutoML…", priority: 11,
            "Find the best model of the dataset: several kinds are tried and averaged.", unless: needsData),
        KeyBinding(
            .automlOpen, "enter", [.automls], hint: "look", priority: 8, "Show the job's leaderboard."
        ) { ($0.top as? AutoMLsPage)?.chosen == nil ? "there is no AutoML job yet" : nil },
        KeyBinding(
            .automlStop, "X", [.automl], hint: "stop/resume", priority: 12,
            "Stop the job after a checkpoint, or go on with one that was stopped or interrupted."
        ) { ($0.screens.last as? AutoMLPage)?.standing == nil ? "the job is not read yet" : nil },
    ]) { $0.performAutoML($1) }

    @Sendable private static func needsData(_ state: AppState) -> String? {
        guard let dataset = state.datasets.selected else { return "no dataset is open (o opens one)" }
        return dataset.profile == nil ? "\(dataset.name) is not read yet" : nil
    }
}
