import Cells
import Events

extension AppState {
    mutating func performCurve(_ action: StudioAction) -> [Effect] {
        switch action {
        case .nextRun, .previousRun: focusRun(by: action == .nextRun ? 1 : -1)
        case .nextMetric, .previousMetric: chooseMetric(by: action == .nextMetric ? 1 : -1)
        case .smoothMore, .smoothLess: return smooth(more: action == .smoothMore)
        case .xAxis:
            settings.xAxis = next(after: settings.xAxis, in: XAxis.allCases)
            // Places on one axis mean nothing on another.
            curves.viewport = ChartViewport()
            curves.cursor = nil
            curves.boxStart = nil
            return [.saveSettings(settings)]
        case .yScale:
            settings.yScale = next(after: settings.yScale, in: YScale.allCases)
            return [.saveSettings(settings)]
        case .yFit: return fitY()
        case .smoothKind:
            settings.smoothsByDistance.toggle()
            say(settings.smoothsByDistance ? "smoothed by distance on the x axis" : "smoothed by points", .text)
            return [.saveSettings(settings)]
        case .gap:
            curves.showsGap.toggle()
            curves.viewport.y = nil
        case .seedBands:
            settings.groupsSeeds.toggle()
            say(settings.groupsSeeds ? "runs that differ only in their seed are one curve" : "every run is a curve", .text)
            return [.saveSettings(settings)]
        case .follow, .resetView:
            curves.viewport = ChartViewport()
            curves.boxStart = nil
            if action == .follow { curves.cursor = nil }
        case .tiles:
            curves.showsTiles = !showsTiles
            if curves.showsTiles { isZoomed = true }
        case .export, .exportSVG, .exportCSV, .copyChart: return performExport(action)
        default: moveInChart(action)
        }
        return []
    }

    /// The layout of the chart as it is on the screen; of an invisible one as if it were zoomed.
    private func chartLayout(_ scene: CurvesScene) -> ChartLayout {
        let tile = curveTiles(scene).first { $0.metric == scene.metric }
        return scene.chart.layout(in: tile?.chart ?? Rect(x: 0, y: 0, width: 80, height: 20))
    }

    private mutating func moveInChart(_ action: StudioAction) {
        let scene = CurvesScene(self)
        guard !scene.chart.series.isEmpty else { return }
        let chart = chartLayout(scene)
        let cursor = curves.cursor ?? chart.xRange.upperBound
        switch action {
        case .cursorLeft: curves.cursor = step(cursor, by: -1, scene, chart)
        case .cursorRight: curves.cursor = step(cursor, by: 1, scene, chart)
        case .cursorFarLeft: curves.cursor = step(cursor, by: -10, scene, chart)
        case .cursorFarRight: curves.cursor = step(cursor, by: 10, scene, chart)
        case .cursorStart: curves.cursor = chart.xRange.lowerBound
        case .zoomIn: curves.viewport.x = chart.xRange(zoomedBy: 0.5, around: cursor)
        case .zoomOut: zoomOut(scene, chart, cursor)
        case .zoomInY: zoomY(by: 0.5, scene, chart, cursor)
        case .zoomOutY: zoomY(by: 2, scene, chart, cursor)
        case .panLeft: pan(chart.xRange(pannedBy: -0.25), scene, chart)
        case .panRight: pan(chart.xRange(pannedBy: 0.25), scene, chart)
        case .boxZoom: zoomToBox(cursor)
        case .nextExtremum, .previousExtremum: turn(scene, chart, forward: action == .nextExtremum)
        case .nextMark, .previousMark: jump(scene, forward: action == .nextMark, from: curves.cursor)
        default: break
        }
    }

    /// The cursor moved by dot columns; at the edge of a zoomed chart the view moves along.
    private mutating func step(_ cursor: Double, by columns: Int, _ scene: CurvesScene, _ chart: ChartLayout) -> Double {
        guard let column = chart.column(forX: cursor) else { return chart.xRange.upperBound }
        let wanted = min(max(column, 0), max(0, chart.dotColumns - 1)) + columns
        if curves.viewport.x != nil, wanted < 0 || wanted >= chart.dotColumns {
            let all = whole(scene, chart)
            pan(chart.xRange(pannedBy: columns < 0 ? -0.25 : 0.25), scene, chart)
            return min(max(chart.xValue(atColumn: wanted), all.lowerBound), all.upperBound)
        }
        return chart.x(from: cursor, movedBy: columns)
    }

    /// What x goes over when all is shown.
    private func whole(_ scene: CurvesScene, _ chart: ChartLayout) -> ClosedRange<Double> {
        var all = scene.chart
        all.viewport = ChartViewport()
        return all.layout(in: chart.plot).xRange
    }

    /// Shows a part of x, moved so that it stays on the data.
    private mutating func pan(_ range: ClosedRange<Double>, _ scene: CurvesScene, _ chart: ChartLayout) {
        let all = whole(scene, chart), width = range.upperBound - range.lowerBound
        guard width < all.upperBound - all.lowerBound else {
            if curves.viewport.x != nil { curves.viewport.x = all }
            return
        }
        let start = min(max(range.lowerBound, all.lowerBound), all.upperBound - width)
        curves.viewport.x = start...(start + width)
    }

    /// Zooms out around the cursor; all the way out follows the data again.
    private mutating func zoomOut(_ scene: CurvesScene, _ chart: ChartLayout, _ cursor: Double) {
        guard curves.viewport.x != nil else { return }
        let wider = chart.xRange(zoomedBy: 2, around: cursor)
        let all = whole(scene, chart)
        guard wider.upperBound - wider.lowerBound < all.upperBound - all.lowerBound else { return curves.viewport.x = nil }
        pan(wider, scene, chart)
    }

    /// Zooms the y axis around the front curve at the cursor; all the way out fits it to the data again.
    private mutating func zoomY(by factor: Double, _ scene: CurvesScene, _ chart: ChartLayout, _ cursor: Double) {
        guard factor < 1 || curves.viewport.y != nil else { return }
        let front = scene.chart.series.first { $0.isFocused } ?? scene.chart.series.first
        let index = front?.series.nearestIndex(to: cursor, on: scene.chart.xAxis)
        let wanted = chart.yRange(zoomedBy: factor, around: index.flatMap { front?.series[$0].value })
        var whole = scene.chart
        whole.viewport.y = nil
        let all = whole.layout(in: chart.plot).yRange
        let isAll = wanted.lowerBound <= all.lowerBound && wanted.upperBound >= all.upperBound
        curves.viewport.y = isAll ? nil : wanted
    }

    /// What the y axis makes room for: the next of the ways, the last of which holds what is shown.
    private mutating func fitY() -> [Effect] {
        if curves.viewport.y != nil {
            curves.viewport.y = nil
            settings.yFit = .window
        } else if settings.yFit == .whole {
            let scene = CurvesScene(self)
            curves.viewport.y = chartLayout(scene).yRange
        } else {
            settings.yFit = next(after: settings.yFit, in: YFit.allCases)
        }
        let words = curves.viewport.y != nil ? "holds still" : "fits \(settings.yFit.words)"
        say("the y axis \(words)", .text)
        return [.saveSettings(settings)]
    }

    /// Begins a box at the cursor, or zooms into the one that was begun.
    private mutating func zoomToBox(_ cursor: Double) {
        curves.cursor = cursor
        guard let start = curves.boxStart else {
            curves.boxStart = cursor
            return say("move the cursor, then v zooms; esc does not", .text)
        }
        curves.boxStart = nil
        // On an axis without a number there is no box.
        guard start != cursor, start.isFinite, cursor.isFinite else { return }
        curves.viewport.x = min(start, cursor)...max(start, cursor)
    }

    /// Moves the cursor to the next or previous turn of the curve in front.
    private mutating func turn(_ scene: CurvesScene, _ chart: ChartLayout, forward: Bool) {
        guard let front = scene.chart.series.first(where: \.isFocused) ?? scene.chart.series.first else { return }
        let places = scene.chart.extrema(of: front, in: chart)
        let start = curves.cursor ?? (forward ? -.infinity : .infinity)
        let found = forward ? places.first { $0 > start } : places.last { $0 < start }
        guard let found else { return say("the curve does not turn \(forward ? "after" : "before") the cursor", .text) }
        curves.cursor = found
    }

    /// Moves the cursor to the next alert or the one before.
    private mutating func jump(_ scene: CurvesScene, forward: Bool, from cursor: Double?) {
        let places = scene.chart.marks.filter { $0.role != .faint && $0.role != .good }.map(\.x).sorted()
        let start = cursor ?? (forward ? -.infinity : .infinity)
        let found = forward ? places.first { $0 > start } ?? places.first : places.last { $0 < start } ?? places.last
        guard let found else { return say("no alerts on these curves", .text) }
        curves.cursor = found
        if let range = curves.viewport.x, !range.contains(found) {
            let half = (range.upperBound - range.lowerBound) / 2
            pan((found - half)...(found + half), scene, chartLayout(scene))
        }
    }

    mutating func focusRun(by step: Int) {
        guard let selected = experiments.selected, shownRuns.contains(selected) else {
            if let first = shownRuns.first { experiments.select(first) }
            return
        }
        experiments.select(next(after: selected, in: shownRuns, by: step))
    }

    private mutating func chooseMetric(by step: Int) {
        let scene = CurvesScene(self)
        guard let metric = scene.metric, !scene.metrics.isEmpty else { return }
        setMetric(next(after: metric, in: scene.metrics, by: step))
    }

    mutating func setMetric(_ metric: String) {
        curves.metric = metric
        curves.viewport.y = nil
        needsRedraw = true
    }

    private mutating func smooth(more: Bool) -> [Effect] {
        let steps = Settings.smoothingSteps
        let current = settings.smoothing
        settings.smoothing = more ? steps.first { $0 > current } ?? current : steps.last { $0 < current } ?? 0
        return settings.smoothing == current ? [] : [.saveSettings(settings)]
    }

    /// Puts the cursor where the mouse is.
    /// - Parameter isHeld: whether the mouse drags the cursor, which then stays in its chart wherever the mouse goes.
    mutating func pointInChart(x: Int, y: Int, isHeld: Bool = false) {
        if !isHeld, let tile = curveTiles(CurvesScene(self)).first(where: { $0.rect.contains(x: x, y: y) }) {
            setMetric(tile.metric)
        }
        let scene = CurvesScene(self)
        guard !scene.chart.series.isEmpty else { return }
        let chart = chartLayout(scene)
        guard chart.plot.width > 0,
            isHeld || chart.plot.contains(x: min(max(x, chart.plot.x), chart.plot.maxX - 1), y: y)
        else { return }
        let perCell = max(1, chart.dotColumns / chart.plot.width)
        let column = (min(max(x, chart.plot.x), chart.plot.maxX - 1) - chart.plot.x) * perCell
        curves.cursor = chart.xValue(atColumn: column)
        needsRedraw = true
    }

    /// The run whose row under the charts is at a cell.
    func legendRun(atX x: Int, y: Int) -> RunID? {
        let scene = CurvesScene(self)
        let legend = StudioLayout.curves(layout.interior(.curves), runs: curveRows(scene)).legend
        let headings = curveRows(scene) - scene.runs.count
        guard !scene.chart.series.isEmpty, legend.contains(x: x, y: y) else { return nil }
        let runs = Array(visibleRuns(scene, rows: legend.height - headings)), row = y - legend.y - headings
        return runs.indices.contains(row) ? runs[row].record.id : nil
    }

    /// Moves the part that is shown by a notch of the wheel.
    mutating func panByWheel(isRight: Bool) {
        moveInChart(isRight ? .panRight : .panLeft)
        needsRedraw = true
    }

    /// Zooms around the mouse.
    mutating func wheelInChart(x: Int, y: Int, isIn: Bool) {
        pointInChart(x: x, y: y)
        moveInChart(isIn ? .zoomIn : .zoomOut)
        needsRedraw = true
    }
}

extension YFit {
    /// As titles and messages say it.
    package var words: String {
        switch self {
        case .window: "what is in view"
        case .robust: "what is in view, without outliers"
        case .whole: "all of the curves"
        }
    }
}
