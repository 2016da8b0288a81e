import Cells
import CheckedNumbers
import Events
import RunSearching

/// The Experiments pane: the table of runs, as many columns as fit.
func drawExperiments(_ state: AppState, into buffer: inout CellBuffer, in interior: Rect) {
    guard !interior.isEmpty else { return }
    let area = StudioLayout.runRows(interior)
    if state.experiments.lines.isEmpty {
        drawNoRuns(state, into: &buffer, in: interior)
    } else {
        let table = RunTable(state, in: interior)
        if area.y > interior.y { drawRunHeader(table, state, into: &buffer, in: interior.splitTop(1).top) }
        let range = state.experiments.range
        for offset in 0..<area.height {
            let index = state.experiments.cursor.top + offset
            guard state.experiments.lines.indices.contains(index) else { break }
            let line = Rect(x: area.x, y: area.y + offset, width: area.width, height: 1)
            switch state.experiments.lines[index] {
            case .group(let group): drawGroup(state.experiments.groups[group], state, into: &buffer, in: line)
            case .run(let id):
                guard let run = state.runs[id] else { continue }
                let isInRange = range?.contains(index) ?? false
                drawRunRow(
                    run, isSelected: index == state.experiments.cursor.index, isInRange: isInRange, table, state, into: &buffer,
                    in: line)
            }
            if index == state.experiments.cursor.index, state.focus == .experiments { buffer.highlight(line) }
        }
        drawRunNote(state, into: &buffer, in: area)
    }
}

/// Under a list that leaves room: what to know about the selected run.
private func drawRunNote(_ state: AppState, into buffer: inout CellBuffer, in area: Rect) {
    guard state.experiments.lines.count + 4 <= area.height, let run = state.selectedRun else { return }
    let text = RunPageText(run: run, details: nil, state: state, width: area.width - 2)
    let all = text.note, room = area.height - state.experiments.lines.count - 2
    let lines = all.count <= room ? all : all.prefix(room - 1) + [TextLine("enter shows all", .faint)]
    let top = area.maxY - lines.count - 1
    for x in area.x..<area.maxX { buffer[x, top] = Cell("╌", Style(.faint)) }
    for (row, line) in lines.enumerated() { buffer.write(line, x: area.x + 1, y: top + 1 + row, clip: area) }
}

private func drawNoRuns(_ state: AppState, into buffer: inout CellBuffer, in interior: Rect) {
    if state.runs.entries.values.contains(where: { $0.summary.isArchived && !$0.summary.isDeleted }) {
        return buffer.writeEmpty(["All runs are archived", "X shows them, n starts a run"], in: interior)
    }
    let hint = state.datasets.datasets.isEmpty ? "o opens data, n starts a run" : "n starts a run"
    buffer.writeEmpty(["No runs yet", hint], in: interior)
}

/// Under the filter: where it cannot be read and why, or what could stand there.
func drawFilterNote(_ state: AppState, into buffer: inout CellBuffer, in interior: Rect) {
    let line = interior.splitTop(1).top
    let experiments = state.experiments
    guard let rect = state.layout.panes[.experiments] else { return }
    let title = PaneTitle(.experiments, state, width: rect.width)
    if let problem = experiments.filterProblem {
        let caret = min(max(line.x, rect.x + title.column(ofCharacter: problem.range.lowerBound)), line.maxX - 1)
        // Whoever is typing knows that it is not whole.
        let role: ColorRole = experiments.isFilterBegun ? .muted : .bad
        buffer.fill(line, with: Cell(" ", .text))
        buffer.write("^", x: caret, y: line.y, Style(role, on: .background, .bold), clip: line)
        let width = TextWidth.of(problem.message)
        if caret + 2 + width <= line.maxX {
            buffer.write(problem.message, x: caret + 2, y: line.y, Style(role), clip: line)
        } else if caret - 1 - width >= line.x {
            buffer.write(problem.message, x: caret - 1 - width, y: line.y, Style(role), clip: line)
        } else {
            // Over the rows, which are not what is asked for.
            for (row, text) in TextWrap.lines(problem.message, width: max(1, line.width - 2)).enumerated()
            where line.y + 1 + row < interior.maxY {
                let below = Rect(x: line.x, y: line.y + 1 + row, width: line.width, height: 1)
                buffer.fill(below, with: Cell(" ", .text))
                buffer.write(text, x: below.x + 1, y: below.y, Style(role), clip: below)
            }
        }
    } else if state.focus == .experiments, experiments.filter.isEditing, !experiments.completions.isEmpty {
        buffer.fill(line, with: Cell(" ", .text))
        let text = experiments.completions.prefix(40).joined(separator: "  ")
        buffer.write(text, x: line.x, y: line.y, Style(.accent), clip: line)
    }
}

/// A group's heading: its value, how many runs, and what their objectives come to.
private func drawGroup(_ group: RunGroup, _ state: AppState, into buffer: inout CellBuffer, in line: Rect) {
    let isFolded = state.experiments.folded.contains(group.name)
    var text = TextLine(isFolded ? "▸ " : "▾ ", .accent)
    let field = state.experiments.group?.word ?? ""
    text.add(group.name.isEmpty ? "no \(field)" : group.name, group.name.isEmpty ? .muted : .title, .bold)
    let marked = group.runs.reduce(0) { $0 + (state.experiments.isMarked($1) ? 1 : 0) }
    if marked > 0 { text.add("  ●\(marked)", .mark) }
    text.add("  \(NumberFormat.grouped(group.runs.count)) \(group.runs.count == 1 ? "run" : "runs")", .muted)
    if let best = group.best, let mean = group.mean, let objective = group.objective {
        text.add("  best \(objective.metric.metric) ", .muted)
        text.add(NumberFormat.significant(best), .good)
        if let deviation = group.deviation {
            text.add("  mean ", .muted)
            text.add("\(NumberFormat.significant(mean)) ± \(NumberFormat.significant(deviation, digits: 2))", .text)
        }
    }
    buffer.write(text, x: line.x, y: line.y, clip: line)
}

private func drawRunHeader(_ table: RunTable, _ state: AppState, into buffer: inout CellBuffer, in rect: Rect) {
    let row = Rect(x: rect.x + 1, y: rect.y, width: rect.width - 1, height: 1)
    for place in table.layout.places {
        let isSorted = table.columns[place.index].sortField == state.experiments.sort.field
        let title = table.specs[place.index].title
        // Before the title, so that it is not taken for the arrow behind a metric, which says which way is better.
        let cell = TableCell(
            text: isSorted ? state.sortMark + title : title, role: isSorted ? .accent : .muted, attributes: isSorted ? .bold : [])
        buffer.write(cell, table.specs[place.index], place, in: row)
    }
    if table.hidden.right { buffer.write("›", x: rect.maxX - 1, y: rect.y, Style(.accent, on: .background, .bold), clip: rect) }
    if table.hidden.left { buffer.write("‹", x: rect.x, y: rect.y, Style(.accent, on: .background, .bold), clip: rect) }
}

private func drawRunRow(
    _ run: RunSummary, isSelected: Bool, isInRange: Bool, _ table: RunTable, _ state: AppState, into buffer: inout CellBuffer,
    in line: Rect
) {
    let isMarked = state.experiments.isMarked(run.record.id)
    let marker = isMarked ? "●" : isInRange ? "○" : isSelected ? "▸" : " "
    buffer.write(marker, x: line.x, y: line.y, Style(isMarked || isInRange ? .mark : .accent), clip: line)
    let row = Rect(x: line.x + 1, y: line.y, width: line.width - 1, height: 1)
    for place in table.layout.places {
        let column = table.columns[place.index]
        if column == .progress {
            drawProgress(run, state.statusWord(of: run), place, saysStatus: !table.saysStatus, into: &buffer, in: row)
        } else {
            var cell = table.cell(column, run, state)
            if !table.specs[place.index].isRight { cell.text = cell.text.shortened(to: place.width) }
            if column == .name, isSelected { cell.attributes = .bold }
            buffer.write(cell, table.specs[place.index], place, in: row)
        }
    }
}

/// A bar while the run trains; when it does not, and no column says so, the word for what it does.
private func drawProgress(
    _ run: RunSummary, _ word: String, _ place: TableLayout.Place, saysStatus: Bool, into buffer: inout CellBuffer, in row: Rect
) {
    let area = Rect(x: row.x + place.x, y: row.y, width: place.width, height: 1).intersection(row)
    if saysStatus, run.status != .inProgress {
        buffer.write(word, x: area.x, y: area.y, Style(run.status.role), clip: area)
        guard let share = run.progress, run.status != .completed, run.step > 0 else { return }
        let percent = NumberFormat.percent(share)
        if TextWidth.of(word) + 2 + TextWidth.of(percent) <= area.width {
            buffer.write(percent, endingAt: area.maxX, y: area.y, Style(.muted), clip: area)
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
    let filled = Int(roundedDownWithin: share * Double(bar))
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
                text: String(state.runs.letter(of: record.id)), role: state.runs.role(of: record.id),
                attributes: state.shownRuns.contains(record.id) ? .bold : .dim)
        case .status:
            let index = columns.firstIndex(of: .status) ?? 0
            let isStale = state.isStale(run)
            let text =
                (isStale ? "?" : String(run.status.glyph)) + (specs[index].width > 1 ? " " + state.statusWord(of: run) : "")
            return TableCell(text: text, role: isStale ? .warning : run.status.role)
        case .name: return TableCell(text: record.name)
        case .objective: return objectiveCell(run.lastObjective, run)
        case .best: return objectiveCell(run.bestObjective, run)
        case .delta: return deltaCell(run)
        case .progress: return TableCell(text: "")
        case .sparkline:
            let text = Sparkline.text(
                values: run.sketch.values, width: 10, glyphs: state.settings.glyphs == .ascii ? .ascii : .block)
            return TableCell(text: text, role: state.runs.role(of: record.id))
        case .step: return TableCell(text: NumberFormat.compact(Double(run.step)), role: .muted)
        case .speed:
            let isRunning = run.status == .inProgress && run.rowsPerSecond > 0
            return TableCell(text: isRunning ? NumberFormat.compact(run.rowsPerSecond) : "·", role: isRunning ? .text : .faint)
        case .alerts:
            return TableCell(
                text: run.alertCount > 0 ? String(run.alertCount) : "·", role: run.alertCount > 0 ? .bad : .faint,
                attributes: run.alertCount > 0 ? .bold : [])
        case .created where state.experiments.columns == nil:
            return TableCell(
                text: NumberFormat.clock(record.createdAt, utcOffsetSeconds: state.utcOffsetSeconds, showsSeconds: false),
                role: .muted)
        case .field(let field): return fieldCell(field, column, run, state)
        }
    }

    private func fieldCell(_ field: RunField, _ column: RunColumn, _ run: RunSummary, _ state: AppState) -> TableCell {
        if case .number(let number) = field.value(of: run, now: state.now), let text = text(number, in: column) {
            return TableCell(text: text, role: number.isFinite ? .text : .bad)
        }
        var text = field.cellText(run, now: state.now, utcOffsetSeconds: state.utcOffsetSeconds)
        if telling.contains(column) { text = text.map(RunDifferences.text) }
        return TableCell(text: text ?? "·", role: text == nil ? .faint : field == .tag ? .accent : .muted)
    }

    private func objectiveCell(_ value: Double?, _ run: RunSummary) -> TableCell {
        guard let value else { return TableCell(text: "·", role: .faint) }
        guard run.record.objective == objective else {
            // Under a heading that names another metric a number alone would be taken for that.
            let isNamed = run.record.objective.metric == objective?.metric || shownColumns.contains(.metric)
            let number = NumberFormat.fitted(value, width: numbers.width)
            return TableCell(text: isNamed ? number : "≠", role: .muted)
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
        let number = NumberFormat.delta(difference, decimals: min(numbers.decimals, 4))
        // What reads as no difference is neither good nor bad.
        let isNone = !number.contains { ("1"..."9").contains($0) } && difference.isFinite
        // The arrow says which is better, whatever the direction of the metric, and where there are no colours.
        let text = number + (isNone ? " " : isBetter ? "↗" : "↘")
        return TableCell(text: text, role: isNone ? .muted : isBetter ? .good : .bad)
    }
}
