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
    if let drift = dataset.drift { return TableCell(text: drift.word, role: .warning) }
    return switch dataset.content {
    case .loading:
        TableCell(text: "reading" + (dataset.progress.map { " \(NumberFormat.percent($0))" } ?? "…"), role: .info)
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
        if let drift = dataset.drift { add(drift.text(dataset.name), .warning) }
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
func columnKinds(_ profile: DatasetProfile) -> String {
    var counts: [String: Int] = [:]
    for column in profile.columns { counts[column.kind, default: 0] += 1 }
    return counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
}
