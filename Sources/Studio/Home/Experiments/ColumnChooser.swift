import Cells
import Events
import RunSearching

/// The list of all columns there are: which are shown, and in which order.
package struct ColumnChooser: Layer, Hashable {
    package var search = TextField()
    package var cursor = ListCursor()
    /// In the order they stand.
    package private(set) var chosen: [RunColumn]
    private let available: [RunColumn]

    /// - Parameter shown: what the table shows now.
    init(shown: [RunColumn], fields: [RunField]) {
        chosen = shown.filter { $0 != .badge && $0 != .name }
        available = [.delta, .sparkline] + Self.withStatistics(fields).filter { $0 != .name }.map { .field($0) }
    }

    /// After each metric, what its curve adds up to.
    private static func withStatistics(_ fields: [RunField]) -> [RunField] {
        fields.flatMap { field -> [RunField] in
            guard case .named(let name) = field, name.contains(":") else { return [field] }
            // A system metric's own name stands for its peak, and none of its values is the best.
            let statistics: [MetricStatistic] = MetricName(name).isSystem ? [.min] : [.best, .min, .max, .step]
            return [field] + statistics.map { .statistic($0, name) }
        }
    }

    /// The chosen ones in their order, then the others; those that match what is typed.
    package var entries: [RunColumn] {
        let all = chosen + available.filter { !chosen.contains($0) }
        let pattern = String(search.text.trimmingSpaces)
        guard !pattern.isEmpty else { return all }
        let scored = all.enumerated().compactMap { index, column in
            FuzzyMatch.score(pattern, in: column.word).map { (score: $0, index: index, column: column) }
        }
        return scored.sorted { ($1.score, $0.index) < ($0.score, $1.index) }.map(\.column)
    }

    package func isChosen(_ column: RunColumn) -> Bool { chosen.contains(column) }

    private var current: RunColumn? { entries.indices.contains(cursor.index) ? entries[cursor.index] : nil }

    /// Shows or hides the column under the cursor, which stays on the line.
    mutating func toggle() {
        guard let current else { return }
        if let index = chosen.firstIndex(of: current) { chosen.remove(at: index) } else { chosen.append(current) }
    }

    /// Moves the column under the cursor one place, and the cursor with it.
    mutating func move(_ direction: Int) {
        guard let current, let index = chosen.firstIndex(of: current), chosen.indices.contains(index + direction) else { return }
        chosen.swapAt(index, index + direction)
        if let place = entries.firstIndex(of: current) { cursor.index = place }
    }

    /// Moves the cursor by pages.
    mutating func page(_ direction: Int, rows: Int) {
        cursor.index += direction * max(1, rows - 1)
        cursor.clamp(count: entries.count, page: rows)
    }

    /// Moves the cursor, round and round.
    mutating func step(_ count: Int) {
        let total = entries.count
        cursor.index = total == 0 ? 0 : ((cursor.index + count) % total + total) % total
    }
}

extension ColumnChooser {
    package var contexts: [KeyContext] { [.columns] }
    /// Only letters that do nothing here are typed.
    package var takesCommandsFirst: Bool { true }

    package func place(on screen: Size) -> Rect { StudioLayout.roomy(screen).centred(width: 56, height: 24) }

    package func title(_ state: AppState) -> String { "Columns" }

    /// The columns to choose from, under the search line.
    func rows(in place: Rect) -> Rect {
        let interior = StudioLayout.interior(place)
        return interior.splitTop(interior.height >= 4 ? 2 : 1).rest
    }

    package func cursor(in place: Rect) -> (x: Int, y: Int)? {
        let interior = StudioLayout.interior(place)
        return (interior.x + 3 + search.window(width: max(1, interior.width - 4)).cursor, interior.y)
    }

    package mutating func type(_ key: Key, _ state: AppState) -> Bool {
        if cursor.jump(key, count: entries.count, in: search) { return true }
        let before = search.characters
        guard search.handle(key) else { return false }
        // Who only moves in the text keeps what is selected.
        guard search.characters != before else { return true }
        cursor = ListCursor()
        return true
    }

    package mutating func paste(_ text: String, _ state: AppState) { search.insert(text) }

    package func click(_ mouse: MouseEvent, in place: Rect, _ state: inout AppState) -> [Effect] {
        let area = rows(in: place)
        guard area.contains(x: mouse.x, y: mouse.y) else {
            state.changeTop(ColumnChooser.self) { chooser, _ in chooser.search.clickSearch(mouse, in: place) }
            return []
        }
        // A double click is one choice.
        guard mouse.clicks == 1 else { return [] }
        state.changeTop(ColumnChooser.self) { chooser, _ in
            chooser.cursor.index = min(chooser.cursor.top + mouse.y - area.y, max(0, chooser.entries.count - 1))
            chooser.toggle()
        }
        return []
    }

    package mutating func scroll(to share: Double, in place: Rect, _ state: AppState) -> Bool {
        cursor.move(to: share, count: entries.count, page: rows(in: place).height)
    }

    package var wheel: (up: StudioAction, down: StudioAction)? { (.columnPrevious, .columnNext) }

    package mutating func fit(in place: Rect, _ state: AppState) {
        cursor.clamp(count: entries.count, page: rows(in: place).height)
    }

    /// The columns there are, those that are shown first and in their order.
    package func draw(_ state: AppState, into buffer: inout CellBuffer, in place: Rect) {
        let rect = place, rows = rows(in: place)
        buffer.writeSearch(search, in: StudioLayout.interior(rect).splitTop(1).top)
        let entries = entries
        if entries.isEmpty { return buffer.writeEmpty(["Nothing matches"], in: rows, on: .popup) }
        for offset in 0..<rows.height {
            let index = cursor.top + offset
            guard entries.indices.contains(index) else { break }
            let line = Rect(x: rows.x, y: rows.y + offset, width: rows.width, height: 1)
            let isChosen = isChosen(entries[index])
            let position = chosen.firstIndex(of: entries[index]).map { String($0 + 1) } ?? ""
            buffer.write(isChosen ? "●" : "·", x: line.x + 1, y: line.y, Style(isChosen ? .mark : .faint, on: .popup), clip: line)
            buffer.write(position, endingAt: line.x + 6, y: line.y, Style(.muted, on: .popup), clip: line)
            buffer.write(
                entries[index].word, x: line.x + 8, y: line.y,
                Style(isChosen ? .text : .muted, on: .popup, isChosen ? .bold : []),
                clip: line)
            if index == cursor.index { buffer.highlight(line) }
        }
        buffer.scrollbar(
            rect, top: cursor.top, shown: rows.height, count: entries.count, Style(.borderFocused, on: .popup))
    }
}
