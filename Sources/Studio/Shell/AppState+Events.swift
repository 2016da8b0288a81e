import Cells
import Events

extension AppState {
    /// Folds what the engine said into the state.
    mutating func reduceEvents(_ events: [StudioEvent], _ samples: [RunSamples]) -> [Effect] {
        var effects: [Effect] = []
        for event in events { effects += reduceEvent(event) }
        closeMootQuestions()
        effects += askForScreens(after: events)
        for group in samples {
            series.append(group)
            runs.apply(group)
        }
        if experiments.dependsOnMetrics { for group in samples { experiments.noteChange(group.run) } }
        needsRedraw = true
        if isWaitingToQuit, liveTunings.isEmpty, !runs.active.contains(where: { $0.status != .paused }) {
            effects.append(.quit(.wait))
        }
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
        case .dataset(let fact): return take(fact)
        case .entity(let fact): return take(fact)
        case .run(let fact): take(fact)
        case .job(let fact): return take(fact, event)
        case .sample(.metricsRecorded(let metrics)), .sample(.systemSampled(let metrics)): append(metrics, event)
        case .debugger(let fact): return take(fact, event)
        // Read from the store by whoever shows them.
        case .tensors, .profile, .endpoint: break
        case .tuning(let fact): return take(fact)
        case .automl(let fact): return take(fact)
        case .workspace(let fact): return take(fact)
        case .notice(.commandFailed(let message)):
            say(message, .bad)
            return [.bell]
        case .notice(.messageLogged(let text)): append(to: text, .text)
        case .action(.taken(let taken)): take(taken, event)
        }
        return []
    }

    private mutating func take(_ fact: EntityEvent) -> [Effect] {
        switch fact {
        case .edited(let entity, let edit): if entity.kind == .dataset { datasets.apply(edit, to: DatasetID(entity.id)) }
        }
        return []
    }

    private mutating func append(_ metrics: MetricsRecorded, _ event: StudioEvent) {
        guard let run = event.run else { return }
        for (name, value) in metrics.values {
            let point = SeriesPoint(step: Double(metrics.step), epoch: metrics.epoch, time: event.wallTime, value: value)
            series.append(point, to: SeriesLibrary.Key(run, name))
        }
    }

    private mutating func take(_ fact: WorkspaceEvent) -> [Effect] {
        switch fact {
        case .recordingStalled(let problem):
            recordingProblem = problem
            say("not recorded: \(problem.message)", .bad)
            return [.bell]
        case .recordingResumed:
            recordingProblem = nil
            say("everything is recorded again", .good)
            return []
        }
    }
}
