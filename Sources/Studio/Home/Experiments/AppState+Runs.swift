import Cells
import Events

extension AppState {
    mutating func performRun(_ action: StudioAction) -> [Effect] {
        switch action {
        case .rerun:
            guard let run = subjectRun else { return [] }
            let request = run.record.requestAgain
            return openForm(request, origin: "like \(run.record.name)", base: request)
        case .showRun:
            if let group = experiments.selectedGroup {
                if experiments.folded.remove(group.name) == nil { experiments.folded.insert(group.name) }
            }
            guard let id = experiments.selected else { return [] }
            return showRun(id)
        case .stopRun: askToStop()
        case .pauseRun: return pauseOrResume()
        case .deleteRun: return deleteRuns()
        case .bestRun: selectBest()
        case .copyRun:
            guard let id = subjectID else { return [] }
            say("copied \(id)", .text)
            return [.copyToClipboard(id.text)]
        case .copyRunHere:
            guard let run = subjectRun else { return [] }
            say("copying \(run.record.name) …", .text)
            return [.copyHere(run.record.id)]
        default: unhandled(action)
        }
        return []
    }

    /// Selects the best of the shown runs that can be compared with the selected one.
    private mutating func selectBest() {
        let shown = experiments.rows.compactMap { runs[$0] }
        guard let subject = (selectedRun ?? shown.first)?.record else { return }
        let comparable = shown.filter { run in
            let record = run.record, request = record.request
            return record.objective == subject.objective && request.target == subject.request.target
                && request.program == subject.request.program
                && (record.dataFingerprint == subject.dataFingerprint || request.datasetPath == subject.request.datasetPath)
        }
        guard let best = RunSummary.best(of: comparable), let value = best.bestObjective else {
            return say("no run has measured \(subject.objective.metric) yet", .warning)
        }
        let id = best.record.id
        for group in experiments.groups where group.runs.contains(id) { experiments.folded.remove(group.name) }
        refreshLists(layout)
        experiments.select(id)
        let others = comparable.count == 1 ? "the only run" : "the best of \(comparable.count) runs"
        say("\(best.record.name) is \(others): \(subject.objective.metric) \(NumberFormat.significant(value))", .good)
    }

    private mutating func askToStop() {
        let targets = targetRuns.filter { $0.record.origin == .trained && $0.status.isActive && $0.status != .stopping }
        guard !targets.isEmpty else { return }
        let what = targets.count == 1 ? targets[0].record.name : "\(targets.count) runs"
        let ids = targets.map(\.record.id)
        let promise =
            targets.allSatisfy(\.record.request.isScript)
            ? "Stop \(what)? The script is asked to end, then ended; it can go on from what it saved, where it says so."
            : "Stop \(what) at the next step? The best model so far is kept, and it can be resumed."
        open(
            Question(
                "Stop", text: promise,
                answers: [.init(key: "s", text: "stop") { $0.stop(ids) }, .init(key: "c", text: "cancel")],
                isMoot: { state in ids.allSatisfy { state.runs[$0]?.status.isFinal ?? true } }))
    }

    private func stop(_ ids: [RunID]) -> [Effect] {
        let stoppable = ids.filter { runs[$0].map { $0.status.isActive && $0.status != .stopping } ?? false }
        return stoppable.map { .command(.stopJob($0)) }
    }

    /// Holds what waits in the queue, or releases it; pauses what runs; if nothing does, goes on with what is paused, was stopped or
    /// was interrupted.
    private mutating func pauseOrResume() -> [Effect] {
        let queued = targetRuns.filter { queue.waits($0.record.id) }
        if !queued.isEmpty {
            let isHolding = queued.contains { queue[$0.record.id]?.state == .waiting }
            let what = queued.count == 1 ? queued[0].record.name : "\(queued.count) jobs"
            say(isHolding ? "holding \(what) in the queue (p releases)" : "releasing \(what)", .text)
            return queued.map { .command(isHolding ? .pauseJob($0.record.id) : .resumeJob($0.record.id)) }
        }
        let running = targetRuns.filter { $0.record.origin == .trained && $0.status == .inProgress }
        if !running.isEmpty {
            say(running.count == 1 ? "pausing \(running[0].record.name)" : "pausing \(running.count) runs", .text)
            return running.map { .command(.pauseJob($0.record.id)) }
        }
        let resumable = targetRuns.filter(\.canResume)
        guard !resumable.isEmpty else { return [] }
        say(resumable.count == 1 ? "resuming \(resumable[0].record.name)" : "resuming \(resumable.count) runs", .text)
        return resumable.map { .command(.resumeJob($0.record.id)) }
    }

    private mutating func deleteRuns() -> [Effect] {
        let targets = targetRuns.filter { !$0.status.isActive }
        guard !targets.isEmpty else { return [] }
        let ids = targets.map(\.record.id)
        for id in ids {
            rememberBeforeEdit(id)
            runs.setDeleted(id, true)
        }
        experiments.isStale = true
        push { $0.restoreRuns(ids) }
        let kept = targetRuns.count - ids.count
        // A page about a run that is gone says nothing.
        let effects = screens.last is any ScreenOfRun ? closeTop() ?? [] : []
        let what = ids.count == 1 ? targets[0].record.name : "\(ids.count) runs"
        say("deleted \(what)\(kept > 0 ? ", \(kept) still running stay" : ""); u undoes", .text)
        return effects + ids.map { .command(.deleteRun($0)) }
    }

    private mutating func restoreRuns(_ ids: [RunID]) -> [Effect] {
        for id in ids {
            rememberBeforeEdit(id)
            runs.setDeleted(id, false)
        }
        experiments.isStale = true
        if let first = ids.first { show(first) }
        say(ids.count == 1 ? "\(runs[ids[0]]?.record.name ?? "the run") is back" : "\(ids.count) runs are back", .good)
        return ids.map { .command(.restoreRun($0)) }
    }
}
