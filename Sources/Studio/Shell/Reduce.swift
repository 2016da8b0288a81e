import Cells
import Events

/// Changes the state by what happened, and says what the program has to do about it. Pure: no clock, no random numbers, no
/// input or output.
public func reduce(into state: inout AppState, _ action: Action) -> [Effect] {
    var effects: [Effect] = []
    if state.changesPages(action) { state.revision += 1 }
    switch action {
    case .input(let input):
        let (message, place) = (state.toast, state.openPlace)
        effects = state.reduceInput(input)
        // What was said of one place says nothing of the next; what went wrong stays to be read.
        if message?.role != .bad, message == state.toast, place != state.openPlace { state.toast = nil }
    case .events(let events, let samples):
        guard !events.isEmpty || samples.contains(where: { !$0.samples.isEmpty }) else { return [] }
        effects = state.reduceEvents(events, samples)
    case .runsLoaded(let summaries): effects = state.load(summaries)
    case .runsRemoved(let ids): state.remove(ids)
    case .queueLoaded(let jobs, let hasHost): state.take(JobQueue(jobs, hasHost: hasHost))
    case .tuningsChanged: effects = state.askForTunings()
    case .servingLoaded(let found): effects = state.take(found)
    case .loadChanged(let standing): state.take(standing)
    case .kernelChanged(let standing): effects = state.take(standing)
    case .placesChanged(let places): state.take(places)
    case .returned(let absence): state.greet(absence)
    case .answered(let answer): effects = state.take(answer)
    case .datasetsLoaded(let summaries):
        state.datasets.merge(summaries)
        state.needsRedraw = true
    case .alertsLoaded(let run, let events):
        for event in events {
            switch event.kind {
            case .debugger(.alertRaised(let alert)): state.alerts.add(.init(run: run, time: event.wallTime, alert: alert))
            case .debugger(.ruleEvaluated(let evaluation)): state.alerts.clear(evaluation, of: run, at: event.wallTime)
            case .debugger(.remedyMeasured(let outcome)): state.alerts.add(outcome, of: run)
            case .action(.taken(let taken)): state.alerts.add(taken, of: run, at: event.wallTime)
            default: break
            }
        }
        state.needsRedraw = true
    case .changesLoaded(let run, let events):
        state.runs.loadChanges(events, of: run)
        state.needsRedraw = true
    case .curveRead(let key, let series, let arrival):
        state.series.replace(series, key, arrival)
        state.derived.forget(key.run, key.metric)
        state.needsRedraw = true
    case .deriveMore: state.derived.start()
    case .tick(let now):
        state.tick(now)
        effects =
            state.lookAtShownData() + state.askForRows() + state.lookAtOutput() + state.lookAtReading() + state.lookAtTraffic()
    case .systemSampled(let cpuPercent, let residentBytes):
        state.sample(cpuPercent: cpuPercent, residentBytes: residentBytes)
    case .dataNamed(let paths):
        let focus = state.focus
        effects = paths.flatMap { state.openDataset($0) }
        state.focus = focus
    case .themesListed(let names):
        state.themes = names
    case .themeShown(let hasTint):
        state.hasTint = hasTint
        state.needsRedraw = true
    case .fileWritten(let path):
        state.say("wrote \(path)", .good)
    case .editRefused(let run, let stored, let message): effects = state.takeBackEdit(of: run, stored, message)
    case .noted(let text): state.append(to: text, .muted)
    case .commandRefused(let message):
        state.say(message, .bad)
        effects.append(.bell)
    }
    effects += state.refresh()
    if case .deriveMore = action, !state.isDeriving { state.needsRedraw = true }
    return effects
}

extension AppState {
    /// Whether a page to read may say something else after this. What keys do says so itself.
    fileprivate func changesPages(_ action: Action) -> Bool {
        switch action {
        case .input, .systemSampled, .themesListed: false
        case .tick(let time): !runs.active.isEmpty || isNewMinute(time)
        default: true
        }
    }

    /// Which screens and popups are open.
    fileprivate var openPlace: [String] { screens.map { $0.crumb(self) } + popups.map { String(describing: type(of: $0)) } }

    private func isNewMinute(_ time: Double) -> Bool { (now / 60).rounded(.down) != (time / 60).rounded(.down) }

    fileprivate mutating func tick(_ time: Double) {
        let isNewMinute = isNewMinute(time)
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
}
