import Cells
import Events

extension AppState {
    /// Takes in what the debugger found.
    mutating func take(_ fact: DebuggerEvent, _ event: StudioEvent) -> [Effect] {
        guard let run = event.run else { return [] }
        let alert: Alert
        switch fact {
        case .alertRaised(let raised): alert = raised
        case .ruleEvaluated(let evaluation):
            alerts.clear(evaluation, of: run, at: event.wallTime)
            return []
        case .rulesChanged(let change):
            say("\(runs[run]?.record.name ?? run.text): \(change.text)", .good)
            return []
        case .remedyMeasured(let outcome):
            alerts.add(outcome, of: run)
            let sick = runs[outcome.alert.run]?.record.name ?? outcome.alert.run.text
            let text = "\(outcome.alert.rule) of \(sick): \(outcome.words { NumberFormat.significant($0) })"
            // It stands on the alert, too, and takes no answer to a key away.
            if toast == nil {
                say(text, outcome.helped ? .good : .warning)
            } else {
                append(to: text, outcome.helped ? .good : .warning)
            }
            return []
        }
        alerts.add(AlertsState.Item(run: run, time: event.wallTime, alert: alert))
        let name = runs[run]?.record.name ?? run.text
        say("\(name): \(alert.rule) at step \(NumberFormat.grouped(alert.step)): \(alert.summary)", alert.severity.role)
        return alert.severity == .issue ? [.bell] : []
    }

    /// Takes in what followed from an alert. What went wrong, and what was done to the run, is said aloud.
    mutating func take(_ taken: ActionTaken, _ event: StudioEvent) {
        guard let run = event.run else { return append(to: taken.message, taken.role) }
        alerts.add(taken, of: run, at: event.wallTime)
        let text = "\(runs[run]?.record.name ?? run.text): \(taken.message)"
        if taken.isWarning || taken.channel == nil { say(text, taken.role) } else { append(to: text, taken.role) }
    }

    mutating func performAlert(_ action: StudioAction) -> [Effect] {
        guard let item = alerts.selected else { return [] }
        switch action {
        case .nextRemedy, .previousRemedy:
            alerts.remedy = next(
                after: alerts.remedy, in: Array(0..<max(1, item.alert.remedies.count)), by: action == .nextRemedy ? 1 : -1)
        case .showAlert: return showAlert(item)
        case .alertInChart:
            let effects = screens.isEmpty ? [] : goHome(.curves)
            return effects + showInChart(item)
        case .fixAlert:
            if let name = item.monitor { return serving.monitor(name).map { askToRetrain($0) } ?? [] }
            guard let run = runs[item.run], item.alert.remedies.indices.contains(alerts.remedy) else { break }
            let remedy = item.alert.remedies[alerts.remedy]
            let base = run.record.requestAgain
            var request = base
            request.hyperparameters.merge(remedy.set) { _, remedied in remedied }
            request.remedies = AlertReference(run: item.run, rule: item.alert.rule)
            return openForm(request, origin: "fix \(item.alert.rule) of \(run.record.name)", base: base)
        default: unhandled(action)
        }
        return []
    }

    /// Brings the alert's run to the front of the curves, with the cursor at the alert's step.
    private mutating func showInChart(_ item: AlertsState.Item) -> [Effect] {
        experiments.select(item.run)
        if !experiments.marks.isEmpty, !experiments.isMarked(item.run) { experiments.marks.append(item.run) }
        focus = .curves
        // Which metric is shown depends on the run; its curves are asked for here.
        let effects = refresh()
        let scene = CurvesScene(self)
        let name = runs[item.run].flatMap { run in scene.metric.flatMap { CurvesScene.names($0, of: run).first } }
        let series = name.flatMap { self.series[item.run, $0] }
        if settings.xAxis != .step, let series, let index = series.nearestIndex(to: Double(item.alert.step), on: .step) {
            curves.cursor = series.x(at: index, on: settings.xAxis)
        } else {
            settings.xAxis = .step
            curves.cursor = Double(item.alert.step)
        }
        if let range = curves.viewport.x, let cursor = curves.cursor, !range.contains(cursor) {
            curves.viewport = ChartViewport()
        }
        return effects
    }
}
