import Cells
import Events

extension ReadingDialog {
    /// What is wrong, or how the file is read; under it the first rows.
    /// - Parameter isBeside: whether it stands beside the options and not below them.
    func drawPreview(into buffer: inout CellBuffer, in rect: Rect, isBeside: Bool) {
        guard rect.height > 1 else { return }
        if !isBeside {
            for x in rect.x..<rect.maxX { buffer[x, rect.y] = Cell("╌", Style(.faint, on: .popup)) }
        }
        buffer.write(" " + caption + " ", x: rect.x, y: rect.y, Style(.key, on: .popup, .bold), clip: rect)
        var room = rect.splitTop(1).rest
        if let problem {
            let lines = TextWrap.lines("✖ " + problem, width: max(1, room.width - 2)).prefix(room.height)
            for (row, line) in lines.enumerated() {
                buffer.write(line, x: room.x + 1, y: room.y + row, Style(.bad, on: .popup), clip: room)
            }
            return
        }
        guard let shown else { return }
        let lines = ReadingText.lines(shown.reading, width: max(1, room.width - 2)).prefix(room.height >= 12 ? 4 : 3)
        for (row, line) in lines.enumerated() {
            buffer.write(line, x: room.x + 1, y: room.y + row, on: .popup, clip: room)
        }
        room = room.splitTop(lines.count + (room.height >= 12 ? 1 : 0)).rest
        drawRows(shown, into: &buffer, in: room)
        drawWarnings(shown, into: &buffer, below: room)
    }

    private var caption: String {
        guard let shown else { return problem == nil ? "reading the first rows …" : "" }
        if problem != nil { return "not read" }
        let rows = shown.reading.rowCount
        return shown.isWhole ? "all of it" : "found out from the first \(NumberFormat.grouped(rows)) rows"
    }

    /// Names, kinds and the first values, as many columns as there is room for.
    private func drawRows(_ preview: DataPreview, into buffer: inout CellBuffer, in room: Rect) {
        guard room.height >= 2 else { return }
        let rows = max(0, min(room.height - 2, preview.columns.map(\.values.count).max() ?? 0))
        var x = room.x + 1
        for (index, column) in preview.columns.enumerated() {
            let kind = DataReading.kind(column.kind, written: column.written)
            let values = column.values.prefix(rows)
            let widest = ([column.name, kind] + values.map { $0 ?? "·" }).map { TextWidth.of($0) }.max() ?? 1
            let width = min(28, max(3, widest)), left = room.maxX - x - 1
            // A column that would be cut is left out, and that there are more is said.
            let isLast = index == preview.columns.count - 1
            guard width + (isLast ? 0 : 4) <= left || index == 0 else {
                buffer.write("+\(preview.columns.count - index)", x: x, y: room.y, Style(.muted, on: .popup), clip: room)
                return
            }
            let cell = Rect(x: x, y: room.y, width: min(width, max(0, left)), height: room.height)
            let isNumber = column.kind == "numeric" || column.kind == "integer"
            func write(_ text: String, _ row: Int, _ role: ColorRole, _ attributes: Style.Attributes = []) {
                let style = Style(role, on: .popup, attributes)
                if isNumber {
                    buffer.write(text, endingAt: cell.maxX, y: cell.y + row, style, clip: cell)
                } else {
                    buffer.write(text, x: cell.x, y: cell.y + row, style, clip: cell)
                }
            }
            write(column.name, 0, .title, .bold)
            write(kind, 1, column.written == nil ? .muted : .accent)
            for (row, value) in values.enumerated() { write(value ?? "·", row + 2, value == nil ? .faint : .text) }
            x += width + 2
        }
    }

    /// What is odd, where the rows leave room.
    private func drawWarnings(_ preview: DataPreview, into buffer: inout CellBuffer, below room: Rect) {
        let used = 3 + (preview.columns.map(\.values.count).max() ?? 0)
        guard room.height > used else { return }
        let rest = room.splitTop(used).rest
        let lines = preview.warnings.flatMap { TextWrap.lines("△ " + $0.message, width: max(1, rest.width - 2)) }
        for (row, line) in lines.prefix(rest.height).enumerated() {
            buffer.write(line, x: rest.x + 1, y: rest.y + row, Style(.warning, on: .popup), clip: rest)
        }
    }
}
