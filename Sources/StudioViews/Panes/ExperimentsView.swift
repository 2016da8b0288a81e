import Cells
import Events
import StudioState

/// The Experiments pane: the table of runs, as many columns as fit.
func drawExperiments(_ state: AppState, into buffer: inout CellBuffer, in interior: Rect) {
    guard !interior.isEmpty else { return }
    if state.experiments.rows.isEmpty {
        let hint = state.datasets.datasets.isEmpty ? "o opens data, n starts a run" : "n starts a run"
        return buffer.writeEmpty(["No runs yet", hint], in: interior)
    }
    let area = StudioLayout.runRows(interior)
    let table = RunTable(state, in: interior)
    if area.y > interior.y { drawRunHeader(table, state, into: &buffer, in: interior.splitTop(1).top) }
    for offset in 0..<area.height {
        let index = state.experiments.cursor.top + offset
        guard state.experiments.rows.indices.contains(index), let run = state.runs[state.experiments.rows[index]] else { break }
        let line = Rect(x: area.x, y: area.y + offset, width: area.width, height: 1)
        drawRunRow(run, isSelected: index == state.experiments.cursor.index, table, state, into: &buffer, in: line)
    }
}

private func drawRunHeader(_ table: RunTable, _ state: AppState, into buffer: inout CellBuffer, in rect: Rect) {
    let row = Rect(x: rect.x + 1, y: rect.y, width: rect.width - 1, height: 1)
    for place in table.layout.places {
        let isSorted = table.columns[place.index] == state.experiments.sortColumn
        let mark = isSorted ? (state.experiments.isReversed ? "▴" : "▾") : ""
        let cell = TableCell(
            text: table.specs[place.index].title + mark, role: isSorted ? .accent : .muted, attributes: isSorted ? .bold : [])
        buffer.write(cell, table.specs[place.index], place, in: row)
    }
}

private func drawRunRow(
    _ run: RunSummary, isSelected: Bool, _ table: RunTable, _ state: AppState, into buffer: inout CellBuffer, in line: Rect
) {
    let isMarked = state.experiments.isMarked(run.record.id)
    let marker = isMarked ? "●" : isSelected ? "▸" : " "
    buffer.write(marker, x: line.x, y: line.y, Style(isMarked ? .mark : .accent), clip: line)
    let row = Rect(x: line.x + 1, y: line.y, width: line.width - 1, height: 1)
    for place in table.layout.places {
        let column = table.columns[place.index]
        if column == .progress {
            drawProgress(run, place, saysStatus: !table.saysStatus, into: &buffer, in: row)
        } else {
            var cell = table.cell(column, run, state)
            if column == .name, isSelected { cell.attributes = .bold }
            buffer.write(cell, table.specs[place.index], place, in: row)
        }
    }
    if isSelected, state.focus == .experiments { buffer.highlight(line) }
}

/// A bar while the run trains; when it does not, and no column says so, the word for what it does.
private func drawProgress(
    _ run: RunSummary, _ place: TableLayout.Place, saysStatus: Bool, into buffer: inout CellBuffer, in row: Rect
) {
    let area = Rect(x: row.x + place.x, y: row.y, width: place.width, height: 1).intersection(row)
    if saysStatus, run.status != .inProgress {
        buffer.write(run.statusWord, x: area.x, y: area.y, Style(run.status.role), clip: area)
        if let share = run.progress, run.status != .completed, run.step > 0, area.width >= 14 {
            buffer.write(NumberFormat.percent(share), endingAt: area.maxX, y: area.y, Style(.muted), clip: area)
        }
        return
    }
    if run.status.isFinal, run.step == 0 { return }
    guard let share = run.progress else {
        buffer.write(
            run.step > 0 ? "step \(NumberFormat.compact(Double(run.step)))" : "·", x: area.x, y: area.y, Style(.faint), clip: area
        )
        return
    }
    let bar = area.width - 6
    let filled = Int((share * Double(bar)).rounded(.down))
    for x in 0..<max(0, bar) {
        buffer[area.x + x, area.y] = x < filled ? Cell("━", Style(run.status.role)) : Cell("─", Style(.faint))
    }
    buffer.write(NumberFormat.percent(share), endingAt: area.maxX, y: area.y, Style(.muted), clip: area)
}

extension RunTable {
    /// What stands in a run's cell.
    func cell(_ column: RunColumn, _ run: RunSummary, _ state: AppState) -> TableCell {
        let record = run.record
        switch column {
        case .badge:
            return TableCell(
                text: String(state.runs.badges.letter(of: record.id)), role: state.runs.badges.role(of: record.id),
                attributes: .bold)
        case .status:
            let index = columns.firstIndex(of: .status) ?? 0
            let text = String(run.status.glyph) + (specs[index].width > 1 ? " " + run.statusWord : "")
            return TableCell(text: text, role: run.status.role)
        case .name: return TableCell(text: record.name)
        case .objective: return objectiveCell(run.lastObjective, run)
        case .best: return objectiveCell(run.bestObjective, run)
        case .metric: return TableCell(text: String(record.objective.metric.metric), role: .muted)
        case .delta: return deltaCell(run)
        case .progress: return TableCell(text: "")
        case .step: return TableCell(text: NumberFormat.compact(Double(run.step)), role: .muted)
        case .epoch: return TableCell(text: NumberFormat.fixed(run.epoch, decimals: 1), role: .muted)
        case .duration:
            return TableCell(text: run.duration(now: state.now).map(NumberFormat.duration) ?? "·", role: .muted)
        case .rowsPerSecond:
            let isRunning = run.status == .inProgress && run.rowsPerSecond > 0
            return TableCell(text: isRunning ? NumberFormat.compact(run.rowsPerSecond) : "·", role: isRunning ? .text : .faint)
        case .algorithm: return TableCell(text: record.algorithm, role: .muted)
        case .dataset: return TableCell(text: run.datasetName, role: .muted)
        case .experiment: return TableCell(text: record.experiment, role: .muted)
        case .learningRate: return TableCell(text: record.hyperparameters["learning_rate"] ?? "·", role: .muted)
        case .seed: return TableCell(text: String(record.seed), role: .muted)
        case .alerts:
            return TableCell(
                text: run.alertCount > 0 ? String(run.alertCount) : "·", role: run.alertCount > 0 ? .bad : .faint,
                attributes: run.alertCount > 0 ? .bold : [])
        case .created:
            return TableCell(
                text: NumberFormat.clock(record.createdAt, utcOffsetSeconds: state.utcOffsetSeconds, showsSeconds: false),
                role: .muted)
        }
    }

    private func objectiveCell(_ value: Double?, _ run: RunSummary) -> TableCell {
        guard let value else { return TableCell(text: "·", role: .faint) }
        guard run.record.objective == objective else {
            return TableCell(text: NumberFormat.fitted(value, width: numbers.width), role: .muted)
        }
        return TableCell(text: numbers.text(value), role: value.isFinite ? .text : .bad)
    }

    private func deltaCell(_ run: RunSummary) -> TableCell {
        guard let baseline else { return TableCell(text: "", role: .faint) }
        if baseline.record.id == run.record.id { return TableCell(text: "base", role: .accent) }
        guard run.record.objective.metric == baseline.record.objective.metric, let value = run.lastObjective,
            let reference = baseline.lastObjective
        else { return TableCell(text: "·", role: .faint) }
        let difference = value - reference
        let isBetter = run.record.objective.isBetter(value, than: reference)
        let text = NumberFormat.delta(difference, decimals: min(numbers.decimals, 4))
        // What reads as no difference is neither good nor bad.
        let isNone = !text.contains { ("1"..."9").contains($0) } && difference.isFinite
        return TableCell(text: text, role: isNone ? .muted : isBetter ? .good : .bad)
    }
}
