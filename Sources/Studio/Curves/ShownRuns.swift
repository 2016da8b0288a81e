import Events

/// Which runs' curves are drawn: never two whose values cannot be compared, unless the user marked them.
enum ShownRuns {
    /// The runs that are compared side by side; else the marked runs; without marks those of the selected group, or the selected one, with the running ones and the baseline that compare with it.
    static func choose(_ state: AppState) -> [RunID] {
        if let compared = state.screens.last(where: { $0.shownRuns != nil })?.shownRuns {
            return Array(compared.prefix(CurvesScene.capacity))
        }
        let marks = state.experiments.marks
        if !marks.isEmpty { return Array(marks.prefix(CurvesScene.capacity)) }
        if let group = state.experiments.selectedGroup { return Array(group.runs.prefix(CurvesScene.capacity)) }
        let live = state.runs.active.filter { $0.status != .pending }
        guard let anchor = anchor(state.selectedRun, live) else { return [] }
        let baseline = state.experiments.baseline.flatMap { state.runs[$0] }
        var shown = [anchor]
        for run in [baseline].compactMap({ $0 }) + live.reversed() {
            guard run.isComparable(to: anchor), !shown.contains(where: { $0.record.id == run.record.id }) else { continue }
            shown.append(run)
        }
        // A queued run has no curve to make room for, unless it is all there is.
        if shown.contains(where: { $0.status != .pending }) { shown.removeAll { $0.status == .pending } }
        return shown.prefix(CurvesScene.capacity)
            .sorted { ($0.record.createdAt, $0.record.id) < ($1.record.createdAt, $1.record.id) }
            .map(\.record.id)
    }

    /// The run the others must compare with: the selected one; while that waits with nothing like it running, the newest
    /// that runs.
    private static func anchor(_ selected: RunSummary?, _ live: [RunSummary]) -> RunSummary? {
        guard let selected else { return live.last }
        if selected.status != .pending || live.contains(where: { $0.isComparable(to: selected) }) { return selected }
        return live.last ?? selected
    }
}

extension RunSummary {
    /// Whether the two runs' metrics mean the same: one objective and target, on one data file or in one named experiment.
    func isComparable(to other: RunSummary) -> Bool {
        let mine = record.request, theirs = other.record.request
        guard record.objective == other.record.objective, mine.target == theirs.target else { return false }
        let sharesExperiment = record.experiment == other.record.experiment && record.experiment != JobRequest.defaultExperiment
        return mine.datasetPath == theirs.datasetPath || sharesExperiment
    }
}
