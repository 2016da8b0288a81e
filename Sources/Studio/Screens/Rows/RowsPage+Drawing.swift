import Cells
import PrintableText

extension RowsPage {
    package func draw(_ state: AppState, into buffer: inout CellBuffer, in place: Rect) {
        let room = parts(place)
        buffer.write(headLine, x: room.head.x + 1, y: room.head.y, on: .popup, clip: room.head)
        guard !columns.isEmpty else {
            let text = problem ?? (isQuery ? "asking …" : "reading …")
            return buffer.writeEmpty([text], in: room.rows, on: .popup)
        }
        let places = columnPlaces(room.rows.width).places
        drawNames(places, into: &buffer, in: room.names)
        if count.found == 0 {
            let text =
                !count.isComplete ? "looking for rows …" : view.filter.isEmpty ? "no rows" : "no row is like this: x shows all"
            return buffer.writeEmpty(
                [text] + (count.isComplete ? [count.hint].compactMap { $0?.printable } : []), in: room.rows, on: .popup)
        }
        for offset in 0..<min(room.rows.height, count.found - cursor.top) {
            drawRow(
                cursor.top + offset, places, into: &buffer,
                in: Rect(
                    x: room.rows.x, y: room.rows.y + offset, width: room.rows.width, height: 1))
        }
        if let last = places.last, last.index < order.count - 1 {
            buffer.write(TextLine("›", .accent, .bold), x: room.names.maxX - 1, y: room.names.y, on: .popup, clip: room.names)
        }
        buffer.scrollbar(
            place, top: cursor.top, shown: room.rows.height, count: count.found, Style(.borderFocused, on: .popup))
    }

    /// `row 12 of 20,000   age > 40   sorted by charges   reading 45 %`.
    private var headLine: TextLine {
        var line = TextLine()
        if count.found > 0 {
            line.add("row \(NumberFormat.grouped(cursor.index + 1)) of \(NumberFormat.grouped(count.found))", .text, .bold)
        }
        if !count.isComplete, !columns.isEmpty {
            line.add("   \(view.isPlain ? "reading" : "looking") \(NumberFormat.percent(count.progress))", .warning)
        }
        if !view.filter.isEmpty { line.add("   where " + view.filter.printable, .accent) }
        if let sort = view.sort, columns.indices.contains(sort.column) {
            line.add("   by \(columns[sort.column].name.printable)", .info)
        }
        if count.misfits > 0 {
            line.add("   \(NumberFormat.grouped(count.misfits)) values of another kind were not compared", .warning)
        }
        if case .query(let sql, _) = view.source { line.add("   " + sql.printable, .muted) }
        return line
    }

    private func drawNames(
        _ places: [TableLayout.Place], into buffer: inout CellBuffer, in rect: Rect
    ) {
        let start = rect.x + gutter + 3
        if left > 0 {
            let x = places.dropFirst(pinned).first.map { start + $0.x - 2 } ?? start - 2
            buffer.write(TextLine("‹", .accent, .bold), x: x, y: rect.y, on: .popup, clip: rect)
        }
        for place in places {
            let column = columns[order[place.index]], area = Rect(x: start + place.x, y: rect.y, width: place.width, height: 2)
            let isHere = place.index == self.place
            let mark = view.sort.flatMap { $0.column == order[place.index] ? ($0.isDescending ? " ▾" : " ▴") : nil } ?? ""
            let room = max(1, place.width - TextWidth.of(mark))
            let name = column.name.printable
            let title = (TextWidth.of(name) > room ? String(name.prefix(max(0, room - 1))) + "…" : name) + mark
            let style = Style(isHere ? .title : .text, on: .popup, isHere ? [.bold, .underline] : .bold)
            let kind = Style(place.index < pinned ? .accent : .muted, on: .popup)
            if column.isNumber {
                buffer.write(title, endingAt: area.maxX, y: rect.y, style, clip: area)
                buffer.write(Self.short(column.kind), endingAt: area.maxX, y: rect.y + 1, kind, clip: area)
            } else {
                buffer.write(title, x: area.x, y: rect.y, style, clip: area)
                buffer.write(Self.short(column.kind), x: area.x, y: rect.y + 1, kind, clip: area)
            }
        }
    }

    /// The word of a kind, short.
    private static func short(_ kind: String) -> String {
        switch kind {
        case "integer": "int"
        case "numeric": "num"
        case "boolean": "bool"
        case "categorical": "cat"
        default: kind
        }
    }

    private func drawRow(
        _ row: Int, _ places: [TableLayout.Place], into buffer: inout CellBuffer, in line: Rect
    ) {
        let isHere = row == cursor.index
        buffer.write(isHere ? "▸" : " ", x: line.x, y: line.y, Style(.accent, on: .popup), clip: line)
        let number = number(row: row).map { NumberFormat.grouped($0 + 1) } ?? "…"
        buffer.write(number, endingAt: line.x + 1 + gutter, y: line.y, Style(.muted, on: .popup), clip: line)
        let start = line.x + gutter + 3
        for place in places {
            let area = Rect(x: start + place.x, y: line.y, width: place.width, height: 1).intersection(line)
            let column = order[place.index]
            guard let text = text(row: row, column: column) else { continue }
            let shown = (text ?? "·").replacing("\n", with: "⏎").printable
            let cut = TextWidth.of(shown) > area.width ? String(shown.prefix(max(0, area.width - 1))) + "…" : shown
            let style = Style(text == nil ? .faint : place.index < pinned ? .accent : .text, on: .popup)
            if columns[column].isNumber {
                buffer.write(cut, endingAt: area.maxX, y: line.y, style, clip: area)
            } else {
                buffer.write(cut, x: area.x, y: line.y, style, clip: area)
            }
        }
        guard isHere else { return }
        buffer.highlight(line)
        if let here = places.first(where: { $0.index == self.place }) {
            buffer.restyle(Rect(x: start + here.x, y: line.y, width: here.width, height: 1).intersection(line)) { style in
                style.attributes.formUnion([.bold, .underline])
            }
        }
    }
}
