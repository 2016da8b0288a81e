import Cells
import Events

/// The Curves pane: the chart, and under it a row for each run with its values at the cursor.
func drawCurves(_ state: AppState, into buffer: inout CellBuffer, in interior: Rect) {
    guard !interior.isEmpty else { return }
    let scene = CurvesScene(state)
    guard !scene.chart.series.isEmpty else {
        if state.runs.count == 0, state.datasets.datasets.isEmpty { return drawWelcome(state, into: &buffer, in: interior) }
        return buffer.writeEmpty(emptyText(scene), in: interior)
    }
    var tiles: [CurvesScene] = []
    for tile in state.curveTiles(scene) where !interior.intersection(tile.rect).isEmpty {
        guard tile.chart != tile.rect else {
            scene.chart.draw(into: &buffer, in: tile.chart.intersection(interior))
            continue
        }
        let isChosen = tile.metric == scene.metric
        let title = Style(isChosen ? .titleFocused : .muted, on: .background, isChosen ? .bold : [])
        buffer.write((isChosen ? "▸ " : "  ") + tile.metric, x: tile.rect.x + 1, y: tile.rect.y, title, clip: tile.rect)
        let own = isChosen ? scene : CurvesScene(state, metric: tile.metric)
        own.chart.draw(into: &buffer, in: tile.chart)
        tiles.append(own)
    }
    let (chart, legend) = StudioLayout.curves(interior, runs: state.curveRows(scene))
    if tiles.isEmpty {
        drawLegend(scene, state, hasBands: scene.chart.hasRawBands(in: chart), into: &buffer, in: legend)
    } else {
        drawValues(tiles, scene, state, into: &buffer, in: legend)
    }
}

/// What to press in a workspace that holds nothing yet.
private func drawWelcome(_ state: AppState, into buffer: inout CellBuffer, in interior: Rect) {
    let keys: [(StudioAction, String)] = [
        (.openData, "open a data file of nearly any format"),
        (.newRun, "start a run on it"), (.palette, "find any command, run or file"),
        (.help, "every key there is"),
    ]
    let rows = keys.compactMap { action, text in
        state.keyMap.binding(for: action)?.keys.first.map { (key: $0.label, text: text) }
    }
    let demo = "descent demo: all of it, on sample data"
    let width = rows.map { TextWidth.of($0.text) + 4 }.max() ?? 0
    guard interior.height >= rows.count + 4, interior.width >= width + 2 else {
        return buffer.writeEmpty(["Nothing here yet", "o opens data, n starts a run"], in: interior)
    }
    let x = interior.x + (interior.width - width) / 2
    var y = interior.y + (interior.height - rows.count - 4) / 2
    buffer.write("Nothing here yet. To begin:", x: x, y: y, Style(.title, on: .background, .bold), clip: interior)
    y += 2
    for row in rows {
        buffer.write(row.key, x: x, y: y, Style(.key, on: .background, .bold), clip: interior)
        buffer.write(row.text, x: x + 4, y: y, Style(.text), clip: interior)
        y += 1
    }
    buffer.write(demo, x: x, y: y + 1, Style(.muted), clip: interior)
}

private func emptyText(_ scene: CurvesScene) -> [String] {
    guard let run = scene.runs.first else {
        return ["No curves yet", "Start a run with n, or mark finished runs with space to compare them"]
    }
    if scene.isGap { return ["No training curve to take from validation", "d shows what was recorded"] }
    let name = scene.runs.count == 1 ? run.record.name : "these runs"
    switch run.status {
    case .pending: return ["\(name) is queued", "Its curves appear here as soon as it trains"]
    case .inProgress where run.lastMetrics.isEmpty:
        let phase = run.phase?.rawValue.lowercased() ?? "starting"
        return ["\(name) is \(phase) …", "Its curves appear here as soon as it trains"]
    default:
        // What the run has recorded and is not here is still to come, from another machine or from the workspace.
        if let metric = scene.metric, scene.runs.contains(where: { !CurvesScene.names(metric, of: $0).isEmpty }) {
            return ["\(metric) of \(name) is on its way", run.record.place.map { "from \($0)" } ?? "It is being read"]
        }
        if let metric = scene.metric, scene.metrics.count > 1, !run.lastMetrics.isEmpty {
            return ["No \(metric) recorded for \(name)", "m shows the next metric, / lists them"]
        }
        return ["\(name) recorded no metrics", run.reason.text]
    }
}

private func drawLegend(
    _ scene: CurvesScene, _ state: AppState, hasBands: Bool, into buffer: inout CellBuffer, in rect: Rect
) {
    guard !rect.isEmpty else { return }
    let readouts = scene.chart.readout()
    let hasAll = readouts.count == scene.owners.count
    let legend = Legend(scene, readouts, width: rect.width)
    for (row, run) in visibleRuns(scene, rows: rect.height).enumerated() {
        let id = run.record.id
        let line = Rect(x: rect.x, y: rect.y + row, width: rect.width, height: 1)
        // The run in front is only pointed at when it is the one the user selected.
        let isSelected = id == state.experiments.selected
        let role = state.runs.role(of: id)
        buffer.write(isSelected ? "▸" : " ", x: line.x, y: line.y, Style(.accent), clip: line)
        buffer.write(
            String(state.runs.letter(of: id)), x: line.x + 1, y: line.y, Style(role, on: .background, .bold), clip: line)
        let name = Rect(x: line.x + 3, y: line.y, width: legend.nameWidth, height: 1).intersection(line)
        buffer.write(
            run.record.name.shortened(to: name.width), x: name.x, y: name.y,
            Style(role, on: .background, isSelected ? .bold : []), clip: name)
        var x = name.maxX + 2
        guard hasAll else { continue }
        for (index, owner) in scene.owners.enumerated() where owner.run == id {
            x = legend.write(readouts[index], owner.metric, scene.chart.series[index], x: x, into: &buffer, in: line)
        }
        if let end = endText(run, scene, readouts), x + TextWidth.of(end) <= line.maxX {
            x = buffer.write(end, x: x, y: line.y, Style(.muted), clip: line) + 1
        }
        guard row == 0 else { continue }
        if let at = cursorText(scene) {
            let width = TextWidth.of(at)
            if line.maxX - width - 1 > x { buffer.write(at, endingAt: line.maxX - 1, y: line.y, Style(.muted), clip: line) }
        } else if hasBands, line.maxX - 10 > x {
            let sample = scene.chart.bands == .tint ? Style(.text, on: .band) : Style(.muted, on: .background, .dim)
            buffer.write(scene.chart.bands == .tint ? "  " : "⠂⠐", x: line.maxX - 11, y: line.y, sample, clip: line)
            buffer.write("min–max", x: line.maxX - 8, y: line.y, Style(.muted), clip: line)
        }
    }
}

/// Where a run's curves ended, when the cursor stands behind all of them; that they have no place on this axis, when they have none.
private func endText(_ run: RunSummary, _ scene: CurvesScene, _ readouts: [ChartReadout]) -> String? {
    let curves = zip(scene.owners, scene.chart.series).filter { $0.0.run == run.record.id }.map(\.1)
    guard curves.contains(where: { $0.series.knows(scene.chart.xAxis) }) else {
        return scene.chart.xAxis == .epoch ? "counts no epochs" : "counts no examples"
    }
    let own = zip(scene.owners, readouts).filter { $0.0.run == run.record.id }.map(\.1)
    let ends = own.compactMap(\.end)
    guard let last = ends.max(), ends.count == own.count else { return nil }
    return (run.status.isFinal ? "ended at " : "has come to ") + scene.chart.xText(last)
}

/// The runs that have a row: the focused one is always among them.
func visibleRuns(_ scene: CurvesScene, rows: Int) -> ArraySlice<RunSummary> {
    guard scene.runs.count > rows, let focus = scene.runs.firstIndex(where: { $0.record.id == scene.focused }) else {
        return scene.runs.prefix(rows)
    }
    let start = min(max(0, focus - rows + 1), scene.runs.count - rows)
    return scene.runs[start..<(start + rows)]
}

/// Where the cursor stands; the end of the curves when there is none.
func cursorText(_ scene: CurvesScene) -> String? {
    guard let x = scene.chart.cursor else { return nil }
    return "at \(scene.chart.xAxis.words) \(scene.chart.xText(x))"
}
