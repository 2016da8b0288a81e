import Cells
import CheckedNumbers
import Searching

/// The rows of a data file, or of an answer: as many as fit, read when they come into view.
package struct RowsPage: Screen {
    package private(set) var view: RowsView
    /// The view that was shown before its filter was changed, to come back to where that cannot be read.
    private var previous: RowsView
    package private(set) var columns: [RowsColumn] = []
    package internal(set) var count = RowsCount()
    package internal(set) var problem: String?
    package var reading = Reading()
    /// The row under the cursor, in the view's order.
    package private(set) var cursor = ListCursor()
    /// Columns that are shown, in order; the first of them stay while the others are scrolled.
    private(set) var order: [Int] = []
    private(set) var pinned = 0
    /// Where the cursor stands among them.
    package private(set) var place = 0
    /// Columns scrolled away behind the pinned ones.
    private(set) var left = 0
    /// Columns that are shown wide.
    private(set) var wide: Set<Int> = []

    // The rows that were read last.
    private var first = 0
    private var numbers: [Int] = [], shown: [Int: Int] = [:], cells: [[String?]] = []
    private var answered: (query: ReadRows, found: Int)?

    /// The row to go to when it is found; nil where one is there, or went elsewhere.
    private var sought: Int?

    init(_ view: RowsView, at row: Int = 0) { (self.view, previous, sought) = (view, view, row > 0 ? row : nil) }

    package var contexts: [KeyContext] { [.rows] }
    package var wheel: (up: StudioAction, down: StudioAction)? { (.rowsUp, .rowsDown) }
    package func title(_ state: AppState) -> String { "Rows: \(view.source.name)" }
    package func document(_ state: AppState, width: Int) -> Document { Document() }
    /// A query has to be answered before there are rows; of a file the first are read first, and opened but once.
    package func query(_ state: AppState) -> (any StudioQuery)? { columns.isEmpty && !isQuery ? nil : FindRows(view) }
    var isQuery: Bool { if case .query = view.source { true } else { false } }

    package func dismiss(_ state: inout AppState) -> [Effect] { state.cancel(FindRows(view).slot) }

    // MARK: - What it asks

    /// Parts of the page: what it says of itself, the names of the columns, and the rows.
    func parts(_ place: Rect) -> (head: Rect, names: Rect, rows: Rect) {
        let (head, rest) = StudioLayout.interior(place).splitTop(1)
        let (names, rows) = rest.splitTop(2)
        return (head, names, rows)
    }

    private func height(_ state: AppState) -> Int { max(1, parts(place(on: state.size)).rows.height) }

    /// What has to be read for what is in view; nil when it is there.
    func rowsQuery(_ state: AppState) -> ReadRows? {
        let height = height(state)
        guard !columns.isEmpty else { return unanswered(ReadRows(view, first: 0, count: 3 * height)) }
        let wanted = cursor.top..<max(cursor.top, min(count.found, cursor.top + height))
        let needed = columns.count > Self.mostColumns ? columnsInView(state) : Array(columns.indices)
        let known = first..<(first + numbers.count)
        // Nothing is known of the rows, or there are none.
        if count.found == 0 { return unanswered(ReadRows(view, first: 0, count: 3 * height)) }
        if wanted.isEmpty || wanted.clamped(to: known) == wanted, needed.allSatisfy({ shown[$0] != nil }) { return nil }
        let start = max(0, cursor.top - height)
        return unanswered(
            ReadRows(view, first: start, count: 3 * height, columns: columns.count > Self.mostColumns ? needed : nil))
    }

    /// So many columns are read at once.
    private static let mostColumns = 60

    private func columnsInView(_ state: AppState) -> [Int] {
        // A column is at least three wide, with a gap.
        let most = max(10, state.size.width / 4)
        return (Array(order.prefix(pinned)) + order.dropFirst(pinned + left).prefix(most)).sorted()
    }

    /// A query whose answer was not all that there is.
    private func unanswered(_ query: ReadRows) -> ReadRows? {
        answered.map { $0.query == query && $0.found == count.found } == true ? nil : query
    }

    mutating func take(_ piece: RowsPiece, to query: ReadRows) {
        if columns.isEmpty {
            columns = piece.columns
            order = Array(columns.indices)
        }
        (count, problem) = (piece.count, nil)
        answered = (query, count.found)
        (first, numbers, cells) = (piece.first, piece.numbers, piece.cells)
        shown = Dictionary(piece.shown.enumerated().map { ($1, $0) }) { first, _ in first }
        // Further down values may be longer, and a piece of a number reads as another number.
        for (position, column) in piece.shown.enumerated() where columns.indices.contains(column) {
            for row in cells where row.indices.contains(position) {
                let width = row[position].map { $0.utf8.count > columns[column].width ? TextWidth.of($0.prefix(40)) : 0 } ?? 0
                if width > columns[column].width { columns[column].width = width }
            }
        }
    }

    // MARK: - What is under the cursor

    /// The number of columns behind the pinned ones that can be scrolled.
    private var loose: Int { order.count - pinned }
    /// The column under the cursor.
    package var column: Int? { order.indices.contains(place) ? order[place] : nil }
    /// Its value in a row of the view; nil where it is missing or was not read.
    func text(row: Int, column: Int) -> String?? {
        guard let position = shown[column], cells.indices.contains(row - first), cells[row - first].indices.contains(position)
        else { return nil }
        return cells[row - first][position]
    }

    /// Where a row of the view stands in the file; nil where it was not read.
    func number(row: Int) -> Int? { numbers.indices.contains(row - first) ? numbers[row - first] : nil }

    /// The condition that a row has the value under the cursor.
    var conditionHere: String? {
        guard let column, let text = text(row: cursor.index, column: column) else { return nil }
        let name = SearchWord.name(columns[column].name)
        guard let text else { return "not has:\(name)" }
        return columns[column].isNumber ? "\(name) = \(text)" : "\(name) = \(SearchWord.text(text))"
    }

    // MARK: - Going about

    /// Takes in how many rows there are.
    mutating func take(_ count: RowsCount, _ state: AppState) {
        self.count = count
        guard let row = sought, row < count.found || count.isComplete else { return }
        sought = nil
        go(toRow: row, state)
    }

    mutating func perform(_ action: StudioAction, _ state: AppState) {
        sought = nil
        let page = height(state)
        switch action {
        case .rowsDown: cursor.index += 1
        case .rowsUp: cursor.index -= 1
        case .rowsPageDown: scroll(by: max(1, page - 1))
        case .rowsPageUp: scroll(by: -max(1, page - 1))
        case .rowsHalfDown: scroll(by: max(1, page / 2))
        case .rowsHalfUp: scroll(by: -max(1, page / 2))
        case .rowsStart: cursor.index = 0
        case .rowsEnd: cursor.index = count.found - 1
        case .rowsRight: place += 1
        case .rowsLeft: place -= 1
        case .rowsFirstColumn: place = 0
        case .rowsLastColumn: place = order.count - 1
        case .rowsPin: pin()
        case .rowsHide: hide()
        case .rowsShowAll: (order, pinned, left) = (Array(columns.indices), 0, 0)
        case .rowsWide: if let column { wide.formSymmetricDifference([column]) }
        default: break
        }
        settle(state)
    }

    private mutating func scroll(by rows: Int) {
        cursor.index += rows
        cursor.top += rows
    }

    mutating func go(toRow row: Int, _ state: AppState) {
        cursor.index = row
        cursor.top = row - height(state) / 3
        settle(state)
    }

    /// Puts the column under the cursor to the left, where it stays, or back behind those that do.
    private mutating func pin() {
        guard let column else { return }
        order.remove(at: place)
        if place < pinned { pinned -= 1 } else { pinned += 1 }
        let next = place < pinned ? pinned : max(0, pinned - 1)
        order.insert(column, at: min(next, order.count))
        place = min(next, order.count - 1)
    }

    private mutating func hide() {
        guard order.count > 1, order.indices.contains(place) else { return }
        order.remove(at: place)
        if place < pinned { pinned -= 1 }
    }

    /// Keeps the cursor among what there is, and in view.
    private mutating func settle(_ state: AppState) {
        cursor.clamp(count: count.found, page: height(state))
        place = min(max(0, place), max(0, order.count - 1))
        left = min(max(0, left), max(0, loose - 1))
        guard order.indices.contains(place), place >= pinned else { return }
        if place - pinned < left { left = place - pinned }
        // As far to the left as it still fits, column by column: there may be thousands.
        let places = columnPlaces(parts(self.place(on: state.size)).rows.width)
        guard !places.places.contains(where: { $0.index == place && $0.width >= tableColumn(place).width }) else { return }
        var start = place, used = tableColumn(place).width
        while start > pinned + left, case let next = tableColumn(start - 1).width + 2, used + next <= places.room {
            used += next
            start -= 1
        }
        left = start - pinned
    }

    package mutating func fit(in place: Rect, _ state: AppState) { settle(state) }

    package mutating func scroll(to share: Double, in place: Rect, _ state: AppState) -> Bool {
        cursor.move(to: share, count: count.found, page: parts(place).rows.height)
    }

    /// Shows other rows of the same source.
    mutating func show(_ next: RowsView) {
        if next.filter != view.filter { previous = view }
        view = next
        (cursor, count, answered, problem) = (ListCursor(), RowsCount(), nil, nil)
        (first, numbers, cells) = (0, [], [])
    }

    /// Comes back to the rows from before a filter that cannot be read.
    mutating func showPrevious() { show(previous) }

    // MARK: - Columns on the screen

    /// Columns of the screen that a wide column takes at most.
    private static let widest = 60

    /// The column at a place of the order.
    func tableColumn(_ place: Int) -> TableColumn {
        let index = order[place], column = columns[index]
        let mark = view.sort?.column == index ? 2 : 0
        let width = max(4, column.width, min(24, TextWidth.of(column.name.printable) + mark))
        return TableColumn(
            title: column.name, width: wide.contains(index) ? Self.widest : min(32, width), isRight: column.isNumber,
            priority: 0)
    }

    /// How wide the numbers of the rows are.
    var gutter: Int { max(3, NumberFormat.grouped(max(count.all, count.found)).count) }

    /// Where columns stand, by their places in the order, and the room that is left for those that are not pinned.
    func columnPlaces(_ width: Int) -> (places: [TableLayout.Place], room: Int) {
        let all = max(1, width - gutter - 4)
        let scrolled = order.indices.dropFirst(pinned + left).prefix(all / 4 + 1)
        let shown = Array(order.indices.prefix(pinned)) + scrolled
        let layout = TableLayout(shown.map { tableColumn($0) }, width: all, pinned: pinned, skipping: 0)
        let kept = layout.places.last { $0.index < pinned }.map { $0.x + $0.width + 2 } ?? 0
        let places = layout.places.map { TableLayout.Place(index: shown[$0.index], x: $0.x, width: $0.width) }
        return (places, all - kept)
    }

    package func click(_ mouse: MouseEvent, in place: Rect, _ state: inout AppState) -> [Effect] {
        let room = parts(place)
        let places = columnPlaces(room.rows.width).places, x = mouse.x - room.rows.x - gutter - 3
        let hit = places.first { ($0.x..<($0.x + $0.width)).contains(x) }
        let row = room.rows.contains(x: mouse.x, y: mouse.y) ? cursor.top + mouse.y - room.rows.y : nil
        state.changeTop(RowsPage.self) { page, state in
            if let hit { page.place = hit.index }
            if let row { page.cursor.index = row }
            page.settle(state)
        }
        state.pageChanged()
        return []
    }
}
