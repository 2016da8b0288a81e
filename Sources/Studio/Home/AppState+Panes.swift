import Cells
import Events

extension AppState {
    mutating func performPane(_ action: StudioAction) -> [Effect] {
        switch action {
        case .nextPane: focus = next(after: focus, in: Pane.allCases)
        case .previousPane: focus = next(after: focus, in: Pane.allCases, by: -1)
        case .focusDatasets: focus = .datasets
        case .focusExperiments: focus = .experiments
        case .focusCurves: focus = .curves
        case .focusAlerts: focus = .alerts
        case .zoom: isZoomed.toggle()
        default: break
        }
        return []
    }

    /// Begins to type the focused list's filter; in the curves, opens the menu of metrics.
    mutating func beginFilter() {
        guard focus != .curves else { return open(Menu(.metrics)) }
        var filter = focusedFilter
        filter.begin()
        experiments.completions = []
        setFilter(filter)
    }

    mutating func performFilter(_ action: StudioAction) -> [Effect] {
        if action == .filterComplete {
            completeFilter()
        } else {
            var filter = focusedFilter
            filter.end(keeping: true)
            setFilter(filter)
        }
        return []
    }

    mutating func performMove(_ action: StudioAction) -> [Effect] {
        move(action)
        return []
    }

    /// Moves the selection of the focused list.
    mutating func move(_ action: StudioAction) {
        switch focus {
        case .datasets where isZoomed:
            let page = StudioLayout.datasetPage(layout.interior(.datasets), columns: datasets.columnCount).columns.height
            Self.move(&datasets.columnCursor, action, count: datasets.columnRows.count, page: page)
        case .datasets:
            let page = StudioLayout.datasetRows(layout.interior(.datasets)).list.height
            Self.move(&datasets.cursor, action, count: datasets.rows.count, page: page)
            datasets.columnCursor = ListCursor()
        case .experiments, .curves:
            let page = StudioLayout.runRows(layout.interior(.experiments)).height
            Self.move(&experiments.cursor, action, count: experiments.lines.count, page: page)
            experiments.selectAtCursor()
            experiments.isChosen = true
        case .alerts:
            Self.move(&alerts.cursor, action, count: alerts.rows.count, page: layout.interior(.alerts).height)
            alerts.remedy = 0
        }
    }

    private static func move(_ cursor: inout ListCursor, _ action: StudioAction, count: Int, page: Int) {
        switch action {
        case .down: cursor.index += 1
        case .up: cursor.index -= 1
        case .first: cursor.index = 0
        case .last: cursor.index = count - 1
        case .pageDown: cursor.index += max(1, page - 1)
        case .pageUp: cursor.index -= max(1, page - 1)
        default: break
        }
        cursor.clamp(count: count, page: page)
    }

    mutating func performData(_ action: StudioAction) -> [Effect] {
        switch action {
        case .showData:
            isZoomed.toggle()
        case .nextData, .previousData:
            datasets.cursor.index += action == .nextData ? 1 : -1
            datasets.columnCursor = ListCursor()
            datasets.columnFilter.clear()
        case .reloadData:
            guard let dataset = datasets.selected else { break }
            note("reading \(dataset.name) again", .text)
            return [.command(.profileDataset(path: dataset.path))]
        case .closeData:
            guard let dataset = datasets.selected, let index = datasets.datasets.firstIndex(of: dataset) else { break }
            datasets.remove(dataset.path)
            push { state in
                state.datasets.insert(dataset, at: index)
                state.note("\(dataset.name) is back", .good)
                return dataset.id.map { [.command(.editEntity($0.entity, EntityEdit(isDeleted: false)))] } ?? []
            }
            note("closed \(dataset.name); u undoes", .text)
            return dataset.id.map { [.command(.editEntity($0.entity, EntityEdit(isDeleted: true)))] } ?? []
        default: break
        }
        return []
    }

    /// Opens a data file: asks the engine to read it, and shows that it is being read.
    mutating func openDataset(_ path: String) -> [Effect] {
        datasets.put(path, .loading)
        datasets.filter.clear()
        datasets.refresh(page: 1, columnPage: 1)
        datasets.select(path)
        focus = .datasets
        return [.command(.profileDataset(path: path))]
    }

    mutating func performAlert(_ action: StudioAction) -> [Effect] {
        guard let item = alerts.selected else { return [] }
        switch action {
        case .nextRemedy, .previousRemedy:
            alerts.remedy = next(
                after: alerts.remedy, in: Array(0..<max(1, item.alert.remedies.count)), by: action == .nextRemedy ? 1 : -1)
        case .showAlert: showInChart(item)
        case .fixAlert:
            guard let run = runs[item.run], item.alert.remedies.indices.contains(alerts.remedy) else { break }
            let remedy = item.alert.remedies[alerts.remedy]
            var request = run.record.request
            request.hyperparameters.merge(remedy.set) { _, remedied in remedied }
            request.name = nil
            request.seed = run.record.seed
            request.remedies = AlertReference(run: item.run, rule: item.alert.rule)
            return openForm(request, origin: "fix \(item.alert.rule) of \(run.record.name)")
        default: break
        }
        return []
    }

    /// Brings the alert's run to the front of the curves, with the cursor at the alert's step.
    private mutating func showInChart(_ item: AlertsState.Item) {
        experiments.select(item.run)
        if !experiments.marks.isEmpty, !experiments.isMarked(item.run) { experiments.marks.append(item.run) }
        focus = .curves
        _ = refresh()
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
    }
}
