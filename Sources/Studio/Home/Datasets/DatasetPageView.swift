import Cells
import CheckedNumbers
import Events

/// The zoomed Datasets pane: a file's columns as a table, the selected one large, and what will get in the way.
func drawDatasetPage(
    _ dataset: DatasetsState.Dataset, _ state: AppState, into buffer: inout CellBuffer, in interior: Rect
) {
    switch dataset.content {
    case .loading:
        let share = dataset.progress.map { " " + NumberFormat.percent($0) } ?? " …"
        buffer.writeEmpty(["Reading \(dataset.path)\(share)"], in: interior)
    case .failed(let message):
        buffer.writeEmpty(["This file cannot be read", message, "r reads it again, d takes it off the list"], in: interior)
    case .unread(let unread): buffer.writeEmpty([unread.text(dataset.path)], in: interior)
    case .profiled(let profile):
        let page = state.datasets.page(in: interior)
        drawFacts(profile, of: dataset, into: &buffer, in: page.facts)
        drawColumns(profile, state, into: &buffer, header: page.header, rows: page.columns)
        drawSelectedColumn(profile, state, into: &buffer, in: page)
        drawWarnings(profile, into: &buffer, in: page.warnings)
    }
}

private func drawFacts(
    _ profile: DatasetProfile, of dataset: DatasetsState.Dataset, into buffer: inout CellBuffer, in rect: Rect
) {
    // The line under it says that too; an earlier version did not keep how a file was read.
    let form =
        profile.reading != nil
        ? [] : profile.separator.map { [profile.hasHeader ? "header" : "no header", "separated by \($0)"] } ?? [profile.format]
    let size =
        profile.reading != nil
        ? [] : ["\(NumberFormat.grouped(profile.rowCount)) rows", "\(NumberFormat.grouped(profile.columns.count)) columns"]
    let facts = (size + [NumberFormat.bytes(profile.byteCount), columnKinds(profile)] + form).joined(separator: "   ")
    if let drift = dataset.drift {
        // What stands below is not what is in the file.
        return drawDrift(drift.text(dataset.name), into: &buffer, in: rect)
    }
    let note = dataset.note.isEmpty ? "" : dataset.note + "   "
    let x = buffer.write(note, x: rect.x + 1, y: rect.y, Style(.accent), clip: rect)
    let end = buffer.write(facts + "   ", x: x, y: rect.y, Style(.muted), clip: rect)
    // Of a path that does not fit the end counts, which is the file's name.
    let places = ([profile.path] + dataset.otherPlaces.map { "also \($0)" }).joined(separator: "   ")
    buffer.write(places.shortened(to: max(3, rect.maxX - 1 - end)), x: end, y: rect.y, Style(.muted), clip: rect)
    guard let reading = profile.reading, rect.height > 1 else { return }
    let lines = ReadingText.lines(reading, width: max(1, rect.width - 2)).prefix(rect.height - 1)
    for (row, line) in lines.enumerated() { buffer.write(line, x: rect.x + 1, y: rect.y + 1 + row, clip: rect) }
}

private func drawDrift(_ text: String, into buffer: inout CellBuffer, in rect: Rect) {
    let lines = TextWrap.lines("▲ " + text, width: max(1, rect.width - 2)).prefix(rect.height)
    for (row, line) in lines.enumerated() {
        buffer.write(line, x: rect.x + 1, y: rect.y + row, Style(.warning, on: .background, .bold), clip: rect)
    }
}

private func drawColumns(
    _ profile: DatasetProfile, _ state: AppState, into buffer: inout CellBuffer, header: Rect, rows: Rect
) {
    let width = max(0, rows.width - 3)
    let columns = columnTable(profile)
    let layout = TableLayout(columns, width: width)
    for place in layout.places {
        let row = Rect(x: header.x + 2, y: header.y, width: width, height: header.height)
        guard !row.isEmpty else { break }
        buffer.write(TableCell(text: columns[place.index].title, role: .muted), columns[place.index], place, in: row)
    }
    for offset in 0..<rows.height {
        let index = state.datasets.columnCursor.top + offset
        guard state.datasets.columnRows.indices.contains(index) else { break }
        let column = profile.columns[state.datasets.columnRows[index]]
        let line = Rect(x: rows.x, y: rows.y + offset, width: rows.width, height: 1)
        let isSelected = index == state.datasets.columnCursor.index
        buffer.write(isSelected ? "▸" : " ", x: line.x, y: line.y, Style(.accent), clip: line)
        let row = Rect(x: line.x + 2, y: line.y, width: width, height: 1)
        for place in layout.places {
            buffer.write(columnCell(place.index, column, profile), columns[place.index], place, in: row)
        }
        if isSelected, state.focus == .datasets { buffer.highlight(line) }
    }
}

private func columnTable(_ profile: DatasetProfile) -> [TableColumn] {
    let names = profile.columns.map { TextWidth.of($0.name) }.max() ?? 0
    let kinds = min(24, profile.columns.map { TextWidth.of($0.kindAsWritten) }.max() ?? 0)
    let number = profile.columns.contains { $0.kind == "date" && $0.statistics != nil } ? 10 : 9
    return [
        TableColumn(title: "column", width: max(10, names), priority: 0, isFlexible: true, least: 12),
        TableColumn(title: "kind", width: max(11, kinds), priority: 1),
        TableColumn(title: "missing", width: 7, isRight: true, priority: 2),
        TableColumn(title: "distinct", width: 8, isRight: true, priority: 4),
        TableColumn(title: "mean", width: number, isRight: true, priority: 5),
        TableColumn(title: "sd", width: number, isRight: true, priority: 6),
        TableColumn(title: "min", width: number, isRight: true, priority: 7),
        TableColumn(title: "q1", width: number, isRight: true, priority: 10),
        TableColumn(title: "median", width: number, isRight: true, priority: 9),
        TableColumn(title: "q3", width: number, isRight: true, priority: 11),
        TableColumn(title: "max", width: number, isRight: true, priority: 8),
        TableColumn(title: "histogram", width: 16, priority: 3),
        TableColumn(title: "most frequent", width: 60, priority: 12, isFlexible: true, least: 16, most: 60),
    ]
}

private func columnCell(_ index: Int, _ column: ColumnProfile, _ profile: DatasetProfile) -> TableCell {
    func number(_ value: Double?) -> TableCell {
        if column.kind == "date", let value { return TableCell(text: String(column.text(value).prefix(10)), role: .text) }
        return TableCell(text: value.map { NumberFormat.fitted($0, width: 9) } ?? "·", role: value == nil ? .faint : .text)
    }
    /// A value that stands in the file: a whole number is written as one.
    func member(_ value: Double?) -> TableCell {
        guard column.kind == "integer", let value, value == value.rounded(), abs(value) < 1e7 else { return number(value) }
        return TableCell(text: NumberFormat.grouped(Int(nearestWithin: value)))
    }
    let statistics = column.statistics
    switch index {
    case 0:
        let isWarned = profile.problems.contains { $0.column == column.name }
        return TableCell(text: column.name + (isWarned ? " △" : ""), role: isWarned ? .warning : .text)
    case 1: return TableCell(text: column.kindAsWritten, role: .muted)
    case 2:
        let share = profile.rowCount > 0 ? Double(column.missing) / Double(profile.rowCount) : 0
        let text = column.missing == 0 ? "·" : NumberFormat.percent(share, decimals: share < 0.1 ? 1 : 0)
        return TableCell(text: text, role: column.missing == 0 ? .faint : share > 0.2 ? .warning : .text)
    case 3: return TableCell(text: NumberFormat.grouped(column.distinct))
    case 4: return number(statistics?.mean)
    case 5:
        let days =
            column.kind == "date"
            ? statistics.map { NumberFormat.significant($0.standardDeviation / 86_400, digits: 3) + " d" } : nil
        return days.map { TableCell(text: $0) } ?? number(statistics?.standardDeviation)
    case 6: return member(statistics?.minimum)
    case 7: return member(statistics?.lowerQuartile)
    case 8: return member(statistics?.median)
    case 9: return member(statistics?.upperQuartile)
    case 10: return member(statistics?.maximum)
    case 11:
        let counts = statistics?.histogram ?? column.mostFrequent.map(\.count)
        return TableCell(
            text: Sparkline.text(values: counts.map(Double.init), width: 16, isCount: true),
            role: statistics == nil ? .muted : .accent)
    default:
        let values = column.mostFrequent.prefix(6).map { "\($0.value) (\(NumberFormat.compact(Double($0.count))))" }
        return TableCell(text: values.joined(separator: "  "), role: .muted)
    }
}

/// The selected column, kept apart from the table by a line.
private func drawSelectedColumn(
    _ profile: DatasetProfile, _ state: AppState, into buffer: inout CellBuffer, in page: StudioLayout.DatasetPage
) {
    guard !page.column.isEmpty else { return }
    if page.isBeside {
        for y in page.column.y..<page.column.maxY { buffer[page.column.x - 1, y] = Cell("┆", Style(.faint)) }
    } else {
        for x in page.columns.x..<page.columns.maxX { buffer[x, page.column.y - 1] = Cell("╌", Style(.faint)) }
    }
    if page.isBeside, !page.warnings.isEmpty {
        for x in page.warnings.x..<page.warnings.maxX { buffer[x, page.warnings.y - 1] = Cell("╌", Style(.faint)) }
    }
    guard let column = state.datasets.selectedColumn else { return }
    ColumnDetail(column, rowCount: profile.rowCount, cursor: state.datasets.chartCursor).draw(into: &buffer, in: page.column)
}

/// The file's warnings, and how a model of it is best judged.
private func drawWarnings(_ profile: DatasetProfile, into buffer: inout CellBuffer, in rect: Rect) {
    guard !rect.isEmpty else { return }
    var lines = [TextLine]()
    let width = max(1, rect.width - 3)
    let count = profile.problems.count
    lines.append(TextLine(count == 0 ? "No warnings" : "\(count) warning\(count == 1 ? "" : "s")", .title, .bold))
    for warning in profile.problems + profile.notices {
        let column = warning.column.map { warning.message.contains($0) ? "" : "\($0): " } ?? ""
        let text = column + warning.message
        // What answers it, which f does.
        let answer = warning.answer.map { " → \($0.words)" } ?? ""
        for (row, line) in TextWrap.lines(text + answer, width: max(1, width - 2)).enumerated() {
            let mark = row == 0 && !warning.isNotice ? "△ " : "  "
            lines.append(TextLine(mark + line, warning.isNotice ? .muted : .warning))
        }
    }
    for advice in profile.advice where advice.topic == "validation" {
        for (row, line) in TextWrap.lines("\(advice.reason) (\(advice.words))", width: max(1, width - 2)).enumerated() {
            lines.append(TextLine((row == 0 ? "→ " : "  ") + line, .accent))
        }
    }
    for (row, line) in lines.prefix(rect.height).enumerated() {
        buffer.write(line, x: rect.x + 1, y: rect.y + row, clip: rect)
    }
}
