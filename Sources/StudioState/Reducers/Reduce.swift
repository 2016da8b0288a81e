import Cells
import Events

/// Changes the state by what happened, and says what the program has to do about it. Pure: no clock, no random numbers, no
/// input or output.
public func reduce(into state: inout AppState, _ action: Action) -> [Effect] {
    var effects: [Effect] = []
    switch action {
    case .input(let input):
        effects = state.reduceInput(input)
    case .events(let events, let samples):
        guard !events.isEmpty || samples.contains(where: { !$0.samples.isEmpty }) else { return [] }
        effects = state.reduceEvents(events, samples)
    case .runsLoaded(let summaries):
        state.runs.load(summaries)
        for summary in summaries { state.experiments.noteChange(summary.record.id) }
        state.needsRedraw = true
        effects = state.detailEffects { id in summaries.contains { $0.record.id == id } }
    case .datasetsLoaded(let summaries):
        state.datasets.merge(summaries)
        state.needsRedraw = true
    case .alertsLoaded(let run, let events):
        for event in events {
            if case .alertRaised(let alert) = event.kind { state.alerts.add(.init(run: run, time: event.wallTime, alert: alert)) }
        }
        state.needsRedraw = true
    case .changesLoaded(let run, let events):
        state.runs.loadChanges(events, of: run)
        state.needsRedraw = true
    case .seriesLoaded(let run, let metric, let history):
        state.series.load(history, SeriesLibrary.Key(run, metric))
        state.derived.forget(run, metric)
        state.needsRedraw = true
    case .compared(let comparison):
        state.take(comparison)
    case .importanceFound(let found):
        state.importance = found
        state.needsRedraw = true
    case .importanceRefused(let message): state.refuseImportance(message)
    case .detailsLoaded(let details): state.take(details)
    case .reproductionInspected(let outlook): state.askToReproduce(outlook)
    case .forkPlacesLoaded(let run, let places):
        guard case .steer(var prompt) = state.popups.last, prompt.run == run, prompt.fork != nil else { return [] }
        prompt.fork?.places = places
        state.popups[state.popups.count - 1] = .steer(prompt)
        state.needsRedraw = true
    case .pathsListed(let prefix, let paths):
        state.takePaths(prefix: prefix, paths)
    case .deriveMore: state.derived.start()
    case .tick(let now):
        state.tick(now)
    case .systemSampled(let cpuPercent, let residentBytes):
        state.sample(cpuPercent: cpuPercent, residentBytes: residentBytes)
    case .themesListed(let names):
        state.themes = names
    case .fileWritten(let path):
        state.note("wrote \(path)", .good)
    case .editRefused(let run, let stored, let message): effects = state.takeBackEdit(of: run, stored, message)
    case .commandRefused(let message):
        state.note(message, .bad)
        effects.append(.bell)
    }
    effects += state.refresh()
    if case .deriveMore = action, !state.isDeriving { state.needsRedraw = true }
    return effects
}

extension AppState {
    fileprivate mutating func tick(_ time: Double) {
        let isNewMinute = (now / 60).rounded(.down) != (time / 60).rounded(.down)
        now = time
        if let shown = toast, shown.until <= time {
            toast = nil
            needsRedraw = true
        }
        if experiments.dependsOnTime { experiments.isStale = true }
        if isNewMinute || runs.active.contains(where: { $0.status != .pending }) { needsRedraw = true }
    }

    fileprivate mutating func sample(cpuPercent: Double, residentBytes bytes: Int) {
        let before = system
        system.cpuPercents.append(cpuPercent.isFinite ? max(0, cpuPercent.rounded()) : 0)
        if system.cpuPercents.count > SystemLoad.capacity { system.cpuPercents.removeFirst() }
        system.residentBytes = bytes
        if system.cpuPercents != before.cpuPercents { needsRedraw = true }
    }

    fileprivate mutating func takePaths(prefix: String, _ paths: [String]) {
        guard let index = popups.indices.last else { return }
        switch popups[index] {
        case .path(var prompt) where prompt.field.text == prefix:
            prompt.paths = Array(paths.prefix(1000))
            prompt.listedPrefix = prefix
            popups[index] = .path(prompt)
        case .form(var form) where form.focused?.isPath == true && form.focused?.input.text == prefix:
            form.paths = Array(paths.prefix(1000))
            popups[index] = .form(form)
        default: return
        }
        needsRedraw = true
    }
}
