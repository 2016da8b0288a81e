import Cells
import Events

extension AppState {
    /// Takes in what happened to an AutoML job, beyond what its page reads.
    mutating func take(_ fact: AutoMLEvent) -> [Effect] {
        switch fact {
        case .started(let start):
            say("\(start.name) tries up to \(start.planned) candidates", .good)
            liveTunings.insert(start.automl)
            guard awaitsFreshTuning else { return [] }
            awaitsFreshTuning = false
            return showAutoML(start.automl)
        case .ensembleImproved(let news):
            say("\(news.name): average \(NumberFormat.significant(news.ensemble.value)) of \(news.weights.count) models", .good)
        case .stackingDecided(let news): say("\(news.name): \(news.stacking.why)", .text)
        case .finished(let result):
            liveTunings.remove(result.automl)
            let best = result.best.map { "; \(result.objective.metric) \(NumberFormat.significant($0.value))" } ?? ""
            say("\(result.name) \(result.status.word)\(best)", result.status == .failed ? .bad : .good)
        case .candidateStarted, .candidateFinished: break
        }
        return []
    }

    mutating func showAutoML(_ id: String) -> [Effect] {
        if let page = screens.last as? AutoMLPage, page.automl == id { return [] }
        return open(AutoMLPage(id))
    }

    mutating func performAutoML(_ action: StudioAction) -> [Effect] {
        switch action {
        case .showAutoMLs: return screens.last is AutoMLsPage ? [] : open(AutoMLsPage())
        case .automlOpen: return (top as? AutoMLsPage)?.chosen.map { open(AutoMLPage($0.record.id)) } ?? []
        case .automlBegin: return askForTarget()
        default: return stopOrResume()
        }
    }

    private mutating func stopOrResume() -> [Effect] {
        guard let record = (screens.last as? AutoMLPage)?.standing?.record else { return [] }
        if record.status.isFinal {
            say("resuming \(record.name)", .text)
            return [.command(.resumeAutoML(record.id))]
        }
        let id = record.id
        open(
            Question(
                "Stop", text: "Stop \(record.name)? Its average can be used as it is, and the job can be resumed.",
                answers: [
                    .init(key: "s", text: "stop") { _ in [.command(.stopAutoML(id))] },
                    .init(key: "c", text: "cancel"),
                ]))
        return []
    }

    /// Opens a line to type the column to predict.
    private mutating func askForTarget() -> [Effect] {
        guard let dataset = datasets.selected, let profile = dataset.profile else { return [] }
        let names = profile.columns.map(\.name), path = dataset.path, options = dataset.options
        let likely = isZoomed ? datasets.selectedColumn?.name ?? names.last : names.last
        open(
            LinePrompt(
                "AutoML on \(dataset.name)", help: "The column to predict; tab completes. The rest is decided and said.",
                text: likely ?? "",
                check: { text, _ in
                    names.contains(text) ? nil : LinePrompt.Problem("\(dataset.name) has no column '\(text)'")
                },
                complete: { prompt, _ in
                    let fitting = names.filter { $0.hasPrefix(prompt.field.text) }
                    if let only = fitting.first, fitting.count == 1 {
                        prompt.field = TextField(only)
                    } else {
                        prompt.completions = fitting
                    }
                }
            ) { target, state in
                let job = JobRequest(datasetPath: path, target: target, algorithm: "linear-learner", reading: options)
                state.awaitsFreshTuning = true
                state.say("looking at \(target) …", .text)
                return [.command(.startAutoML(AutoMLRequest(job: job), name: nil))]
            })
        return []
    }
}
