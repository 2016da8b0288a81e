import Cells
import Events

extension ReadingDialog {
    /// Where everything of the dialog stands: beside each other where there is room.
    struct Parts {
        var fields, note, preview: Rect
    }

    package func place(on screen: Size) -> Rect {
        let room = StudioLayout.roomy(screen)
        return room.centred(width: 150, height: room.width >= Self.wide ? fields.count + 8 : 40)
    }

    /// From this width on the first rows stand beside the options.
    private static let wide = 100
    private static let labelWidth = 15, leastRows = 9

    static func parts(in place: Rect, count: Int) -> Parts {
        let interior = StudioLayout.interior(place)
        if interior.width >= wide - 2 {
            let (left, right) = interior.splitLeft(46)
            let (fields, note) = left.splitBottom(left.height >= 10 ? 5 : 0)
            return Parts(fields: fields, note: note, preview: right)
        }
        let (upper, preview) = interior.splitBottom(
            interior.height >= 14 ? max(leastRows + 3, interior.height - count - 3) : interior.height / 2)
        let (fields, note) = upper.splitBottom(upper.height >= 5 ? 3 : 0)
        return Parts(fields: fields, note: note, preview: preview)
    }

    package func cursor(in place: Rect) -> (x: Int, y: Int)? {
        let fields = Self.parts(in: place, count: fields.count).fields
        guard let field = focused, !fields.isEmpty else { return nil }
        let value = Self.value(in: fields)
        return (value.x + field.input.window(width: max(1, value.width)).cursor, fields.y + cursor.index - cursor.top)
    }

    /// The columns of the values.
    private static func value(in fields: Rect) -> Rect {
        let x = fields.x + 3 + labelWidth
        return Rect(x: x, y: fields.y, width: max(1, fields.maxX - x - 1), height: fields.height)
    }

    package func draw(_ state: AppState, into buffer: inout CellBuffer, in place: Rect) {
        let parts = Self.parts(in: place, count: fields.count)
        for offset in 0..<parts.fields.height where fields.indices.contains(cursor.top + offset) {
            let line = Rect(x: parts.fields.x, y: parts.fields.y + offset, width: parts.fields.width, height: 1)
            drawField(cursor.top + offset, into: &buffer, in: line)
        }
        let isBeside = parts.preview.x > parts.fields.x
        if isBeside {
            for y in parts.preview.y..<parts.preview.maxY {
                buffer[parts.preview.x - 1, y] = Cell("│", Style(.faint, on: .popup))
            }
        } else {
            buffer.scrollbar(
                scrollbarFrame(in: place), top: cursor.top, shown: parts.fields.height, count: fields.count,
                Style(.borderFocused, on: .popup))
        }
        drawNote(into: &buffer, in: parts.note)
        drawPreview(into: &buffer, in: parts.preview, isBeside: isBeside)
    }

    private func drawField(_ index: Int, into buffer: inout CellBuffer, in line: Rect) {
        let field = fields[index]
        let isFocused = index == cursor.index
        let isWrong = isRefused && problem?.hasPrefix(field.label + " is ") == true
        let marker = field.input.isEmpty ? "  " : "● "
        let x = buffer.write(marker, x: line.x, y: line.y, Style(isWrong ? .bad : .accent, on: .popup), clip: line)
        buffer.write(
            field.label, x: x, y: line.y, Style(isFocused ? .titleFocused : .text, on: .popup, isFocused ? .bold : []), clip: line
        )
        let value = Self.value(in: line)
        let background: ColorRole = isFocused ? .field : .popup
        if isFocused { buffer.fill(value, with: Cell(" ", Style(.fieldText, on: background))) }
        if field.input.isEmpty {
            guard let found = found(field) else { return }
            let end = buffer.write(
                found.value, x: value.x, y: line.y, Style(found.isGuess ? .warning : .muted, on: background), clip: value)
            if found.isGuess { buffer.write("  not sure", x: end, y: line.y, Style(.warning, on: background), clip: value) }
        } else {
            let text = isFocused ? field.input.window(width: value.width).text : field.input.text
            buffer.write(
                text, x: value.x, y: line.y, Style(isWrong ? .bad : isFocused ? .fieldText : .text, on: background, .bold),
                clip: value)
        }
    }

    /// What the focused option is for, and its values to choose from.
    private func drawNote(into buffer: inout CellBuffer, in note: Rect) {
        guard !note.isEmpty, let field = focused else { return }
        for x in note.x..<note.maxX - 1 { buffer[x, note.y] = Cell("╌", Style(.faint, on: .popup)) }
        let room = note.splitTop(1).rest
        let choices = field.isReading ? field.readingChoices.map(\.word) : field.matchingChoices
        let rows = max(1, room.height - (choices.isEmpty ? 0 : 1))
        let lines = TextWrap.lines(field.help, width: max(1, room.width - 2))
        for (row, line) in lines.prefix(rows).enumerated() {
            let isCut = row == rows - 1 && lines.count > rows
            buffer.write(
                line + (isCut ? " …" : ""), x: room.x + 1, y: room.y + row, Style(.text, on: .popup),
                clip: room.inset(horizontal: 1, vertical: 0))
        }
        guard room.height > 1 else { return }
        let line = room.splitBottom(1).bottom
        if field.isReading { drawWords(choices, into: &buffer, in: line) } else { drawChoices(field, into: &buffer, in: line) }
    }

    private func drawChoices(_ field: FormField, into buffer: inout CellBuffer, in line: Rect) {
        let choices = field.matchingChoices
        guard !choices.isEmpty else { return }
        var x = buffer.write("←→ ", x: line.x + 1, y: line.y, Style(.key, on: .popup, .bold), clip: line)
        let current = choices.firstIndex(of: field.value) ?? 0
        for choice in choices.dropFirst(max(0, current - 2)) where x < line.maxX - 2 {
            let isCurrent = choice == field.value
            x = buffer.write(
                choice, x: x, y: line.y, Style(isCurrent ? .accent : .muted, on: .popup, isCurrent ? .bold : []), clip: line)
            x += 2
        }
    }
}
