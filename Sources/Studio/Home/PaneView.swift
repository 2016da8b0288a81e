import Cells

/// Draws a pane with its frame: all of it, or only its title when that is all there is room for.
func drawPane(_ pane: Pane, _ state: AppState, into buffer: inout CellBuffer, in rect: Rect) {
    let isFocused = state.focus == pane
    buffer.frame(rect, Style(isFocused ? .borderFocused : .border))
    let interior = StudioLayout.interior(rect)
    switch pane {
    case .datasets: drawDatasets(state, into: &buffer, in: interior)
    case .experiments: drawExperiments(state, into: &buffer, in: interior)
    case .curves: drawCurves(state, into: &buffer, in: interior)
    case .alerts: drawAlerts(state, into: &buffer, in: interior)
    }
    // What is shown is not what the filter asks for.
    if state.filter(of: pane)?.isBehind == true { buffer.fade(interior) }
    if pane == .experiments { drawFilterNote(state, into: &buffer, in: interior) }
    PaneTitle(pane, state, width: rect.width)
        .draw(right: paneStatus(pane, state), isFocused: isFocused, into: &buffer, in: rect)
    drawScrollbar(pane, state, into: &buffer, in: rect)
}

private func drawScrollbar(_ pane: Pane, _ state: AppState, into buffer: inout CellBuffer, in rect: Rect) {
    guard let scrolling = state.scrolling(of: pane) else { return }
    buffer.scrollbar(
        rect, top: scrolling.top, shown: scrolling.shown, count: scrolling.count,
        Style(state.focus == pane ? .borderFocused : .border))
}

/// What stands at the right of a pane's title, the most important last.
private func paneStatus(_ pane: Pane, _ state: AppState) -> [TextLine.Part] {
    if let filter = state.filter(of: pane), filter.isBehind {
        let text = filter.applied.isEmpty ? "all shown" : "shown: " + filter.applied.shortened(to: 24)
        return [TextLine.Part(text: text, role: .warning, attributes: [])]
    }
    func part(_ text: String, _ role: ColorRole = .muted, _ attributes: Style.Attributes = []) -> TextLine.Part {
        TextLine.Part(text: text, role: role, attributes: attributes)
    }
    switch pane {
    case .datasets:
        let count = state.datasets.rows.count
        if state.isZoomed, let name = state.datasets.selected?.name {
            return [part("\(state.datasets.cursor.index + 1) of \(count)"), part(name, .accent, .bold)]
        }
        return count == 0 ? [] : [part(String(count))]
    case .experiments:
        let marked = state.experiments.marks.count, rows = state.experiments.rows.count
        var parts = state.experiments.showsArchived ? [part("with archived", .warning)] : []
        if let group = state.experiments.group { parts.append(part("by \(group.word)", .accent)) }
        if rows > 0, let sort = state.unseenSort { parts.append(part(sort)) }
        if marked > 0 { parts.append(part("\(marked) marked", .mark)) }
        return parts + (rows > 0 ? [part(NumberFormat.grouped(rows))] : [])
    case .curves: return curvesStatus(state)
    case .alerts:
        let issues = state.alerts.rows.count, open = state.alerts.openCount
        if issues == 0 { return [] }
        return (open == issues ? [] : [part("\(issues - open) cleared")]) + [part(String(open), open > 0 ? .bad : .muted, .bold)]
    }
}

private func curvesStatus(_ state: AppState) -> [TextLine.Part] {
    let scene = CurvesScene(state)
    guard scene.metric != nil else { return [] }
    var parts: [TextLine.Part] = []
    func add(_ text: String, _ role: ColorRole = .muted, _ attributes: Style.Attributes = []) {
        parts.append(TextLine.Part(text: text, role: role, attributes: attributes))
    }
    let gaps = scene.chart.gaps
    add("x: \(state.settings.xAxis.words)")
    if state.settings.yScale != .linear { add("y: \(state.settings.yScale.settingsWord)", .accent) }
    if state.curves.viewport.y != nil {
        add("y held", .warning)
    } else if state.settings.yFit != .window {
        add("y: \(state.settings.yFit.rawValue)", .accent)
    }
    if state.settings.smoothing > 0 {
        add("ema \(NumberFormat.compact(state.settings.smoothing))\(state.settings.smoothsByDistance ? " by distance" : "")")
    }
    if let seeds = scene.seedGroups.map(\.count).max() { add("mean ± sd of \(seeds) seeds", .accent) }
    let tiles = state.curveTiles(scene)
    if state.showsTiles, let first = tiles.first, let place = scene.tiled.firstIndex(of: first.metric),
        tiles.count < scene.tiled.count
    {
        add("\(place + 1)–\(place + tiles.count) of \(scene.tiled.count)", .text)
    }
    if gaps.nonFinite > 0 { add("\(gaps.nonFinite) NaN", .bad, .bold) }
    if gaps.nonPositive > 0 { add("\(gaps.nonPositive) ≤ 0", .warning) }
    if let arrival = state.arrival(in: scene) { add("merged: \(arrival.words)", .warning) }
    add(scene.title, .accent, .bold)
    let isLive = scene.runs.contains { $0.status == .inProgress }
    if !state.curves.follows {
        add("FROZEN", .warning, .bold)
    } else if isLive {
        add("FOLLOW", .good, .bold)
    }
    return parts
}
