import Cells
import Events
import RunSearching

extension AppState {
    /// ▴ where the values that the table is sorted by rise from its top to its bottom, ▾ where they fall.
    package var sortMark: String {
        guard let first = experiments.rows.first.flatMap({ runs[$0] }) else { return "" }
        return experiments.sort.isFalling(first) ? "▾" : "▴"
    }

    /// How the table is sorted, where no column of it says so; nil where one does.
    package var unseenSort: String? {
        let table = RunTable(self, in: layout.interior(.experiments))
        let field = experiments.sort.field
        guard !table.shownColumns.contains(where: { $0.sortField == field }) else { return nil }
        let words: String
        switch (field, experiments.sort.isReversed) {
        case (.created, false): words = "newest"
        case (.created, true): words = "oldest"
        default: words = field.word
        }
        return sortMark + words
    }
}
