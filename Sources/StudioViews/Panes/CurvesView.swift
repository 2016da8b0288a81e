import Cells
import Events
import StudioState

/// The Curves pane: the chart, and under it a row for each run with its values at the cursor.
func drawCurves(_ state: AppState, into buffer: inout CellBuffer, in interior: Rect) {
    guard !interior.isEmpty else { return }
    let scene = CurvesScene(state)
    guard !scene.chart.series.isEmpty else { return buffer.writeEmpty(emptyText(scene), in: interior) }
    for tile in state.curveTiles(scene) where !interior.intersection(tile.rect).isEmpty {
        guard tile.chart != tile.rect else {
            scene.chart.draw(into: &buffer, in: tile.chart.intersection(interior))
            continue
        }
        let isChosen = tile.metric == scene.metric
        let title = Style(isChosen ? .titleFocused : .muted, on: .background, isChosen ? .bold : [])
        buffer.write((isChosen ? "▸ " : "  ") + tile.metric, x: tile.rect.x + 1, y: tile.rect.y, title, clip: tile.rect)
        let chart = isChosen ? scene.chart : CurvesScene(state, metric: tile.metric).chart
        chart.draw(into: &buffer, in: tile.chart)
    }
    drawLegend(scene, state, into: &buffer, in: StudioLayout.curves(interior, runs: scene.runs.count).legend)
}

private func emptyText(_ scene: CurvesScene) -> [String] {
    guard let run = scene.runs.first else {
        return ["No curves yet", "Start a run with n, or mark finished runs with space to compare them"]
    }
    let name = scene.runs.count == 1 ? run.record.name : "these runs"
    switch run.status {
    case .pending: return ["\(name) is queued", "Its curves appear here as soon as it trains"]
    case .inProgress where run.lastMetrics.isEmpty:
        let phase = run.phase?.rawValue.lowercased() ?? "starting"
        return ["\(name) is \(phase) …", "Its curves appear here as soon as it trains"]
    default:
        if let metric = scene.metric, scene.metrics.count > 1, !run.lastMetrics.isEmpty {
            return ["No \(metric) recorded for \(name)", "m shows the next metric, / lists them"]
        }
        return ["\(name) recorded no metrics", run.reason]
    }
}

private func drawLegend(_ scene: CurvesScene, _ state: AppState, into buffer: inout CellBuffer, in rect: Rect) {
    guard !rect.isEmpty else { return }
    let readouts = scene.chart.readout()
    let hasAll = readouts.count == scene.owners.count
    let nameWidth = min(28, max(6, scene.runs.map { TextWidth.of($0.record.name) }.max() ?? 6), max(6, rect.width / 3))
    let numbers = NumberColumn(readouts.flatMap { [$0.value, $0.smoothed ?? $0.value] }, least: 6)
    for (row, run) in visibleRuns(scene, rows: rect.height).enumerated() {
        let id = run.record.id
        let line = Rect(x: rect.x, y: rect.y + row, width: rect.width, height: 1)
        let isFocused = id == scene.focused
        let role = state.runs.badges.role(of: id)
        buffer.write(isFocused ? "▸" : " ", x: line.x, y: line.y, Style(.accent), clip: line)
        buffer.write(
            String(state.runs.badges.letter(of: id)), x: line.x + 1, y: line.y, Style(role, on: .background, .bold), clip: line)
        let name = Rect(x: line.x + 3, y: line.y, width: nameWidth, height: 1).intersection(line)
        buffer.write(run.record.name, x: name.x, y: name.y, Style(role, on: .background, isFocused ? .bold : []), clip: name)
        var x = name.maxX + 2
        guard hasAll else { continue }
        for (index, owner) in scene.owners.enumerated() where owner.run == id {
            let dash = scene.chart.series[index].dash == .solid ? "━" : "┈"
            let split = owner.metric.split.isEmpty ? String(owner.metric.metric) : String(owner.metric.split)
            x = writeValue(readouts[index], dash: dash, split: split, numbers, x: x, into: &buffer, in: line)
        }
        if row == 0, let at = cursorText(scene, readouts) {
            let width = TextWidth.of(at)
            if line.maxX - width - 1 > x { buffer.write(at, endingAt: line.maxX - 1, y: line.y, Style(.muted), clip: line) }
        }
    }
}

/// The runs that have a row: the focused one is always among them.
private func visibleRuns(_ scene: CurvesScene, rows: Int) -> ArraySlice<RunSummary> {
    guard scene.runs.count > rows, let focus = scene.runs.firstIndex(where: { $0.record.id == scene.focused }) else {
        return scene.runs.prefix(rows)
    }
    let start = min(max(0, focus - rows + 1), scene.runs.count - rows)
    return scene.runs[start..<(start + rows)]
}

private func writeValue(
    _ readout: ChartReadout, dash: String, split: String, _ numbers: NumberColumn, x: Int, into buffer: inout CellBuffer,
    in line: Rect
) -> Int {
    let word = line.width >= 56 ? split : String(split.prefix(5))
    let value = numbers.text(readout.value)
    let padded = String(repeating: " ", count: max(0, numbers.width - value.count)) + value
    let smoothed = readout.smoothed.map { line.width >= 64 ? " ~ " + numbers.text($0) : "" } ?? ""
    let width = TextWidth.of(dash + " " + word + " " + padded + smoothed) + 2
    guard x + width <= line.maxX + 2 else { return x }
    var end = buffer.write(dash, x: x, y: line.y, Style(readout.color), clip: line)
    end = buffer.write(" " + word + " ", x: end, y: line.y, Style(.muted), clip: line)
    end = buffer.write(
        padded, x: end, y: line.y, Style(readout.value.isFinite ? .text : .bad, on: .background, .bold), clip: line)
    if !smoothed.isEmpty {
        end = buffer.write(smoothed, x: end, y: line.y, Style(.muted), clip: line)
        end += max(0, numbers.width + 3 - TextWidth.of(smoothed))
    }
    return end + 2
}

/// Where the cursor stands; the end of the curves when there is none.
private func cursorText(_ scene: CurvesScene, _ readouts: [ChartReadout]) -> String? {
    guard let x = scene.chart.cursor else { return nil }
    return "at \(scene.chart.xAxis.words) \(scene.chart.xText(x))"
}
