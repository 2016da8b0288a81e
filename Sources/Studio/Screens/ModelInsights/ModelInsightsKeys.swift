import Events

extension KeyContext {
    static let modelInsights = KeyContext("On the page of how good a model is")
}

extension StudioAction {
    static let showModelInsights = StudioAction("model.insights")
}

extension KeyTable {
    /// How good models are.
    static let modelInsights = KeyGroup([
        KeyBinding(
            .showModelInsights, "J", [.experiments, .runPage, .automl], hint: "how good", priority: 42,
            "Judge the model by rows that it did not learn from: confusions, ROC, gain, calibration, or its errors."
        ) { $0.refusalToJudge }
    ]) { state, _ in state.showModelInsights() }
}

extension AppState {
    /// Whose model is judged, and its name: on an AutoML job's page that of the candidate under the cursor, else the average.
    private var judged: (subject: ReadModelInsights.Subject, name: String)? {
        if let page = top as? AutoMLPage {
            if case .run(let run, _)? = page.reading.stop?.link,
                let own = page.standing?.candidates.first(where: { $0.run == run })
            {
                return (.run(run), own.name)
            }
            return page.standing.map { (.automl($0.record.id), $0.record.name) }
        }
        return (runOnPage ?? experiments.selected).map { (.run($0), runs[$0]?.record.name ?? $0.text) }
    }

    fileprivate var refusalToJudge: String? {
        switch judged?.subject {
        case nil: return top is AutoMLPage ? "the job is not read yet" : "there is no run"
        case .automl:
            let hasAverage = (top as? AutoMLPage)?.standing?.record.ensemble != nil
            return hasAverage ? nil : "there is no average yet: a candidate must end first"
        case .run(let id):
            if let page = top as? AutoMLPage {
                let candidate = page.standing?.candidates.first { $0.run == id }
                return candidate?.value == nil ? "the candidate has no value yet" : nil
            }
            guard let run = runs[id] else { return nil }
            if run.record.request.isScript { return "\(run.record.name) is a script's run, whose model only the script can read" }
            if run.record.request.target == nil { return "\(run.record.name) predicts no column" }
            return run.status.isFinal ? nil : "\(run.record.name) still trains"
        }
    }

    mutating func showModelInsights() -> [Effect] {
        judged.map { open(ModelInsightsPage($0.subject, name: $0.name)) } ?? []
    }
}
