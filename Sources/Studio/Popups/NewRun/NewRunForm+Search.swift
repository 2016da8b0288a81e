import Cells
import Events

/// Finding a field by typing some of its name.
package struct FormSearch: Hashable, Sendable {
    package var field = TextField()
    /// Places of the fields that match, best first.
    package var matches: [Int] = []
    /// Which of them the cursor is on.
    package var selected = 0
    /// Where the cursor stood, and what was unfolded, before the search.
    fileprivate let item: Int
    fileprivate let unfolded: Set<FormGroup>
}

extension NewRunForm {
    mutating func beginSearch() {
        settle()
        search = FormSearch(item: cursor.index, unfolded: unfolded)
    }

    /// Goes to the field that matches best what is typed by now.
    mutating func find() {
        guard let text = search?.field.text else { return }
        let found = matches(text)
        search?.matches = found
        search?.selected = 0
        showMatch()
    }

    /// Fields by how well their names match: as they are written, or what they are called; then their description.
    private func matches(_ text: String) -> [Int] {
        let wanted = FuzzyMatch.Pattern(text)
        guard text.contains(where: { $0 != " " }) else { return [] }
        var isListed = Set<Int>()
        var order: [Int] = []
        let listed = items.compactMap { if case .field(let index) = $0 { index } else { nil } }
        for index in listed + Array(fields.indices) where isListed.insert(index).inserted { order.append(index) }
        let scored = order.enumerated().compactMap { rank, index -> (score: Int, rank: Int, index: Int)? in
            let field = fields[index]
            let names = [field.label] + (field.jobOption.map { [$0.name] } ?? [])
            let byName = names.compactMap { FuzzyMatch.score(wanted, in: $0) }.max()
            // Letters strewn over a sentence match nearly every one.
            let byHelp = FuzzyMatch.score(wanted, in: field.help).flatMap { $0 > 1000 ? $0 - 1000 : nil }
            return (byName ?? byHelp).map { ($0, rank, index) }
        }
        return scored.sorted { ($1.score, $0.rank) < ($0.score, $1.rank) }.map(\.index)
    }

    mutating func nextMatch(_ direction: Int) {
        guard let search, !search.matches.isEmpty else { return }
        self.search?.selected = (search.selected + direction + search.matches.count) % search.matches.count
        showMatch()
    }

    /// The cursor on the match, in its group unfolded for the time being.
    private mutating func showMatch() {
        guard let search else { return }
        unfolded = search.unfolded
        relist()
        if search.matches.indices.contains(search.selected) {
            reveal(search.matches[search.selected])
        } else {
            cursor.index = min(search.item, max(0, items.count - 1))
        }
    }

    /// Stays on the match, whose value the next key replaces; false when nothing matches.
    mutating func takeMatch() -> Bool {
        guard let search, !search.matches.isEmpty else { return false }
        self.search = nil
        replaces = true
        return true
    }

    /// Back to where the search began.
    mutating func endSearch() {
        guard let search else { return }
        unfolded = search.unfolded
        relist()
        go(to: min(search.item, max(0, items.count - 1)))
        self.search = nil
    }
}
