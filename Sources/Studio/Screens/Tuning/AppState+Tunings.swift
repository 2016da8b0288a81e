import Cells
import Events

extension AppState {
    /// Has the pages about tuning and AutoML jobs ask anew: how one stands is no event of a run.
    mutating func askForTunings() -> [Effect] {
        let pages = screens.filter { $0 is TuningPage || $0 is TuningsPage || $0 is AutoMLPage || $0 is AutoMLsPage }
        return pages.compactMap { $0.query(self) }.flatMap { ask($0) }
    }

    /// Takes in what happened to a tuning job, beyond what its page reads.
    mutating func take(_ fact: TuningEvent) -> [Effect] {
        switch fact {
        case .started(let start):
            say("\(start.name) searches \(start.ranges.count) ranges by \(start.strategy)", .good)
            liveTunings.insert(start.tuning)
            guard awaitsFreshTuning else { return [] }
            awaitsFreshTuning = false
            return showTuning(start.tuning)
        case .confirming(let confirming):
            say("\(confirming.name): trial \(confirming.trial + 1) trains again on a fresh seed", .text)
        case .changed(let notice):
            if notice.status == .paused { liveTunings.remove(notice.tuning) } else { liveTunings.insert(notice.tuning) }
            say("\(notice.name): \(notice.text)", .good)
        case .finished(let result):
            liveTunings.remove(result.tuning)
            let best = result.best.map { "; best \(NumberFormat.significant($0.value)) by \($0.name)" } ?? ""
            say(
                "\(result.name) \(result.status.word) after \(result.trials) trials\(best)",
                result.status == .failed ? .bad : .good)
        case .trialSuggested, .trialFinished: break
        }
        return []
    }

    mutating func showTuning(_ id: String) -> [Effect] {
        if let page = screens.last as? TuningPage, page.tuning == id { return [] }
        return open(TuningPage(id))
    }

    mutating func performTuning(_ action: StudioAction) -> [Effect] {
        switch action {
        case .showTunings:
            if screens.last is TuningsPage { return [] }
            return open(TuningsPage())
        case .tuningOpen: return (top as? TuningsPage)?.chosen.map { open(TuningPage($0.record.id)) } ?? []
        case .tuningPause, .tuningStop, .tuningPromote: return steerTuning(action)
        case .tuningAdd: promptTuning(.add)
        case .tuningLimits: promptTuning(.limits)
        case .tuningRanges: promptTuning(.ranges)
        case .tuningObjective: promptTuning(.objective)
        default:
            let query = changeTop(TuningPage.self) { page, _ -> ReadSurrogate? in
                let before = page.surrogateQuery
                page.perform(action)
                return page.surrogateQuery == before ? nil : page.surrogateQuery
            }
            pageChanged()
            return (query ?? nil).map { ask($0) } ?? []
        }
        return []
    }

    private mutating func steerTuning(_ action: StudioAction) -> [Effect] {
        guard let page = screens.last as? TuningPage, let standing = page.standing else { return [] }
        let record = standing.record
        switch action {
        case .tuningPause:
            let isPaused = record.status == .paused
            say(isPaused ? "\(record.name) goes on" : "\(record.name) begins no new trials", .text)
            return [.command(.controlTuning(record.id, isPaused ? .goOn : .pause))]
        case .tuningStop:
            if record.status.isFinal {
                say("resuming \(record.name)", .text)
                return [.command(.resumeTuning(record.id))]
            }
            let id = record.id
            open(
                Question(
                    "Stop", text: "Stop \(record.name)? Its trials stop at the next step, and all of it can be resumed.",
                    answers: [
                        .init(key: "s", text: "stop") { _ in [.command(.controlTuning(id, .stop))] },
                        .init(key: "c", text: "cancel"),
                    ]))
        default:
            guard let trial = page.chosenTrial else { return [] }
            var request = record.request.job
            request.hyperparameters.merge(trial.values) { $1 }
            let base = request
            // Nothing is held out any more, so that nothing judges it either.
            (request.validationSplit, request.validationPath, request.folds) = (0, nil, nil)
            (request.validationOrder, request.hyperparameters["objective_metric"]) = (nil, nil)
            return openForm(request, origin: "trial \(trial.number + 1) of \(record.name) on all rows", base: base)
        }
        return []
    }
}

extension TuningPage {
    mutating func perform(_ action: StudioAction) {
        let step = 0.05
        switch action {
        case .tuningNextTab, .tuningPreviousTab:
            let all = TuningTab.allCases, place = all.firstIndex(of: tab) ?? 0
            turn(to: all[(place + (action == .tuningNextTab ? 1 : all.count - 1)) % all.count])
        case .tuningSortRight, .tuningSortLeft:
            let by = action == .tuningSortRight ? 1 : -1
            if tab == .parallel || tab == .slices { moveAxis(by: by) } else { sort(by: by) }
        case .tuningReverse: reverse()
        case .tuningOther: moveSecond(by: 1)
        case .tuningLowerUp: tab == .slices ? moveCrosshair(x: 0, y: step) : brush(lower: step, upper: 0)
        case .tuningLowerDown: tab == .slices ? moveCrosshair(x: 0, y: -step) : brush(lower: -step, upper: 0)
        case .tuningUpperDown: tab == .slices ? moveCrosshair(x: -step, y: 0) : brush(lower: 0, upper: -step)
        case .tuningUpperUp: tab == .slices ? moveCrosshair(x: step, y: 0) : brush(lower: 0, upper: step)
        case .tuningUnbrush: clearBrush(all: false)
        case .tuningUnbrushAll: clearBrush(all: true)
        case .tuningNextTrial: moveTrial(by: 1)
        case .tuningPreviousTrial: moveTrial(by: -1)
        case .tuningBest: if let best = standing?.best { choose(best.run) }
        default: break
        }
    }
}
