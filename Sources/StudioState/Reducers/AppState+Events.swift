import Cells
import Events

extension AppState {
    /// Folds what the engine said into the state.
    mutating func reduceEvents(_ events: [StudioEvent], _ samples: [RunSamples]) -> [Effect] {
        var effects: [Effect] = []
        for event in events { effects += reduceEvent(event) }
        effects += detailEffects { id in
            events.contains { event in
                if case .progressReported = event.kind { false } else { event.run == id }
            }
        }
        effects += comparisonEffects(events)
        for group in samples {
            series.append(group)
            runs.apply(group)
        }
        if experiments.dependsOnMetrics { for group in samples { experiments.noteChange(group.run) } }
        needsRedraw = true
        if isWaitingToQuit, !runs.active.contains(where: { $0.status != .paused }) { effects.append(.quit(.wait)) }
        return effects
    }

    private mutating func reduceEvent(_ event: StudioEvent) -> [Effect] {
        now = max(now, event.wallTime)
        if let run = event.run {
            let isKnown = runs.apply(event)
            experiments.noteChange(run)
            confirmEdit(event.kind, of: run)
            // A run that another process registered: the store knows it.
            if !isKnown { return [.loadRuns] }
        }
        switch event.kind {
        case .datasetProfiled(let profile):
            datasets.put(profile.path, .profiled(profile))
            refreshForm(path: profile.path)
        case .datasetFailed(let path, let message):
            datasets.put(path, .failed(message))
            note(message, .bad)
        case .entityEdited(let entity, let edit):
            if entity.kind == .dataset { datasets.apply(edit, to: DatasetID(entity.id)) }
        case .metricsRecorded(let metrics), .systemSampled(let metrics):
            guard let run = event.run else { break }
            for (name, value) in metrics.values {
                let point = SeriesPoint(
                    step: Double(metrics.step), epoch: metrics.epoch, time: event.wallTime, value: value)
                series.append(point, to: SeriesLibrary.Key(run, name))
            }
        case .alertRaised(let alert): return reduceAlert(alert, event)
        case .jobFinished(let result):
            noteFinish(result, event)
            // Samples may have been merged on their way to a slow screen; the store has them all.
            if let run = event.run {
                runs.markIncomplete(run)
                series.forgetRequests(of: run)
            }
            return reproductionEffects(result, event.run)
        case .runReproduced(let result):
            let name = runs[result.original]?.record.name ?? result.original.text
            note(result.text(of: name), result.isSame ? .good : .warning)
        case .recordingStalled(let problem):
            recordingProblem = problem
            note("not recorded: \(problem.message)", .bad)
            return [.bell]
        case .recordingResumed:
            recordingProblem = nil
            note("everything is recorded again", .good)
        case .commandFailed(let message):
            note(message, .bad)
            return [.bell]
        case .hyperparametersChanged(let change):
            let name = event.run.flatMap { runs[$0]?.record.name } ?? "the run"
            let place = change.step.map { " from step \(NumberFormat.grouped($0)) on" } ?? ""
            note("\(name): \(change.text)\(place)", .good)
        case .messageLogged(let text): append(to: text, .text)
        case .jobStatusChanged(let change) where change.phase == .starting:
            // It goes on from a checkpoint: what was recorded after that is not part of its curve any more.
            if let run = event.run, !(runs.entries[run]?.isComplete ?? true) {
                series.remove(run: run)
                derived.forget(run)
            }
        case .dataWarned(let warning) where warning.code == "notRecorded":
            note("\(event.run.flatMap { runs[$0]?.record.name } ?? "a run"): \(warning.message)", .bad)
        case .dataWarned(let warning): append(to: warning.message, .warning)
        case .runRegistered(let record):
            append(to: "\(record.name) was registered", .muted)
            selectFreshRun(record.id)
        // The rest only concerns the run's summary, which took it in above.
        default: break
        }
        return []
    }

    private mutating func reduceAlert(_ alert: Alert, _ event: StudioEvent) -> [Effect] {
        guard let run = event.run else { return [] }
        alerts.add(AlertsState.Item(run: run, time: event.wallTime, alert: alert))
        let name = runs[run]?.record.name ?? run.text
        note("\(name): \(alert.rule) at step \(NumberFormat.grouped(alert.step)): \(alert.summary)", alert.severity.role)
        return alert.severity == .issue ? [.bell] : []
    }

    private mutating func noteFinish(_ result: JobResult, _ event: StudioEvent) {
        // The user may have renamed it since its job began.
        let name = event.run.flatMap { runs[$0]?.record.name } ?? result.name
        switch result.status {
        case .failed: note("\(name) failed: \(result.reason)", .bad)
        case .completed: note("\(name) completed (\(result.reason))", .good)
        default: note("\(name) \(result.status.word) (\(result.reason))", .text)
        }
    }

    /// A run that the user just started is the one to look at.
    private mutating func selectFreshRun(_ id: RunID) {
        guard awaitsFreshRun else { return }
        awaitsFreshRun = false
        experiments.refresh(runs, clock: clock, page: 1)
        experiments.select(id)
    }

    /// An open form learns the columns of a file that was just read.
    private mutating func refreshForm(path: String) {
        for index in popups.indices {
            guard case .form(var form) = popups[index], form[.dataset] == path else { continue }
            form.rebuild(columns: columns(of: path))
            popups[index] = .form(form)
        }
    }

    func columns(of path: String) -> [String] { datasets.profile(path: path)?.columns.map(\.name) ?? [] }
}
