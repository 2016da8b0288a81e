import Cells
import Events

extension CellBuffer {
    /// The line of a list that is searched by typing.
    mutating func writeSearch(_ field: TextField, in line: Rect) {
        write("/", x: line.x + 1, y: line.y, Style(.key, on: .popup, .bold), clip: line)
        if field.isEmpty {
            write("type to search", x: line.x + 3, y: line.y, Style(.muted, on: .popup), clip: line)
        } else {
            let text = field.window(width: max(1, line.width - 4)).text
            write(text, x: line.x + 3, y: line.y, Style(.text, on: .popup, .bold), clip: line)
        }
    }
}

/// What a line is typed for.
func lineTitle(_ prompt: LinePrompt, _ state: AppState) -> String {
    func subject(_ ids: [RunID]) -> String {
        ids.count == 1 ? state.runs[ids[0]]?.record.name ?? ids[0].text : "\(ids.count) runs"
    }
    return switch prompt.kind {
    case .rename(let id): "Rename " + subject([id])
    case .tag(let ids): "Tag " + subject(ids)
    case .note(let ids): "Note on " + subject(ids)
    case .markMatching: "Mark runs that meet"
    case .saveView: "Save the view as"
    }
}

/// The line, and under it what is wrong with it, what could stand there, or what it is for.
func drawLinePrompt(_ prompt: LinePrompt, into buffer: inout CellBuffer, in interior: Rect) {
    guard !interior.isEmpty else { return }
    let line = interior.splitTop(1).top.inset(horizontal: 1, vertical: 0)
    let window = prompt.field.window(width: max(1, line.width))
    buffer.fill(line, with: Cell(" ", Style(.fieldText, on: .field)))
    buffer.write(window.text, x: line.x, y: line.y, Style(.fieldText, on: .field), clip: line)
    let rest = interior.splitTop(1).rest.inset(horizontal: 1, vertical: 0)
    var y = rest.y
    if let place = prompt.messagePlace, prompt.message != nil {
        let hidden = max(0, prompt.field.cursor - window.cursor)
        buffer.write("^", x: line.x + max(0, place - hidden), y: y, Style(.bad, on: .popup, .bold), clip: rest)
    }
    y += 1
    let text: (String, ColorRole) =
        prompt.message.map { ($0, .bad) }
        ?? (prompt.completions.isEmpty ? (prompt.help, .muted) : (prompt.completions.prefix(60).joined(separator: "  "), .accent))
    for line in TextWrap.lines(text.0, width: max(1, rest.width)) where y < rest.maxY {
        buffer.write(line, x: rest.x, y: y, Style(text.1, on: .popup), clip: rest)
        y += 1
    }
}

/// The columns there are, those that are shown first and in their order.
func drawColumnChooser(_ chooser: ColumnChooser, into buffer: inout CellBuffer, in rect: Rect) {
    let rows = StudioLayout.columnRows(rect)
    buffer.writeSearch(chooser.search, in: StudioLayout.interior(rect).splitTop(1).top)
    let entries = chooser.entries
    if entries.isEmpty { return buffer.writeEmpty(["Nothing matches"], in: rows, on: .popup) }
    for offset in 0..<rows.height {
        let index = chooser.cursor.top + offset
        guard entries.indices.contains(index) else { break }
        let line = Rect(x: rows.x, y: rows.y + offset, width: rows.width, height: 1)
        let isChosen = chooser.isChosen(entries[index])
        let place = chooser.chosen.firstIndex(of: entries[index]).map { String($0 + 1) } ?? ""
        buffer.write(isChosen ? "●" : "·", x: line.x + 1, y: line.y, Style(isChosen ? .mark : .faint, on: .popup), clip: line)
        buffer.write(place, endingAt: line.x + 6, y: line.y, Style(.muted, on: .popup), clip: line)
        buffer.write(
            entries[index].word, x: line.x + 8, y: line.y, Style(isChosen ? .text : .muted, on: .popup, isChosen ? .bold : []),
            clip: line)
        if index == chooser.cursor.index { buffer.highlight(line) }
    }
    buffer.scrollbar(
        rect, top: chooser.cursor.top, shown: rows.height, count: entries.count, Style(.borderFocused, on: .popup))
}
