import Events
import RunSearching

/// All runs of a table in the order of a sort, and which of them a search lets through. Kept up to date run by run, so that
/// thousands of runs that lie still cost nothing while one trains; another search sorts nothing anew.
struct RunOrder: Sendable {
    typealias Test = (RunSummary) -> Bool

    /// A run: what it is ordered by, and its place in the library.
    private struct Item: Sendable {
        let key: RunSort.Key
        let place: Int
    }

    private var sort = RunSort()
    private var all: [Item] = []
    private var shown: [Item] = []

    init() {}

    /// Derives everything anew.
    /// - Parameters:
    ///   - isListed: whether a run belongs in the table at all.
    ///   - isFound: whether the search lets it through.
    init(_ runs: RunLibrary, _ sort: RunSort, now: Double, isListed: Test, isFound: Test) {
        self.sort = sort
        let entries = runs.entries.values
        all.reserveCapacity(entries.count)
        for place in entries.indices where isListed(entries[place].summary) {
            all.append(Item(key: sort.key(entries[place].summary, now: now), place: place))
        }
        all.sort { sort.precedes($0.key, $1.key) }
        search(runs, isFound: isFound)
    }

    /// The runs that are listed and found, in order.
    var rows: [RunID] { shown.map(\.key.id) }

    /// Whether nothing is found.
    var isEmpty: Bool { shown.isEmpty }

    /// Shows the runs that another search finds.
    mutating func search(_ runs: RunLibrary, isFound: Test) {
        let entries = runs.entries.values
        shown = all.filter { isFound(entries[$0.place].summary) }
    }

    /// Puts runs that changed where they now belong.
    /// - Complexity: O(n) in the runs that stay, with no look at them but their places.
    mutating func update(_ changed: Set<RunID>, _ runs: RunLibrary, now: Double, isListed: Test, isFound: Test) {
        let entries = runs.entries.values, places = changed.compactMap { runs.entries.place(of: $0) }
        var isChanged = [Bool](repeating: false, count: entries.count)
        for place in places { isChanged[place] = true }
        all.removeAll { isChanged[$0.place] }
        shown.removeAll { isChanged[$0.place] }
        for place in places where isListed(entries[place].summary) {
            let item = Item(key: sort.key(entries[place].summary, now: now), place: place)
            insert(item, into: &all)
            if isFound(entries[place].summary) { insert(item, into: &shown) }
        }
    }

    private func insert(_ item: Item, into items: inout [Item]) {
        var low = 0, high = items.count
        while low < high {
            let middle = (low + high) / 2
            if sort.precedes(items[middle].key, item.key) { low = middle + 1 } else { high = middle }
        }
        items.insert(item, at: low)
    }
}

/// A line of the runs table.
package enum RunLine: Hashable, Sendable {
    /// The heading of a group, by its place in `ExperimentsState.groups`.
    case group(Int)
    case run(RunID)
}

/// Runs that have one value of a field in common. A run with several tags is in the group of each.
package struct RunGroup: Hashable, Sendable {
    /// The value; empty when the runs have none.
    package var name: String
    /// In the table's order.
    package var runs: [RunID]
    /// The objective of the first run, and what those of the runs that share it come to.
    package var objective: Objective?
    package var best: Double?
    package var mean: Double?
    /// Standard deviation of the sample; nil below two runs.
    package var deviation: Double?

    /// Groups rows by a field; groups stand in the order of their first runs.
    static func groups(_ rows: [RunID], by field: RunField, _ runs: RunLibrary, now: Double) -> [RunGroup] {
        var groups: [RunGroup] = []
        var known: [String: Int] = [:]
        let entries = runs.entries.values
        for id in rows {
            guard let place = runs.entries.place(of: id) else { continue }
            let tags = entries[place].summary.tags
            for name in field == .tag && !tags.isEmpty ? tags : [field.cellText(entries[place].summary, now: now) ?? ""] {
                if let index = known[name] {
                    groups[index].runs.append(id)
                } else {
                    known[name] = groups.count
                    groups.append(RunGroup(name: name, runs: [id], objective: entries[place].summary.record.objective))
                }
            }
        }
        for index in groups.indices { groups[index].summarise(runs) }
        return groups
    }

    private mutating func summarise(_ library: RunLibrary) {
        guard let objective else { return }
        let entries = library.entries.values
        let values = runs.compactMap { id -> Double? in
            guard let place = library.entries.place(of: id), entries[place].summary.record.objective == objective else {
                return nil
            }
            return entries[place].summary.lastObjective.flatMap { $0.isFinite ? $0 : nil }
        }
        guard !values.isEmpty else { return }
        best = objective.direction == .unknown ? nil : objective.minimises ? values.min() : values.max()
        let mean = values.reduce(0, +) / Double(values.count)
        self.mean = mean
        guard values.count > 1 else { return }
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        deviation = (squares / Double(values.count - 1)).squareRoot()
    }
}
