import Events

/// The Experiments pane: which runs its table shows, in which order, and what is selected, marked and compared with.
package struct ExperimentsState: Sendable {
    package var cursor = ListCursor()
    package var filter = ListFilter()
    package var sortColumn = RunColumn.created
    package var isReversed = false
    /// Marked runs, in the order they were marked.
    package var marks: [RunID] = []
    package var baseline: RunID?
    /// Derived: the rows shown, filtered and sorted.
    package private(set) var rows: [RunID] = []
    /// The selected run; the selection follows the run when the order changes.
    package private(set) var selected: RunID?
    /// Whether the user chose the selected run; until then the first run that trains is selected.
    var isChosen = false
    /// Whether `rows` must be derived again before anybody reads them.
    var isStale = true
    private var appliedFilter = RunFilter("")

    init() {}

    package func isMarked(_ id: RunID) -> Bool { marks.contains(id) }

    /// Whether the rows can change when metric samples come in.
    var dependsOnMetrics: Bool { sortColumn.dependsOnMetrics || appliedFilter.dependsOnMetrics }

    /// Derives the rows and keeps the selection on its run.
    mutating func refresh(_ runs: RunLibrary, now: Double, page: Int) {
        if isStale {
            isStale = false
            applyFilter(runs)
            rows = sorted(runs.entries.values.lazy.map(\.summary).filter { !$0.isDeleted && appliedFilter.accepts($0) }, now)
            let known = runs.entries
            marks.removeAll { known[$0].map(\.summary.isDeleted) ?? true }
            if let baseline, known[baseline].map(\.summary.isDeleted) ?? true { self.baseline = nil }
            if let selected, let index = rows.firstIndex(of: selected) { cursor.index = index }
            if !isChosen { selectTraining(runs) }
        }
        cursor.clamp(count: rows.count, page: page)
        selectAtCursor()
    }

    /// Takes what is typed as the filter if it matches anything.
    private mutating func applyFilter(_ runs: RunLibrary) {
        guard filter.field.text != filter.applied || appliedFilter != RunFilter(filter.applied) else { return }
        let wanted = RunFilter(filter.field.text)
        let matches = runs.entries.values.contains { !$0.summary.isDeleted && wanted.accepts($0.summary) }
        if matches || wanted.isEmpty { filter.applied = filter.field.text }
        appliedFilter = RunFilter(filter.applied)
    }

    private func sorted(_ summaries: [RunSummary], _ now: Double) -> [RunID] {
        let keyed = summaries.map { (key: sortColumn.sortKey($0, now: now), created: $0.record.createdAt, id: $0.record.id) }
        return keyed.sorted { left, right in
            if let leftKey = left.key, let rightKey = right.key {
                if leftKey != rightKey { return (leftKey < rightKey) != isReversed }
            } else if (left.key == nil) != (right.key == nil) {
                return left.key != nil
            }
            if left.created != right.created { return left.created > right.created }
            return left.id < right.id
        }.map(\.id)
    }

    /// Looks at a run that trains rather than at one that waits.
    private mutating func selectTraining(_ runs: RunLibrary) {
        if let selected, let status = runs[selected]?.status, status != .pending { return }
        if let index = rows.lastIndex(where: { runs[$0]?.status == .inProgress }) { cursor.index = index }
    }

    /// Takes the run under the cursor as the selected one.
    mutating func selectAtCursor() {
        selected = rows.indices.contains(cursor.index) ? rows[cursor.index] : nil
    }

    mutating func select(_ id: RunID) {
        guard let index = rows.firstIndex(of: id) else { return }
        cursor.index = index
        selected = id
        isChosen = true
    }
}
