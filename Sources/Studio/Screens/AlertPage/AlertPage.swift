import Cells
import Events

/// An alert with what shows it: the picture first, then the words, and what may mend it.
package struct AlertPage: ScreenOfRun {
    package let item: AlertsState.Item
    /// What was found beside the curves; nil until it was looked for.
    package private(set) var found: AlertEvidence?
    package var reading = Reading()

    package var run: RunID { item.run }
    package var contexts: [KeyContext] { [.alertPage, .detail] }

    init(_ item: AlertsState.Item) { self.item = item }

    package var sectionsRefusal: String? { nil }

    package func title(_ state: AppState) -> String { "\(item.alert.rule) of \(name(state))" }

    private func name(_ state: AppState) -> String {
        "\(state.runs.letter(of: run)) \(state.runs[run]?.record.name ?? run.text)"
    }

    package func notices(_ state: AppState) -> [String] {
        guard let entry = state.runs.entries[run] else { return [] }
        if entry.isRemoved { return ["its run was removed from the workspace for good: what stands here is what was last known"] }
        return entry.summary.isDeleted ? ["its run is in the bin"] : []
    }

    package func document(_ state: AppState, width: Int) -> Document {
        guard let run = state.runs[run] else { return Document([TextLine("The run is gone.", .muted)]) }
        return AlertPageText(item: item, run: run, found: found, state: state, width: width).document
    }

    mutating func take(_ found: AlertEvidence) { self.found = found }

    package func query(_ state: AppState) -> (any StudioQuery)? { found == nil ? FindEvidence(run, item.alert) : nil }

    package func curves(_ state: AppState) -> [SeriesLibrary.Key] {
        guard let summary = state.runs[run] else { return [] }
        return AlertPicture.words(item.alert, of: summary)
            .flatMap { CurvesScene.names($0, of: summary) }.filter { !$0.isCandidate }.map { SeriesLibrary.Key(run, $0) }
    }
}

extension AppState {
    /// Shows an alert's page; the pane's selection and remedy go with it.
    mutating func showAlert(_ item: AlertsState.Item) -> [Effect] {
        alerts.select(item)
        if let name = item.monitor { return showMonitor(name) }
        if item.endpoint != nil { return endpoint(of: item).map { showEndpoint($0) } ?? [] }
        guard let open = screens.last as? AlertPage else { return self.open(AlertPage(item)) }
        guard open.item != item else { return [] }
        depart()
        screens.removeLast()
        return self.open(AlertPage(item))
    }

    /// An alert of the run that is selected: the one nearest to the cursor of the curves where these have it, else the gravest that
    /// stands, and of those the first that was raised, from which others follow.
    var alertOfSubject: AlertsState.Item? {
        let isOnCurves = screens.isEmpty && focus == .curves
        guard let run = isOnCurves ? CurvesScene(self).focused : runOnPage ?? experiments.selected else { return nil }
        let own = alerts.alerts(of: run)
        guard isOnCurves, let cursor = curves.cursor, settings.xAxis == .step else {
            let order: [Alert.Severity] = [.issue, .warning, .info]
            let standing = own.filter { alerts.cleared($0) == nil }
            return (standing.isEmpty ? own : standing).min {
                let ranks = [$0, $1].map { order.firstIndex(of: $0.alert.severity) ?? order.count }
                return (ranks[0], $0.time) < (ranks[1], $1.time)
            }
        }
        return own.min { abs(Double($0.alert.step) - cursor) < abs(Double($1.alert.step) - cursor) }
    }
}
