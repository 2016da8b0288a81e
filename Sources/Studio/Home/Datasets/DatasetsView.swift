import Cells
import CheckedNumbers
import Events

/// The Datasets pane: the files as a list, or, zoomed, the columns of the selected one.
func drawDatasets(_ state: AppState, into buffer: inout CellBuffer, in interior: Rect) {
    guard !interior.isEmpty else { return }
    if state.datasets.datasets.isEmpty {
        buffer.writeEmpty(["No data yet", "o opens a data file"], in: interior)
    } else if state.datasets.rows.isEmpty {
        buffer.writeEmpty(["No data set matches", "esc clears the filter"], in: interior)
    } else if state.isZoomed, let dataset = state.datasets.selected {
        drawDatasetPage(dataset, state, into: &buffer, in: interior)
    } else {
        drawDatasetList(state, into: &buffer, in: interior)
    }
}

private func drawDatasetList(_ state: AppState, into buffer: inout CellBuffer, in interior: Rect) {
    let (list, note) = StudioLayout.datasetRows(interior)
    let datasets = state.datasets
    let shapes = datasets.rows.map { datasetShape(datasets.datasets[$0]) }
    let shapeWidth = shapes.map { TextWidth.of($0.text) }.max() ?? 0
    for row in 0..<list.height {
        let index = datasets.cursor.top + row
        guard datasets.rows.indices.contains(index) else { break }
        let dataset = datasets.datasets[datasets.rows[index]]
        let line = Rect(x: list.x, y: list.y + row, width: list.width, height: 1)
        let isSelected = index == datasets.cursor.index
        buffer.write(isSelected ? "▸" : " ", x: line.x, y: line.y, Style(.accent), clip: line)
        let warnings = dataset.profile?.problems.count ?? 0
        let warningWidth = line.width >= 24 ? 4 : 0
        let nameRoom = line.width - 2 - shapeWidth - 1 - warningWidth
        let name = Rect(x: line.x + 2, y: line.y, width: max(4, nameRoom), height: 1).intersection(line)
        buffer.write(dataset.name, x: name.x, y: line.y, Style(.text, on: .background, isSelected ? .bold : []), clip: name)
        if nameRoom >= 4 {
            let shape = shapes[index]
            buffer.write(shape.text, endingAt: line.maxX - warningWidth, y: line.y, Style(shape.role), clip: line)
        }
        if warnings > 0, warningWidth > 0 {
            buffer.write("△\(warnings)", endingAt: line.maxX, y: line.y, Style(.warning, on: .background, .bold), clip: line)
        }
        if isSelected, state.focus == .datasets { buffer.highlight(line) }
    }
    drawDatasetNote(state, into: &buffer, in: note)
}

private func datasetShape(_ dataset: DatasetsState.Dataset) -> TableCell {
    switch dataset.content {
    case .loading: TableCell(text: "reading…", role: .info)
    case .failed: TableCell(text: "✖ failed", role: .bad)
    case .unread(let unread): TableCell(text: unread.word, role: unread == .changed ? .warning : .muted)
    case .profiled(let profile):
        TableCell(text: "\(NumberFormat.compact(Double(profile.rowCount)))×\(profile.columns.count)", role: .muted)
    }
}

/// What to know about the selected file: why it cannot be read, its warnings, or its kinds of columns.
private func drawDatasetNote(_ state: AppState, into buffer: inout CellBuffer, in note: Rect) {
    guard !note.isEmpty, let dataset = state.datasets.selected else { return }
    var lines: [TextLine] = []
    func add(_ text: String, _ role: ColorRole) {
        lines += TextWrap.lines(text, width: max(1, note.width - 2)).map { TextLine($0, role) }
    }
    if !dataset.note.isEmpty { add(dataset.note, .accent) }
    let noteCount = lines.count
    switch dataset.content {
    case .loading: break
    case .failed(let message): add(message, .bad)
    case .unread(let unread): add(unread.text(dataset.name), unread == .waiting ? .muted : .warning)
    case .profiled(let profile):
        if profile.problems.isEmpty { add(columnKinds(profile), .muted) }
        for warning in profile.problems { add("△ " + warning.message, .warning) }
        for notice in profile.notices { add(notice.message, .muted) }
    }
    if note.height >= 3 {
        for x in note.x..<note.maxX { buffer[x, note.y] = Cell("╌", Style(.faint)) }
    }
    var room = note.height >= 3 ? note.splitTop(1).rest : note
    if room.height >= 2, let reading = dataset.profile?.reading, let line = ReadingText.short(reading, width: room.width - 2) {
        let parts = room.splitBottom(1)
        buffer.write(line, x: room.x + 1, y: room.y + min(lines.count, parts.rest.height), clip: room)
        room = parts.rest
    }
    for (row, line) in lines.prefix(room.height).enumerated() {
        let isCut = row == room.height - 1 && lines.count > room.height
        // Behind a whole note stands that there is more than it, not that it goes on.
        let more = row == noteCount - 1 ? (dataset.profile?.problems.isEmpty ?? true ? "" : "  △ …") : " …"
        buffer.write(
            isCut ? line.adding(more, line.parts.last?.role ?? .muted) : line, x: room.x + 1, y: room.y + row, clip: room)
    }
}

/// `9 numeric, 4 categorical, 1 boolean`.
private func columnKinds(_ profile: DatasetProfile) -> String {
    var counts: [String: Int] = [:]
    for column in profile.columns { counts[column.kind, default: 0] += 1 }
    return counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
}

// MARK: - The zoomed pane

private func drawDatasetPage(
    _ dataset: DatasetsState.Dataset, _ state: AppState, into buffer: inout CellBuffer, in interior: Rect
) {
    switch dataset.content {
    case .loading: buffer.writeEmpty(["Reading \(dataset.path) …"], in: interior)
    case .failed(let message):
        buffer.writeEmpty(["This file cannot be read", message, "r reads it again, d takes it off the list"], in: interior)
    case .unread(let unread): buffer.writeEmpty([unread.text(dataset.path)], in: interior)
    case .profiled(let profile):
        let page = state.datasets.page(in: interior)
        drawFacts(profile, of: dataset, into: &buffer, in: page.facts)
        drawColumns(profile, state, into: &buffer, header: page.header, rows: page.columns)
        drawColumnDetail(profile, state, into: &buffer, in: page.detail)
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
    let facts =
        size + [NumberFormat.bytes(profile.byteCount), columnKinds(profile)] + form + [profile.path]
        + dataset.otherPlaces.map { "also \($0)" }
    let note = dataset.note.isEmpty ? "" : dataset.note + "   "
    let x = buffer.write(note, x: rect.x + 1, y: rect.y, Style(.accent), clip: rect)
    buffer.write(facts.joined(separator: "   "), x: x, y: rect.y, Style(.muted), clip: rect)
    guard let reading = profile.reading, rect.height > 1 else { return }
    let lines = ReadingText.lines(reading, width: max(1, rect.width - 2)).prefix(rect.height - 1)
    for (row, line) in lines.enumerated() { buffer.write(line, x: rect.x + 1, y: rect.y + 1 + row, clip: rect) }
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
    let number = 9
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
        TableCell(text: value.map { NumberFormat.fitted($0, width: 9) } ?? "·", role: value == nil ? .faint : .text)
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
    case 5: return number(statistics?.standardDeviation)
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

/// Under the table: the selected column at the left, the file's warnings at the right.
private func drawColumnDetail(_ profile: DatasetProfile, _ state: AppState, into buffer: inout CellBuffer, in rect: Rect) {
    guard rect.height > 1 else { return }
    for x in rect.x..<rect.maxX { buffer[x, rect.y] = Cell("╌", Style(.faint)) }
    let room = rect.splitTop(1).rest
    let (left, right) = room.splitLeft(room.width >= 70 ? room.width * 45 / 100 : room.width)
    if let column = state.datasets.selectedColumn { drawColumn(column, profile, into: &buffer, in: left) }
    var lines = [TextLine](), width = max(1, right.width - 3)
    if right.isEmpty { width = 1 }
    let count = profile.problems.count
    lines.append(TextLine(count == 0 ? "No warnings" : "\(count) warning\(count == 1 ? "" : "s")", .title, .bold))
    for warning in profile.problems + profile.notices {
        let column = warning.column.map { warning.message.contains($0) ? "" : "\($0): " } ?? ""
        let text = column + warning.message
        for (row, line) in TextWrap.lines(text, width: max(1, width - 2)).enumerated() {
            let mark = row == 0 && !warning.isNotice ? "△ " : "  "
            lines.append(TextLine(mark + line, warning.isNotice ? .muted : .warning))
        }
    }
    for advice in profile.advice where advice.topic == "validation" {
        for (row, line) in TextWrap.lines("\(advice.reason) (\(advice.words))", width: max(1, width - 2)).enumerated() {
            lines.append(TextLine((row == 0 ? "→ " : "  ") + line, .accent))
        }
    }
    for (row, line) in lines.prefix(right.height).enumerated() {
        buffer.write(line, x: right.x + 1, y: right.y + row, clip: right)
    }
}

private func drawColumn(_ column: ColumnProfile, _ profile: DatasetProfile, into buffer: inout CellBuffer, in rect: Rect) {
    buffer.write(column.name, x: rect.x + 1, y: rect.y, Style(.title, on: .background, .bold), clip: rect)
    let facts =
        "\(NumberFormat.grouped(column.count)) present, \(NumberFormat.grouped(column.missing)) missing, "
        + "\(NumberFormat.grouped(column.distinct)) distinct"
    buffer.write(facts, x: rect.x + 1, y: rect.y + 1, Style(.muted), clip: rect)
    let bars = rect.splitTop(2).rest
    let top = max(1, column.mostFrequent.map(\.count).max() ?? 1)
    let label = min(24, max(6, column.mostFrequent.map { TextWidth.of($0.value) }.max() ?? 6))
    for (row, frequency) in column.mostFrequent.prefix(bars.height).enumerated() {
        let y = bars.y + row
        let name = Rect(x: bars.x + 1, y: y, width: label, height: 1)
        buffer.write(frequency.value, x: name.x, y: y, Style(.text), clip: name.intersection(bars))
        let room = max(0, bars.width - label - 14)
        let length = frequency.count * room / top
        for x in 0..<length { buffer[name.maxX + 1 + x, y] = Cell("━", Style(.accent)) }
        let count = NumberFormat.grouped(frequency.count)
        buffer.write(count, x: name.maxX + 2 + length, y: y, Style(.muted), clip: bars)
    }
}
