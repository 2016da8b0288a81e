import Cells
import CheckedNumbers
import PrintableText

extension ColumnPage {
    package func draw(_ state: AppState, into buffer: inout CellBuffer, in place: Rect) {
        let (head, list) = parts(place)
        guard let answer, answer.rowCount > 0 || answer.pair != nil else {
            return buffer.writeEmpty([answer?.facts.isEmpty == false ? "no rows" : "counting …"], in: list, on: .popup)
        }
        for (row, line) in factLines(width: head.width - 2).enumerated() {
            buffer.write(line, x: head.x + 1, y: head.y + row, on: .popup, clip: head)
        }
        let isAscii = state.settings.glyphs == .ascii
        switch answer.pair {
        case nil: drawBars(isAscii, into: &buffer, in: list)
        case .points(let points)?:
            PointCloud(points, x: question.column, y: question.other ?? "", isAscii: isAscii).draw(into: &buffer, in: list)
        case .groups(let groups, let range)?: drawGroups(groups, range, isAscii, into: &buffer, in: list)
        case .table(let columns, let rows)?: drawTable(columns, rows, into: &buffer, in: list)
        case .nothing?: buffer.writeEmpty(["no row has a value in both columns"], in: list, on: .popup)
        }
        buffer.scrollbar(
            place, top: cursor.top, shown: list.height, count: entries.count, Style(.borderFocused, on: .popup))
    }

    /// Calls `body` for every entry in view with its line.
    private func eachLine(
        of list: Rect, into buffer: inout CellBuffer, _ body: (Int, Rect, inout CellBuffer) -> Void
    ) {
        for offset in 0..<max(0, min(list.height, entries.count - cursor.top)) {
            let index = cursor.top + offset
            let line = Rect(x: list.x, y: list.y + offset, width: list.width, height: 1)
            buffer.write(index == cursor.index ? "▸" : " ", x: line.x, y: line.y, Style(.accent, on: .popup), clip: line)
            body(index, Rect(x: line.x + 2, y: line.y, width: max(0, line.width - 3), height: 1), &buffer)
            guard index == cursor.index else { continue }
            guard let cell else {
                buffer.highlight(line)
                continue
            }
            let cells = cells(in: list)
            guard cells.shown.contains(cell) else { continue }
            buffer.highlight(
                Rect(x: cells.end(of: cell) - TableCells.width + 1, y: line.y, width: TableCells.width - 1, height: 1))
        }
    }

    private func labelWidth(_ room: Int) -> Int {
        min(max(8, entries.map { TextWidth.of($0.label.printable) }.max() ?? 8), max(8, room * 2 / 5))
    }

    private func drawBars(_ isAscii: Bool, into buffer: inout CellBuffer, in list: Rect) {
        let entries = entries, label = labelWidth(list.width), most = max(1, entries.map(\.count).max() ?? 1)
        let all = max(1, answer?.rowCount ?? 1)
        let counts = entries.map { NumberFormat.grouped($0.count).count }.max() ?? 1
        let special = entries.count - [answer?.missing, answer?.outliers].compactMap { $0 }.filter { $0.count > 0 }.count
        eachLine(of: list, into: &buffer) { index, line, buffer in
            let entry = entries[index], isSpecial = index >= special
            let text = entry.label.printable.shortenedAtEnd(to: label)
            buffer.write(text, x: line.x, y: line.y, Style(isSpecial ? .warning : .text, on: .popup), clip: line)
            var x = line.x + label + 2 + counts
            buffer.write(
                NumberFormat.grouped(entry.count), endingAt: x, y: line.y, Style(.text, on: .popup), clip: line)
            let share = Double(entry.count) / Double(all)
            x += 8
            buffer.write(
                NumberFormat.percent(share, decimals: 1), endingAt: x, y: line.y, Style(.muted, on: .popup), clip: line)
            let room = line.maxX - x - 2
            guard room > 0 else { return }
            let bar = Self.bar(Double(entry.count) / Double(most), room, isAscii)
            buffer.write(bar, x: x + 2, y: line.y, Style(isSpecial ? .warning : .accent, on: .popup), clip: line)
        }
    }

    /// A bar of a share of the width, to an eighth of a cell.
    private static func bar(_ share: Double, _ width: Int, _ isAscii: Bool) -> String {
        guard share > 0 else { return "" }
        let eighths = max(1, Int(nearestWithin: share * Double(width) * 8))
        if isAscii { return String(repeating: "#", count: max(1, eighths / 8)) }
        let parts: [Character] = ["▏", "▎", "▍", "▌", "▋", "▊", "▉"]
        return String(repeating: "█", count: eighths / 8) + (eighths % 8 == 0 ? "" : String(parts[eighths % 8 - 1]))
    }

    private func drawGroups(
        _ groups: [ColumnAnswer.Group], _ range: ClosedRange<Double>, _ isAscii: Bool, into buffer: inout CellBuffer,
        in list: Rect
    ) {
        let label = labelWidth(list.width)
        eachLine(of: list, into: &buffer) { index, line, buffer in
            let group = groups[index]
            buffer.write(
                group.entry.label.printable.shortenedAtEnd(to: label), x: line.x, y: line.y, Style(.text, on: .popup), clip: line)
            var x = line.x + label + 9
            buffer.write(
                NumberFormat.compact(Double(group.entry.count)), endingAt: x, y: line.y, Style(.muted, on: .popup), clip: line)
            for value in [group.mean, group.quantiles[2]] {
                x += 11
                buffer.write(
                    NumberFormat.fitted(value, width: 9), endingAt: x, y: line.y, Style(.text, on: .popup), clip: line)
            }
            let room = line.maxX - x - 2
            guard room > 8 else { return }
            let box = Self.box(group.quantiles, range, room, isAscii)
            buffer.write(box, x: x + 2, y: line.y, Style(.accent, on: .popup), clip: line)
        }
    }

    /// `├────██│███──────┤` over a range.
    private static func box(_ values: [Double], _ range: ClosedRange<Double>, _ width: Int, _ isAscii: Bool) -> String {
        let spread = range.upperBound - range.lowerBound
        func place(_ value: Double) -> Int {
            spread > 0 ? min(width - 1, max(0, Int(nearestWithin: (value - range.lowerBound) / spread * Double(width - 1)))) : 0
        }
        var line = [Character](repeating: " ", count: width)
        let places = values.map(place)
        for x in places[0]...places[4] { line[x] = isAscii ? "-" : "─" }
        for x in places[1]...places[3] { line[x] = isAscii ? "=" : "█" }
        line[places[0]] = isAscii ? "|" : "├"
        line[places[4]] = isAscii ? "|" : "┤"
        line[places[2]] = isAscii ? "M" : "┃"
        return String(line)
    }

    /// Where the cells of a table of shares stand, in the lines of its rows.
    func cells(in list: Rect) -> TableCells {
        let start = list.x + 2 + labelWidth(list.width) + 9
        let fitting = max(0, min(cellCount, (list.maxX - start) / TableCells.width))
        return TableCells(start: start, first: max(0, (cell ?? 0) - fitting + 1), fitting: fitting)
    }

    /// Shares of each row.
    private func drawTable(
        _ columns: [ColumnAnswer.Entry], _ rows: [(entry: ColumnAnswer.Entry, counts: [Int])], into buffer: inout CellBuffer,
        in list: Rect
    ) {
        guard list.height > 0 else { return }
        let label = labelWidth(list.width), cells = cells(in: list)
        let names = Rect(x: list.x, y: list.y - 1, width: list.width, height: 1)
        buffer.write("rows", endingAt: cells.start, y: names.y, Style(.muted, on: .popup), clip: names)
        for index in cells.shown {
            buffer.write(
                columns[index].label.printable.shortenedAtEnd(to: TableCells.width - 1), endingAt: cells.end(of: index),
                y: names.y, Style(index == cell ? .accent : .muted, on: .popup), clip: names)
        }
        if cells.first > 0 { buffer.write("‹", x: cells.start + 1, y: names.y, Style(.accent, on: .popup), clip: names) }
        if cells.shown.upperBound < columns.count {
            buffer.write("›", x: names.maxX - 1, y: names.y, Style(.accent, on: .popup), clip: names)
        }
        eachLine(of: list, into: &buffer) { index, line, buffer in
            let (entry, counts) = rows[index]
            buffer.write(
                entry.label.printable.shortenedAtEnd(to: label), x: line.x, y: line.y, Style(.text, on: .popup), clip: line)
            buffer.write(
                NumberFormat.compact(Double(entry.count)), endingAt: cells.start, y: line.y, Style(.muted, on: .popup), clip: line
            )
            for place in cells.shown {
                let share = Double(counts[place]) / Double(max(1, entry.count))
                let role: ColorRole = counts[place] == 0 ? .faint : share >= 0.5 ? .accent : .text
                buffer.write(
                    counts[place] == 0 ? "·" : NumberFormat.percent(share, decimals: 1), endingAt: cells.end(of: place),
                    y: line.y, Style(role, on: .popup, share >= 0.5 ? .bold : []), clip: line)
            }
        }
    }
}

/// Where the cells of a table of shares stand.
struct TableCells {
    static let width = 9
    /// Where the first shown cell begins, which it is, and how many are shown.
    let start: Int, first: Int, fitting: Int

    var shown: Range<Int> { first..<first + fitting }

    func end(of cell: Int) -> Int { start + (cell - first + 1) * Self.width }

    /// The cell at a place of a line; nil = none is.
    func cell(at x: Int) -> Int? { shown.first { (end(of: $0) - Self.width..<end(of: $0)).contains(x) } }
}

extension String {
    /// As much of it as fits, from its beginning.
    func shortenedAtEnd(to width: Int) -> String {
        TextWidth.of(self) > width ? String(prefix(max(0, width - 1))) + "…" : self
    }
}
