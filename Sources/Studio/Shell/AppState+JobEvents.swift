import Cells
import Events

extension AppState {
    /// Takes in what a job did, beyond what its run's summary says.
    mutating func take(_ fact: JobEvent, _ event: StudioEvent) -> [Effect] {
        let name = event.run.flatMap { runs[$0]?.record.name }
        switch fact {
        case .finished(let result): end(result, event)
        case .hyperparametersChanged(let change):
            let place = change.step.map { " from step \(NumberFormat.grouped($0)) on" } ?? ""
            say("\(name ?? "the run"): \(change.text)\(place)", .good)
        case .statusChanged(let change): if change.phase == .starting, let run = event.run { return begin(run) }
        case .dataWarned(let warning) where warning.code == "notRecorded": say("\(name ?? "a run"): \(warning.message)", .bad)
        // Nothing to look into: the run's page tells it.
        case .dataWarned(let warning) where warning.isNotice: break
        case .dataWarned(let warning): append(to: warning.message, .warning)
        case .progressReported, .checkpointSaved, .trainingDataSummarised, .dataRead: break
        }
        return []
    }

    /// A job begins, or goes on from a checkpoint: what was recorded after that is not part of its run's curves any more.
    private mutating func begin(_ run: RunID) -> [Effect] {
        // Nor are its recorded events.
        changeScreen(RunPage.self) { page, _ in if page.run == run { page.startAnew() } }
        if runs.entries[run]?.isComplete ?? true { return [] }
        derived.forget(run)
        // What is being read is what it was before.
        return series.remove(run: run).flatMap { cancel(ReadCurve($0.run, $0.metric).slot) }
    }

    private mutating func end(_ result: JobResult, _ event: StudioEvent) {
        noteEnd(result, event)
        // Samples may have been merged on their way to a slow screen; the store has them all.
        if let run = event.run {
            runs.markIncomplete(run)
            series.forgetRequests(of: run)
        }
        noteUnfinishedReproduction(result, event.run)
    }

    private mutating func noteEnd(_ result: JobResult, _ event: StudioEvent) {
        // The user may have renamed it since its job began.
        let name = event.run.flatMap { runs[$0]?.record.name } ?? result.name
        switch result.status {
        case .failed: say("\(name) failed: \(result.reason)", .bad)
        case .completed: say("\(name) completed (\(result.reason))", .good)
        default: say("\(name) \(result.status.word) (\(result.reason))", .text)
        }
    }

    /// Takes in what happened to a run, beyond what its summary says.
    mutating func take(_ fact: RunEvent) {
        switch fact {
        case .registered(let record):
            append(to: "\(record.name) was registered", .muted)
            selectFreshRun(record.id)
        case .reproduced(let result):
            let name = runs[result.original]?.record.name ?? result.original.text
            say(result.text(of: name), result.isSame ? .good : .warning)
        case .edited, .deleted, .restored: break
        }
    }

    /// A run that the user just started is the one to look at.
    private mutating func selectFreshRun(_ id: RunID) {
        guard awaitsFreshRun else { return }
        awaitsFreshRun = false
        experiments.refresh(runs, clock: clock, page: 1)
        experiments.select(id)
        if experiments.selected != id, experiments.filter.isActive {
            say("\(runs[id]?.record.name ?? "the run") has started; the filter does not show it: esc clears it", .warning)
        }
    }
}
