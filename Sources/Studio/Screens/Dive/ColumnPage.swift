import Cells

/// A column of data: its histogram or its values with their counts, or how it goes together with another one. From each bar to
/// the rows behind it.
package struct ColumnPage: Screen {
    package private(set) var question: ReadColumn
    package internal(set) var answer: ColumnAnswer?
    package var reading = Reading()
    private(set) var cursor = ListCursor()
    /// Whether single values are shown where there are bins.
    private(set) var showsValues = false
    /// The cell under the cursor, of the row of a table of shares; nil = all of the row.
    private(set) var cell: Int?

    init(_ question: ReadColumn) { self.question = question }

    package var contexts: [KeyContext] { [.column] }
    package var wheel: (up: StudioAction, down: StudioAction)? { (.barUp, .barDown) }
    package func title(_ state: AppState) -> String {
        question.other.map { "\(question.column) and \($0)" } ?? "Column: \(question.column)"
    }
    package func crumb(_ state: AppState) -> String { question.column }
    package func document(_ state: AppState, width: Int) -> Document { Document() }
    package func query(_ state: AppState) -> (any StudioQuery)? { question }

    /// What Enter leads to the rows of.
    var entries: [ColumnAnswer.Entry] {
        guard let answer else { return [] }
        switch answer.pair {
        case .groups(let groups, _)?: return groups.map(\.entry)
        case .table(_, let rows)?: return rows.map(\.entry)
        case .points?, .nothing?: return []
        case nil:
            let main = answer.bins.isEmpty || showsValues ? answer.values : answer.bins
            return main + [answer.missing, answer.outliers].compactMap { $0 }.filter { $0.count > 0 }
        }
    }

    /// Columns of a table of shares; 0 where none is shown.
    package var cellCount: Int { if case .table(let columns, _)? = answer?.pair { columns.count } else { 0 } }

    /// What Enter leads to the rows of: a bar, a row of a table of shares or one of its cells.
    package var entry: ColumnAnswer.Entry? {
        guard entries.indices.contains(cursor.index) else { return nil }
        let entry = entries[cursor.index]
        guard let cell, case .table(let columns, let rows)? = answer?.pair, columns.indices.contains(cell) else { return entry }
        let count = rows[cursor.index].counts[cell], other = columns[cell]
        return count == 0
            ? nil
            : ColumnAnswer.Entry(
                label: "\(entry.label), \(other.label)", count: count, condition: "\(entry.condition) and \(other.condition)")
    }

    /// The figures, and the entries under them; of a table of shares the names of its columns between the two.
    func parts(_ place: Rect) -> (head: Rect, list: Rect) {
        let (head, list) = StudioLayout.interior(place).splitTop(factLines(width: place.width - 4).count + 1)
        return (head, cellCount == 0 ? list : list.splitTop(1).rest)
    }

    func factLines(width: Int) -> [TextLine] {
        guard let answer else { return [] }
        return TextLine.flow(answer.facts.map { ($0.label, $0.value) }, width: max(8, width))
    }

    mutating func perform(_ action: StudioAction, _ state: AppState) {
        let page = max(1, parts(place(on: state.size)).list.height)
        switch action {
        case .barDown: cursor.index += 1
        case .barUp: cursor.index -= 1
        case .barPageDown: cursor.index += max(1, page - 1)
        case .barPageUp: cursor.index -= max(1, page - 1)
        case .barStart: cursor.index = 0
        case .barEnd: cursor.index = .max
        case .barNext: cell = min(cellCount - 1, (cell ?? -1) + 1)
        case .barPrevious: cell = (cell ?? 0) > 0 ? (cell ?? 0) - 1 : nil
        case .barValues:
            showsValues.toggle()
            cursor = ListCursor()
        default: break
        }
        cursor.clamp(count: entries.count, page: page)
    }

    /// Asks about another column, or beside one.
    mutating func ask(_ next: ReadColumn) {
        // What is known of the columns stays.
        let columns = answer?.columns
        (question, cursor, cell) = (next, ListCursor(), nil)
        answer = columns.map { ColumnAnswer(columns: $0) }
    }

    /// The column so many places further on.
    func column(by step: Int) -> String? {
        guard let columns = answer?.columns, let index = columns.firstIndex(where: { $0.name == question.column }) else {
            return nil
        }
        return columns[(index + step + columns.count) % columns.count].name
    }

    package mutating func fit(in place: Rect, _ state: AppState) {
        cursor.clamp(count: entries.count, page: max(1, parts(place).list.height))
    }

    package mutating func scroll(to share: Double, in place: Rect, _ state: AppState) -> Bool {
        cursor.move(to: share, count: entries.count, page: parts(place).list.height)
    }

    /// A click chooses an entry, or a cell of a table of shares; a double click leads to its rows.
    package func click(_ mouse: MouseEvent, in place: Rect, _ state: inout AppState) -> [Effect] {
        let list = parts(place).list
        guard list.contains(x: mouse.x, y: mouse.y) else { return [] }
        state.changeTop(ColumnPage.self) { page, state in
            page.cursor.index = page.cursor.top + mouse.y - list.y
            if page.cellCount > 0 { page.cell = page.cells(in: list).cell(at: mouse.x) }
            page.fit(in: place, state)
        }
        state.pageChanged()
        return mouse.clicks == 2 ? state.perform(.barRows) : []
    }
}
