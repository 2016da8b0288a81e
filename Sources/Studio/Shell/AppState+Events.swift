import Cells
import Events

extension AppState {
    /// Folds what the engine said into the state.
    mutating func reduceEvents(_ events: [StudioEvent], _ samples: [RunSamples]) -> [Effect] {
        var effects: [Effect] = []
        for event in events { effects += reduceEvent(event) }
        effects += askForScreens(after: events)
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
            if !isKnown { return ask(ReadRuns()) }
        }
        switch event.kind {
        case .dataset(.profiled(let profile)):
            datasets.put(profile.path, .profiled(profile))
            refreshForm(path: profile.path)
        case .dataset(.failed(let path, let message)):
            datasets.put(path, .failed(message))
            note(message, .bad)
        case .entity(.edited(let entity, let edit)):
            if entity.kind == .dataset { datasets.apply(edit, to: DatasetID(entity.id)) }
        case .sample(.metricsRecorded(let metrics)), .sample(.systemSampled(let metrics)):
            guard let run = event.run else { break }
            for (name, value) in metrics.values {
                let point = SeriesPoint(
                    step: Double(metrics.step), epoch: metrics.epoch, time: event.wallTime, value: value)
                series.append(point, to: SeriesLibrary.Key(run, name))
            }
        case .debugger(.alertRaised(let alert)): return reduceAlert(alert, event)
        case .job(.finished(let result)):
            noteFinish(result, event)
            // Samples may have been merged on their way to a slow screen; the store has them all.
            if let run = event.run {
                runs.markIncomplete(run)
                series.forgetRequests(of: run)
            }
            noteUnfinishedReproduction(result, event.run)
        case .run(.reproduced(let result)):
            let name = runs[result.original]?.record.name ?? result.original.text
            note(result.text(of: name), result.isSame ? .good : .warning)
        case .workspace(.recordingStalled(let problem)):
            recordingProblem = problem
            note("not recorded: \(problem.message)", .bad)
            return [.bell]
        case .workspace(.recordingResumed):
            recordingProblem = nil
            note("everything is recorded again", .good)
        case .notice(.commandFailed(let message)):
            note(message, .bad)
            return [.bell]
        case .job(.hyperparametersChanged(let change)):
            let name = event.run.flatMap { runs[$0]?.record.name } ?? "the run"
            let place = change.step.map { " from step \(NumberFormat.grouped($0)) on" } ?? ""
            note("\(name): \(change.text)\(place)", .good)
        case .notice(.messageLogged(let text)): append(to: text, .text)
        case .job(.statusChanged(let change)) where change.phase == .starting:
            // It goes on from a checkpoint: what was recorded after that is not part of its curve any more.
            guard let run = event.run else { break }
            // So are its recorded events.
            _ = changeScreen(RunPage.self) { page, _ in if page.run == run { page.startAnew() } }
            if runs.entries[run]?.isComplete ?? true { break }
            derived.forget(run)
            // What is being read is what it was before.
            return series.remove(run: run).flatMap { cancel(ReadCurve($0.run, $0.metric).slot) }
        case .job(.dataWarned(let warning)) where warning.code == "notRecorded":
            note("\(event.run.flatMap { runs[$0]?.record.name } ?? "a run"): \(warning.message)", .bad)
        case .job(.dataWarned(let warning)): append(to: warning.message, .warning)
        case .run(.registered(let record)):
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
        let columns = columns(of: path)
        for index in popups.indices {
            guard var form = popups[index] as? NewRunForm, form[.dataset] == path else { continue }
            form.rebuild(columns: columns)
            popups[index] = form
        }
    }

    func columns(of path: String) -> [String] { datasets.profile(path: path)?.columns.map(\.name) ?? [] }
}
