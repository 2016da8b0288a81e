import Cells

extension Menu {
    package func draw(_ state: AppState, into buffer: inout CellBuffer, in place: Rect) {
        if !isFramed { return strip(state, in: place).draw(search, cursor: cursor.index, into: &buffer, in: place) }
        let interior = StudioLayout.interior(place)
        let rows = rows(in: place)
        buffer.writeSearch(search, in: interior.splitTop(1).top)
        let entries = MenuEntry.entries(of: self, state)
        if entries.isEmpty { return buffer.writeEmpty(["Nothing matches"], in: rows, on: .popup) }
        let keyWidth = min(rows.width / 5, entries.map { TextWidth.of($0.keyText) }.max() ?? 0)
        let titleShare = entries.contains { !$0.detail.isEmpty } ? rows.width * 32 / 100 : rows.width - 2
        var titleWidth = min(titleShare, entries.map { TextWidth.of($0.title) }.max() ?? 0)
        // The sentences say more than the names of the keys: where both do not fit, they get the room.
        if kind == .help, rows.width < 100 { titleWidth = 0 }
        for offset in 0..<rows.height {
            let index = cursor.top + offset
            guard entries.indices.contains(index) else { break }
            let line = Rect(x: rows.x, y: rows.y + offset, width: rows.width, height: 1)
            drawEntry(entries[index], keyWidth: keyWidth, titleWidth: titleWidth, into: &buffer, in: line)
            if index == cursor.index { buffer.highlight(line) }
        }
        if entries.indices.contains(cursor.index) {
            drawMenuNote(entries[cursor.index], into: &buffer, in: noteRows(in: place))
        }
        buffer.scrollbar(
            place, top: cursor.top, shown: rows.height, count: entries.count, Style(.borderFocused, on: .popup))
    }
}

/// All about the selected entry, and why it cannot be chosen now.
private func drawMenuNote(_ entry: MenuEntry, into buffer: inout CellBuffer, in note: Rect) {
    guard !note.isEmpty else { return }
    for x in note.x..<note.maxX { buffer[x, note.y] = Cell("╌", Style(.faint, on: .popup)) }
    let room = note.splitTop(1).rest
    let lines =
        TextWrap.lines(entry.detail, width: max(1, room.width - 2)).map { ($0, ColorRole.text) }
        + TextWrap.lines(entry.refusal.map { "Not now: \($0)" } ?? "", width: max(1, room.width - 2)).map { ($0, .warning) }
    for (row, line) in lines.prefix(room.height).enumerated() {
        buffer.write(line.0, x: room.x + 1, y: room.y + row, Style(line.1, on: .popup), clip: room)
    }
}

private func drawEntry(_ entry: MenuEntry, keyWidth: Int, titleWidth: Int, into buffer: inout CellBuffer, in line: Rect) {
    let isRefused = entry.refusal != nil
    var x = line.x + 1
    if keyWidth > 0 {
        let keys = Rect(x: x, y: line.y, width: keyWidth, height: 1)
        buffer.write(entry.keyText, x: x, y: line.y, Style(isRefused ? .muted : .key, on: .popup, .bold), clip: keys)
        x += keyWidth + 2
    }
    if titleWidth > 0 {
        let isAlone = entry.detail.isEmpty && !isRefused
        let title = Rect(x: x, y: line.y, width: isAlone ? line.maxX - x - 1 : titleWidth, height: 1).intersection(line)
        buffer.write(entry.title, x: x, y: line.y, Style(isRefused ? .muted : .text, on: .popup), clip: title)
        x = title.maxX + 2
    }
    let detail = Rect(x: x, y: line.y, width: line.maxX - x - 1, height: 1).intersection(line)
    guard detail.width > 5 else { return }
    let text = entry.refusal.map { "(\($0))" } ?? entry.detail
    let role: ColorRole = isRefused ? (titleWidth > 0 ? .warning : .muted) : titleWidth > 0 ? .muted : .text
    // A sentence that stands alone is what the key does, whether or not it can be done now.
    buffer.write(titleWidth > 0 ? text : entry.detail, x: detail.x, y: line.y, Style(role, on: .popup), clip: detail)
}
