import Cells
import Events
import RunSearching

/// The list of all columns there are: which are shown, and in which order.
package struct ColumnChooser: Hashable, Sendable {
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

    /// Moves the cursor, round and round.
    mutating func step(_ count: Int) {
        let total = entries.count
        cursor.index = total == 0 ? 0 : ((cursor.index + count) % total + total) % total
    }
}

/// A line to type: a name, tags, a note, a search.
package struct LinePrompt: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        case rename(RunID)
        case tag([RunID])
        case note([RunID])
        case markMatching
        case saveView
    }

    package var kind: Kind
    package var field: TextField
    /// What is wrong with what is typed.
    package var message: String?
    /// Where in the text, in characters.
    package var messagePlace: Int?
    /// What could stand at the cursor.
    package var completions: [String] = []

    init(_ kind: Kind, _ text: String = "") {
        self.kind = kind
        field = TextField(text)
    }

    package var help: String {
        switch kind {
        case .rename: "The new name; no other run may have it."
        case .tag: "Tags to add, apart by spaces; -tag takes one away. Tab completes."
        case .note: "The note; empty takes it away."
        case .markMatching: "Marks the shown runs that meet a condition, such as rmse < 4000 and tag ~ base*. Tab completes."
        case .saveView: "A name for the columns, sort order, groups and filter as they are now."
        }
    }
}
