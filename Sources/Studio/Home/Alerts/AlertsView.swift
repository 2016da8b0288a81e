import Cells
import Events

/// The Alerts pane: what the debugger found, newest first, the selected one unfolded.
func drawAlerts(_ state: AppState, into buffer: inout CellBuffer, in interior: Rect) {
    guard !interior.isEmpty else { return }
    guard !state.alerts.rows.isEmpty else {
        let detail = state.runs.active.isEmpty ? "The debugger watches every run you start" : "The debugger is watching your runs"
        return buffer.writeEmpty(["No alerts", detail], in: interior)
    }
    let unfolded = AlertText.height(state, in: interior)
    let shown = state.alerts.rows.indices.dropFirst(state.alerts.cursor.top).prefix(interior.height)
    let columns = AlertText.columns(state, width: interior.width)
    let isUnfolded = AlertText.unfoldsSummary(state, width: interior.width, rows: unfolded)
    var y = interior.y
    for index in shown where y < interior.maxY {
        let item = state.alerts.items[state.alerts.rows[index]]
        let line = Rect(x: interior.x, y: y, width: interior.width, height: 1)
        let isSelected = index == state.alerts.cursor.index
        drawAlert(item, isSelected: isSelected, saysSummary: !(isSelected && isUnfolded), columns, state, into: &buffer, in: line)
        y += 1
        guard isSelected else { continue }
        for text in AlertText.lines(state, width: interior.width, rows: unfolded) where y < interior.maxY {
            buffer.write(text, x: interior.x, y: y, clip: interior)
            y += 1
        }
    }
}

private func drawAlert(
    _ item: AlertsState.Item, isSelected: Bool, saysSummary: Bool, _ columns: AlertText.Columns, _ state: AppState,
    into buffer: inout CellBuffer,
    in line: Rect
) {
    let alert = item.alert
    buffer.write(isSelected ? "▸" : " ", x: line.x, y: line.y, Style(.accent), clip: line)
    let isMended = state.alerts.outcomes(of: item).contains(where: \.outcome.helped)
    let cleared = state.alerts.cleared(item)
    let isOver = cleared != nil
    var x = buffer.write(
        isMended ? "✔" : isOver ? "○" : alert.severity.glyph, x: line.x + 1, y: line.y,
        Style(isMended ? .good : isOver ? .muted : alert.severity.role, on: .background, .bold), clip: line)
    let badge = String(state.runs.letter(of: item.run))
    x = buffer.write(badge, x: x + 1, y: line.y, Style(state.runs.role(of: item.run), on: .background, .bold), clip: line)
    let rule = Rect(x: x + 1, y: line.y, width: columns.rule, height: 1).intersection(line)
    buffer.write(
        alert.rule, x: rule.x, y: line.y, Style(isOver ? .muted : .text, on: .background, isOver ? [] : .bold), clip: rule)
    x = rule.maxX + 2
    if columns.step > 0 {
        buffer.write(AlertText.step(alert), x: x, y: line.y, Style(.muted), clip: line)
        x += columns.step + 2
    }
    if saysSummary, x < line.maxX - 4 {
        let text = cleared.map { "cleared at step \(NumberFormat.grouped($0.step)) · \(alert.summary)" } ?? alert.summary
        buffer.write(text, x: x, y: line.y, Style(isOver ? .muted : .text), clip: line)
    }
    if isSelected, state.focus == .alerts { buffer.highlight(line) }
}

extension Alert.Severity {
    /// Told apart without colour.
    package var glyph: String {
        switch self {
        case .issue: "▲"
        case .warning: "△"
        case .info: "•"
        }
    }

    var word: String {
        switch self {
        case .issue: "issue"
        case .warning: "warning"
        case .info: "remark"
        }
    }
}
