import Events

extension AppState {
    mutating func performRun(_ action: StudioAction) -> [Effect] {
        switch action {
        case .newRun: return openForm(startingRequest(), origin: "")
        case .rerun:
            guard let run = selectedRun else { return [] }
            var request = run.record.request
            request.name = nil
            request.seed = run.record.seed
            return openForm(request, origin: "like \(run.record.name)")
        case .showRun:
            guard let id = experiments.selected else { return [] }
            popups.append(.page(Page(.run(id))))
        case .stopRun: askToStop()
        case .pauseRun: return pauseOrResume()
        case .steerRun:
            guard let id = experiments.selected else { return [] }
            popups.append(.steer(SteerPrompt(id)))
        case .forkRun:
            guard let id = experiments.selected else { return [] }
            popups.append(.steer(SteerPrompt(id, fork: ForkChoice())))
            return [.loadForkPlaces(id)]
        case .deleteRun: return deleteRuns()
        case .copyRun:
            guard let id = experiments.selected else { return [] }
            note("copied \(id)", .text)
            return [.copyToClipboard(id.text)]
        case .compareRuns: return compareRuns()
        case .findImportance: return findImportance()
        case .markRun, .markAll, .clearMarks, .baseline: mark(action)
        case .sortLeft, .sortRight, .sortReverse: return sort(action)
        default: break
        }
        return []
    }

    private mutating func mark(_ action: StudioAction) {
        switch action {
        case .markRun:
            guard let id = experiments.selected else { return }
            if let index = experiments.marks.firstIndex(of: id) {
                experiments.marks.remove(at: index)
            } else {
                experiments.marks.append(id)
            }
            if focus == .experiments { move(.down) }
        case .markAll:
            let unmarked = experiments.rows.filter { !experiments.isMarked($0) }
            if unmarked.isEmpty {
                let shown = Set(experiments.rows)
                let marks = experiments.marks
                experiments.marks.removeAll { shown.contains($0) }
                push(.clearedMarks(marks))
            } else {
                experiments.marks += unmarked
            }
        case .clearMarks: clearMarks()
        case .baseline:
            guard let run = selectedRun else { return }
            let isSame = experiments.baseline == run.record.id
            experiments.baseline = isSame ? nil : run.record.id
            note(isSame ? "no baseline" : "\(run.record.name) is the baseline", .text)
        default: break
        }
        experiments.isStale = true
    }

    mutating func clearMarks() {
        push(.clearedMarks(experiments.marks))
        experiments.marks = []
        experiments.isStale = true
        note("unmarked all runs; u undoes", .text)
    }

    private mutating func sort(_ action: StudioAction) -> [Effect] {
        let column = experiments.sortColumn
        switch action {
        case .sortLeft: return sort(by: next(after: column, in: RunColumn.sortable, by: -1), keepsDirection: true)
        case .sortRight: return sort(by: next(after: column, in: RunColumn.sortable), keepsDirection: true)
        default: return sort(by: column)
        }
    }

    /// Sorts by another column; by the same one, the other way round.
    mutating func sort(by column: RunColumn, keepsDirection: Bool = false) -> [Effect] {
        if !keepsDirection { experiments.isReversed = column == experiments.sortColumn && !experiments.isReversed }
        experiments.sortColumn = column
        experiments.isStale = true
        let metric = (selectedRun?.record.objective.metric.metric).map(String.init)
        let title = column == .objective ? metric ?? column.title : column == .alerts ? "alerts" : column.title
        note("sorted by \(title)\(experiments.isReversed ? ", reversed" : "")", .text)
        settings.runSort = RunSort(column: column, isReversed: experiments.isReversed)
        return [.saveSettings(settings)]
    }

    private mutating func askToStop() {
        let targets = targetRuns.filter { $0.status.isActive && $0.status != .stopping }
        guard !targets.isEmpty else { return }
        let what = targets.count == 1 ? targets[0].record.name : "\(targets.count) runs"
        popups.append(
            .question(
                Question(
                    title: "Stop", text: "Stop \(what) at the next step? The best model so far is kept, and it can be resumed.",
                    answers: [
                        .init(key: "s", text: "stop", outcome: .stop(targets.map(\.record.id))),
                        .init(key: "c", text: "cancel", outcome: .cancel),
                    ])))
    }

    /// Pauses what runs; if nothing does, goes on with what is paused, was stopped or was interrupted.
    private mutating func pauseOrResume() -> [Effect] {
        let running = targetRuns.filter { $0.status == .inProgress }
        if !running.isEmpty {
            note(running.count == 1 ? "pausing \(running[0].record.name)" : "pausing \(running.count) runs", .text)
            return running.map { .command(.pauseJob($0.record.id)) }
        }
        let resumable = targetRuns.filter(\.canResume)
        guard !resumable.isEmpty else { return [] }
        note(resumable.count == 1 ? "resuming \(resumable[0].record.name)" : "resuming \(resumable.count) runs", .text)
        return resumable.map { .command(.resumeJob($0.record.id)) }
    }

    private mutating func deleteRuns() -> [Effect] {
        let targets = targetRuns.filter { !$0.status.isActive }
        guard !targets.isEmpty else { return [] }
        let ids = targets.map(\.record.id)
        for id in ids { runs.setDeleted(id, true) }
        experiments.isStale = true
        push(.deletedRuns(ids))
        let kept = targetRuns.count - ids.count
        let what = ids.count == 1 ? targets[0].record.name : "\(ids.count) runs"
        note("deleted \(what)\(kept > 0 ? ", \(kept) still running stay" : ""); u undoes", .text)
        return ids.map { .command(.deleteRun($0)) }
    }
}
