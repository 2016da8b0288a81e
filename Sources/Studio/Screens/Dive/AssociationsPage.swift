import Cells
import CheckedNumbers
import PrintableText

/// A heat map of how columns go together; from each field to the two columns.
package struct AssociationsPage: Screen {
    package private(set) var question: ReadAssociations
    package private(set) var answer: AssociationsAnswer?
    package var reading = Reading()
    package private(set) var row = 1, column = 0
    private var top = 0, left = 0

    init(_ question: ReadAssociations) { self.question = question }

    package var contexts: [KeyContext] { [.associations] }
    package func title(_ state: AppState) -> String { "What goes together" }
    package func document(_ state: AppState, width: Int) -> Document { Document() }
    package func query(_ state: AppState) -> (any StudioQuery)? { question }

    mutating func take(_ answer: AssociationsAnswer) {
        self.answer = answer
        if let column = question.column, let place = answer.names.firstIndex(of: column) { row = place }
        column = min(column, max(0, answer.names.count - 1))
        if row == column { column = row == 0 ? 1 : row - 1 }
    }

    /// The two columns under the cursor; nil where they are one.
    var pair: (first: String, second: String)? {
        guard let names = answer?.names, names.indices.contains(row), names.indices.contains(column), row != column else {
            return nil
        }
        return (names[column], names[row])
    }

    mutating func perform(_ action: StudioAction, _ state: AppState) {
        switch action {
        case .mapDown: row += 1
        case .mapUp: row -= 1
        case .mapRight: column += 1
        case .mapLeft: column -= 1
        default: break
        }
        settle(place(on: state.size))
    }

    mutating func toggleRanks() -> ReadAssociations {
        question.byRanks.toggle()
        return question
    }

    package mutating func fit(in place: Rect, _ state: AppState) { settle(place) }

    private mutating func settle(_ place: Rect) {
        let count = answer?.names.count ?? 0, grid = grid(place)
        row = min(max(0, row), max(0, count - 1))
        column = min(max(0, column), max(0, count - 1))
        top = min(max(top, row - max(1, grid.rows) + 1), row)
        left = min(max(left, column - max(1, grid.columns) + 1), column)
    }

    // MARK: - Drawing

    private struct Grid {
        var head: Rect, names: Rect, body: Rect
        var label: Int, cell: Int, rows: Int, columns: Int
    }

    /// Numbers where they fit, else shades alone.
    private func grid(_ place: Rect) -> Grid {
        let (head, rest) = StudioLayout.interior(place).splitTop(2)
        let (names, body) = rest.splitTop(1)
        let count = answer?.names.count ?? 0
        let widest = answer?.names.map { TextWidth.of($0.printable) }.max() ?? 8
        let label = min(max(6, widest), max(8, body.width / 4)) + 4
        let room = max(0, body.width - label - 2)
        let cell = room >= count * 6 || room < 24 ? 6 : max(3, min(6, room / max(1, count)))
        return Grid(
            head: head, names: names, body: body, label: label, cell: cell, rows: body.height,
            columns: max(1, room / cell))
    }

    package func draw(_ state: AppState, into buffer: inout CellBuffer, in place: Rect) {
        let grid = grid(place)
        guard let answer else { return buffer.writeEmpty(["comparing columns …"], in: grid.body, on: .popup) }
        guard answer.names.count > 1 else {
            return buffer.writeEmpty(["there are no two columns of numbers or of few categories"], in: grid.body, on: .popup)
        }
        drawHead(answer, into: &buffer, in: grid.head)
        let isAscii = state.settings.glyphs == .ascii
        for offset in 0..<min(grid.columns, answer.names.count - left) {
            let x = grid.body.x + grid.label + offset * grid.cell, isHere = left + offset == column
            buffer.write(
                Self.letter(left + offset), endingAt: x + grid.cell - 1, y: grid.names.y,
                Style(isHere ? .title : .muted, on: .popup, isHere ? [.bold, .underline] : []), clip: grid.names)
        }
        for offset in 0..<min(grid.rows, answer.names.count - top) {
            drawRow(top + offset, answer, grid, isAscii, into: &buffer, y: grid.body.y + offset)
        }
    }

    private func drawHead(_ answer: AssociationsAnswer, into buffer: inout CellBuffer, in head: Rect) {
        var line = TextLine()
        if let pair {
            let value = answer.values[row][column]
            line.add("\(pair.second.printable) and \(pair.first.printable)", .title, .bold)
            line.add("   \(answer.measures[row][column]) ", .muted)
            line.add(value.isNaN ? "–" : NumberFormat.fixed(value, decimals: 3), .text, .bold)
        }
        buffer.write(line, x: head.x + 1, y: head.y, on: .popup, clip: head)
        var words = "\(NumberFormat.grouped(answer.rowCount)) rows"
        if answer.rowCount < answer.allCount { words += " of \(NumberFormat.grouped(answer.allCount)), evenly taken" }
        if answer.leftOut > 0 {
            words += "   \(NumberFormat.grouped(answer.leftOut)) columns are not shown"
            if let column = question.column { words += ": these go most with \(column.printable)" }
        }
        buffer.write(words, x: head.x + 1, y: head.y + 1, Style(.muted, on: .popup), clip: head)
    }

    private func drawRow(
        _ index: Int, _ answer: AssociationsAnswer, _ grid: Grid, _ isAscii: Bool, into buffer: inout CellBuffer, y: Int
    ) {
        let isHere = index == row, line = Rect(x: grid.body.x, y: y, width: grid.body.width, height: 1)
        let name = answer.names[index].printable.shortenedAtEnd(to: grid.label - 4)
        buffer.write(
            Self.letter(index), endingAt: line.x + 2, y: y, Style(isHere ? .title : .muted, on: .popup), clip: line)
        buffer.write(name, x: line.x + 3, y: y, Style(isHere ? .title : .text, on: .popup, isHere ? .bold : []), clip: line)
        for offset in 0..<min(grid.columns, answer.names.count - left) {
            let other = left + offset
            let area = Rect(x: line.x + grid.label + offset * grid.cell, y: y, width: grid.cell, height: 1).intersection(line)
            guard index != other else {
                buffer.write(isAscii ? "\\" : "╲", endingAt: area.maxX - 1, y: y, Style(.faint, on: .popup), clip: area)
                continue
            }
            let value = answer.values[index][other], role = Self.role(value)
            let text = grid.cell < 6 ? Self.shade(value, isAscii) : Self.short(value)
            buffer.write(
                text, endingAt: area.maxX - 1, y: y, Style(role, on: .popup, abs(value) >= 0.7 ? .bold : []), clip: area)
            if isHere, other == column { buffer.highlight(area) }
        }
    }

    /// `.82`, `−.31`; a dot where there is nothing to compare.
    private static func short(_ value: Double) -> String {
        guard !value.isNaN else { return "·" }
        let text = NumberFormat.fixed(abs(value), decimals: 2)
        return (value < -0.005 ? "−" : "") + (text.hasPrefix("0") ? String(text.dropFirst()) : text)
    }

    private static func shade(_ value: Double, _ isAscii: Bool) -> String {
        guard !value.isNaN else { return "·" }
        let shades = isAscii ? [" .", " :", " o", " #"] : ["░░", "▒▒", "▓▓", "██"]
        let size = abs(value)
        return size < 0.1 ? "  " : shades[min(3, Int(roundedDownWithin: size * 4))]
    }

    /// Colours tell signs apart, and what is weak from what is strong.
    private static func role(_ value: Double) -> ColorRole {
        let size = abs(value)
        if size.isNaN || size < 0.1 { return .faint }
        if size < 0.3 { return .muted }
        return value < 0 ? .series2 : size < 0.7 ? .accent : .warning
    }

    /// a, b, …, z, aa, ab, …
    private static func letter(_ index: Int) -> String {
        let letters = Array("abcdefghijklmnopqrstuvwxyz")
        return index < 26 ? String(letters[index]) : String(letters[index / 26 - 1]) + String(letters[index % 26])
    }

    package func click(_ mouse: MouseEvent, in place: Rect, _ state: inout AppState) -> [Effect] {
        let grid = grid(place)
        guard grid.body.contains(x: mouse.x, y: mouse.y), mouse.x >= grid.body.x + grid.label else { return [] }
        state.changeTop(AssociationsPage.self) { page, _ in
            page.row = page.top + mouse.y - grid.body.y
            page.column = page.left + (mouse.x - grid.body.x - grid.label) / grid.cell
            page.settle(place)
        }
        state.pageChanged()
        return mouse.clicks == 2 ? state.perform(.mapPair) : []
    }
}
