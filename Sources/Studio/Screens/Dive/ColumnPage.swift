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

    package var entry: ColumnAnswer.Entry? { entries.indices.contains(cursor.index) ? entries[cursor.index] : nil }

    func parts(_ place: Rect) -> (head: Rect, list: Rect) {
        let (head, list) = StudioLayout.interior(place).splitTop(factLines(width: place.width - 4).count + 1)
        return (head, list)
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
        (question, cursor) = (next, ListCursor())
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

    /// A click chooses an entry, a double click leads to its rows.
    package func click(_ mouse: MouseEvent, in place: Rect, _ state: inout AppState) -> [Effect] {
        let list = parts(place).list
        guard list.contains(x: mouse.x, y: mouse.y) else { return [] }
        state.changeTop(ColumnPage.self) { page, state in
            page.cursor.index = page.cursor.top + mouse.y - list.y
            page.fit(in: place, state)
        }
        state.pageChanged()
        return mouse.clicks == 2 ? state.perform(.barRows) : []
    }
}
