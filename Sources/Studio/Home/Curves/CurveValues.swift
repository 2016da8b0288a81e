import Cells
import Events

/// The table under several charts: what every run has of each metric at the cursor, as recorded and as smoothed.
func drawValues(
    _ tiles: [CurvesScene], _ scene: CurvesScene, _ state: AppState, into buffer: inout CellBuffer, in rect: Rect
) {
    guard rect.height > 1 else { return }
    let names = scene.runs.map { TextWidth.of($0.record.name) }.max() ?? 6
    let nameWidth = min(28, max(12, names), max(6, rect.width / 4))
    let header = rect.splitTop(1).top
    if let at = cursorText(scene) {
        let clip = Rect(x: header.x + 3, y: header.y, width: nameWidth, height: 1)
        buffer.write(at, x: clip.x, y: clip.y, Style(.accent), clip: clip)
    }
    let runs = visibleRuns(scene, rows: rect.height - 1)
    for (row, run) in runs.enumerated() {
        let id = run.record.id, y = rect.y + 1 + row
        let isSelected = id == state.experiments.selected
        let role = state.runs.role(of: id)
        buffer.write(isSelected ? "▸" : " ", x: rect.x, y: y, Style(.accent), clip: rect)
        buffer.write(
            String(state.runs.letter(of: id)), x: rect.x + 1, y: y, Style(role, on: .background, .bold), clip: rect)
        let clip = Rect(x: rect.x + 3, y: y, width: nameWidth, height: 1)
        buffer.write(
            run.record.name.shortened(to: clip.width), x: clip.x, y: y, Style(role, on: .background, isSelected ? .bold : []),
            clip: clip)
    }
    var x = rect.x + 3 + nameWidth + 2
    for tile in tiles {
        let end = drawColumn(tile, runs, x: x, into: &buffer, in: rect)
        guard let end else { break }
        x = end + 3
    }
}

/// One metric's values under its name.
/// - Returns: where the column ends; nil if it does not fit.
private func drawColumn(
    _ tile: CurvesScene, _ runs: ArraySlice<RunSummary>, x: Int, into buffer: inout CellBuffer, in rect: Rect
) -> Int? {
    let readouts = tile.chart.readout()
    guard readouts.count == tile.owners.count, let metric = tile.metric else { return x }
    let numbers = NumberColumn(readouts.flatMap { [$0.value, $0.smoothed ?? $0.value] }, least: 6)
    let isSmoothed = tile.chart.smoothing > 0
    let width = max(TextWidth.of(metric), numbers.width + (isSmoothed ? numbers.width + 3 : 0))
    guard x + width <= rect.maxX else { return nil }
    let clip = Rect(x: x, y: rect.y, width: width, height: rect.height)
    buffer.write(metric, x: x, y: rect.y, Style(.title, on: .background, .bold), clip: clip)
    for (row, run) in runs.enumerated() {
        // The main curve of a run comes before its others.
        guard let index = tile.owners.firstIndex(where: { $0.run == run.record.id }) else { continue }
        let readout = readouts[index], y = rect.y + 1 + row
        let role: ColorRole = !readout.value.isFinite ? .bad : readout.end == nil ? .text : .muted
        buffer.write(
            numbers.text(readout.value), endingAt: x + numbers.width, y: y, Style(role, on: .background, .bold), clip: clip)
        guard isSmoothed, let smoothed = readout.smoothed else { continue }
        buffer.write(" ~ " + numbers.text(smoothed), x: x + numbers.width, y: y, Style(.muted), clip: clip)
    }
    return x + width
}
