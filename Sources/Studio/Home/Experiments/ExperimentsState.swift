import Events
import RunSearching

/// The Experiments pane: which runs its table shows, in which order, and what is selected, marked and compared with.
package struct ExperimentsState: Sendable {
    /// Counts in `lines`.
    package var cursor = ListCursor()
    package var filter = ListFilter()
    /// What is wrong with what is typed as the filter; nil when it can be read.
    package private(set) var filterProblem: SearchError?
    /// What the newest tab found to put into the filter.
    package var completions: [String] = []
    package var sort = RunSort()
    package var columns: [RunColumn]?
    /// Chosen columns scrolled out on the left.
    package var firstColumn = 0
    package var group: RunField?
    /// Names of the groups that are folded.
    package var folded: Set<String> = [] { didSet { areLinesStale = true } }
    private var areLinesStale = true
    package var showsArchived = false
    /// Marked runs, in the order they were marked.
    package var marks: [RunID] = [] { didSet { marked = Set(marks) } }
    private var marked: Set<RunID> = []
    /// Where a range of marks begins, while one is being drawn.
    package var rangeStart: RunID?
    package var baseline: RunID?
    /// Derived: the runs the filter lets through, each once, sorted; grouped, group by group.
    package private(set) var rows: [RunID] = []
    /// Derived: what the table shows, folded groups without their runs; a run has a line in each of its groups.
    package private(set) var lines: [RunLine] = []
    package private(set) var groups: [RunGroup] = []
    /// Derived: in what the shown runs differ.
    private(set) var differences = RunDifferences()
    /// The selected run; the selection follows the run when the order changes. nil on a group's heading.
    package private(set) var selected: RunID?
    /// Whether the user chose the selected run; until then the first run that trains is selected.
    var isChosen = false
    /// Whether everything derived must be derived anew before anybody reads it.
    var isStale = true
    /// Whether the filter's text may have changed.
    var isFilterStale = false
    /// Runs that changed since rows were derived.
    private var changed: Set<RunID> = []
    private var order = RunOrder()
    private var search = RunSearch()
    private var searchText = ""
    /// The text that `filterProblem` is about.
    private var problemText = ""

    init() {}

    package func isMarked(_ id: RunID) -> Bool { marked.contains(id) }

    /// Whether the rows can change when metric samples come in.
    var dependsOnMetrics: Bool { sort.field.dependsOnMetrics || search.dependsOnMetrics || group != nil }
    /// Whether they can change by time going by.
    var dependsOnTime: Bool { sort.field.kind == .duration || search.dependsOnTime }

    /// A run's place must be found again.
    mutating func noteChange(_ id: RunID) { changed.insert(id) }

    /// Whether the filter cannot be read only because it is in the middle of being typed.
    package var isFilterBegun: Bool {
        guard let filterProblem, filter.isEditing, filter.field.cursor == filter.field.characters.count else { return false }
        return filterProblem.isUnfinished || filterProblem.range.upperBound == filter.field.cursor
    }

    package var selectedGroup: RunGroup? {
        guard lines.indices.contains(cursor.index), case .group(let index) = lines[cursor.index] else { return nil }
        return groups[index]
    }

    /// Derives the rows and keeps the selection on its run.
    mutating func refresh(_ runs: RunLibrary, clock: SearchClock, page: Int) {
        if isStale || isFilterStale || !changed.isEmpty {
            deriveOrder(runs, clock)
            deriveGroups(runs, now: clock.now)
            deriveDifferences(runs)
            areLinesStale = true
            let entries = runs.entries
            let isGone = { (id: RunID) in entries.place(of: id).map { entries.values[$0].summary.isDeleted } ?? true }
            if marks.contains(where: isGone) { marks.removeAll(where: isGone) }
            if let baseline, isGone(baseline) { self.baseline = nil }
            if let rangeStart, isGone(rangeStart) { self.rangeStart = nil }
        }
        if areLinesStale {
            areLinesStale = false
            deriveLines()
            if let selected, let index = line(of: selected) { cursor.index = index }
            if !isChosen { selectTraining(runs) }
        }
        cursor.clamp(count: lines.count, page: page)
        selectAtCursor()
    }

    /// Finds the runs to show and their order: all anew, those that changed, or those that another search finds.
    private mutating func deriveOrder(_ runs: RunLibrary, _ clock: SearchClock) {
        let showsArchived = showsArchived
        let isListed = { (run: RunSummary) in !run.isDeleted && (showsArchived || !run.isArchived) }
        func isFound(_ run: RunSummary) -> Bool { search.accepts(run, clock: clock) }
        if searchText != filter.applied {
            // The filter was put back to an older one, which could be read.
            do throws(SearchError) { search = try RunSearch(parsing: filter.applied) } catch { search = RunSearch() }
            searchText = filter.applied
            order.search(runs, isFound: isFound)
        }
        if isStale || changed.count > 256 {
            order = RunOrder(runs, sort, now: clock.now, isListed: isListed, isFound: isFound)
        } else if !changed.isEmpty {
            order.update(changed, runs, now: clock.now, isListed: isListed, isFound: isFound)
        }
        isStale = false
        isFilterStale = false
        changed = []
        let known = filter.field.text == problemText ? filterProblem : nil
        filterProblem = nil
        if filter.field.text != filter.applied { adopt(filter.field.text, runs, clock, known) }
    }

    /// Takes what is typed as the filter if it can be read and finds anything.
    private mutating func adopt(_ text: String, _ runs: RunLibrary, _ clock: SearchClock, _ known: SearchError?) {
        problemText = text
        do throws(SearchError) {
            let wanted = try RunSearch(parsing: text)
            var found = order
            found.search(runs) { wanted.accepts($0, clock: clock) }
            filterProblem = wanted.unknownName(among: runs.entries.values.lazy.map(\.summary), clock: clock, known: known)
            if filterProblem == nil, !found.isEmpty || wanted.isEmpty {
                (order, search, searchText, filter.applied) = (found, wanted, text, text)
            }
        } catch {
            filterProblem = error
        }
    }

    private mutating func deriveGroups(_ runs: RunLibrary, now: Double) {
        rows = order.rows
        groups = group.map { RunGroup.groups(rows, by: $0, runs, now: now) } ?? []
        var seen: Set<RunID> = []
        if group != nil { rows = groups.flatMap(\.runs).filter { seen.insert($0).inserted } }
    }

    private mutating func deriveDifferences(_ runs: RunLibrary) {
        let count = min(rows.count, RunDifferences.sampleCount)
        differences = RunDifferences(of: (0..<count).compactMap { runs[rows[$0 * rows.count / count]] })
    }

    private mutating func deriveLines() {
        guard group != nil else {
            lines = rows.map { .run($0) }
            return
        }
        lines = []
        for (index, group) in groups.enumerated() {
            lines.append(.group(index))
            if !folded.contains(group.name) { lines += group.runs.map { .run($0) } }
        }
    }

    /// Looks at a run that trains rather than at one that waits.
    private mutating func selectTraining(_ runs: RunLibrary) {
        // A group's heading is no run to look at.
        if selectedGroup != nil, let first = lines.firstIndex(where: { if case .run = $0 { true } else { false } }) {
            cursor.index = first
        }
        if let selected, let status = runs[selected]?.status, status != .pending { return }
        let training = Set(runs.active.filter { $0.status == .inProgress }.map(\.record.id))
        guard !training.isEmpty else { return }
        let isTraining = { (line: RunLine) in if case .run(let id) = line { training.contains(id) } else { false } }
        if let index = lines.lastIndex(where: isTraining) { cursor.index = index }
    }

    /// Takes the run under the cursor as the selected one.
    mutating func selectAtCursor() {
        if lines.indices.contains(cursor.index), case .run(let id) = lines[cursor.index] { selected = id } else { selected = nil }
    }

    /// The run's line; of several the nearest to the cursor.
    private func line(of id: RunID) -> Int? {
        let wanted = RunLine.run(id)
        guard group == .tag else { return lines.firstIndex(of: wanted) }
        return lines.indices.filter { lines[$0] == wanted }.min { abs($0 - cursor.index) < abs($1 - cursor.index) }
    }

    mutating func select(_ id: RunID) {
        guard let index = line(of: id) else { return }
        cursor.index = index
        selected = id
        isChosen = true
    }

    /// The lines of the range being drawn, from its start to the cursor.
    package var range: ClosedRange<Int>? {
        guard let rangeStart, let start = line(of: rangeStart) else { return nil }
        return min(start, cursor.index)...max(start, cursor.index)
    }

    /// The runs among some lines.
    func runs(in range: ClosedRange<Int>) -> [RunID] {
        range.clamped(to: 0...max(0, lines.count - 1)).compactMap {
            if lines.indices.contains($0), case .run(let id) = lines[$0] { id } else { nil }
        }
    }

    /// Marks runs that are not marked yet.
    mutating func mark(_ ids: [RunID]) {
        var seen = marked
        marks += ids.filter { seen.insert($0).inserted }
    }

    mutating func unmark(_ ids: [RunID]) {
        let gone = Set(ids)
        marks.removeAll { gone.contains($0) }
    }

    /// How the table looks now.
    var view: RunView {
        get {
            var view = RunView()
            (view.columns, view.sort, view.group, view.filter) = (columns, sort, group, filter.applied)
            return view
        }
        set {
            (columns, sort, group) = (newValue.columns, newValue.sort, newValue.group)
            filter.clear()
            filter.field.text = newValue.filter
            firstColumn = 0
            isStale = true
        }
    }
}
