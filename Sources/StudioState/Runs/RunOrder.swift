import Events

/// All runs of a table in the order of a sort, and which of them a search lets through. Kept up to date run by run, so that
/// thousands of runs that lie still cost nothing while one trains; another search sorts nothing anew.
struct RunOrder: Sendable {
    typealias Test = (RunSummary) -> Bool

    private var sort = RunSort()
    private var all: [RunSort.Key] = []
    private var shown: [RunSort.Key] = []

    init() {}

    /// Derives everything anew.
    /// - Parameters:
    ///   - isListed: whether a run belongs in the table at all.
    ///   - isFound: whether the search lets it through.
    init(_ runs: RunLibrary, _ sort: RunSort, now: Double, isListed: Test, isFound: Test) {
        self.sort = sort
        all.reserveCapacity(runs.count)
        for entry in runs.entries.values where isListed(entry.summary) { all.append(sort.key(entry.summary, now: now)) }
        all.sort { sort.precedes($0, $1) }
        shown = all.filter { key in runs.entries[key.id].map { isFound($0.summary) } ?? false }
    }

    /// The runs that are listed and found, in order.
    var rows: [RunID] { shown.map(\.id) }

    /// The same order under another search; nil when that finds nothing.
    func searched(_ runs: RunLibrary, isFound: Test) -> RunOrder? {
        var order = self
        order.shown = all.filter { key in runs.entries[key.id].map { isFound($0.summary) } ?? false }
        return order.shown.isEmpty ? nil : order
    }

    /// Puts runs that changed where they now belong.
    /// - Complexity: O(n) in the runs that stay, with no look at them but their ids.
    mutating func update(_ changed: Set<RunID>, _ runs: RunLibrary, now: Double, isListed: Test, isFound: Test) {
        let few = changed.count <= 4 ? Array(changed) : nil
        let isChanged = { (key: RunSort.Key) in few?.contains(key.id) ?? changed.contains(key.id) }
        all.removeAll(where: isChanged)
        shown.removeAll(where: isChanged)
        for id in changed {
            guard let entry = runs.entries[id], isListed(entry.summary) else { continue }
            let key = sort.key(entry.summary, now: now)
            insert(key, into: &all)
            if isFound(entry.summary) { insert(key, into: &shown) }
        }
    }

    private func insert(_ key: RunSort.Key, into keys: inout [RunSort.Key]) {
        var low = 0, high = keys.count
        while low < high {
            let middle = (low + high) / 2
            if sort.precedes(keys[middle], key) { low = middle + 1 } else { high = middle }
        }
        keys.insert(key, at: low)
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
        var places: [String: Int] = [:]
        for id in rows {
            guard let entry = runs.entries[id] else { continue }
            let run = entry.summary
            for name in field == .tag && !run.tags.isEmpty ? run.tags : [field.cellText(run, now: now) ?? ""] {
                if let place = places[name] {
                    groups[place].runs.append(id)
                } else {
                    places[name] = groups.count
                    groups.append(RunGroup(name: name, runs: [id], objective: run.record.objective))
                }
            }
        }
        for index in groups.indices { groups[index].summarise(runs) }
        return groups
    }

    private mutating func summarise(_ library: RunLibrary) {
        guard let objective else { return }
        let values = runs.compactMap { id -> Double? in
            guard let entry = library.entries[id], entry.summary.record.objective == objective else { return nil }
            return entry.summary.lastObjective.flatMap { $0.isFinite ? $0 : nil }
        }
        guard !values.isEmpty else { return }
        best = objective.minimises ? values.min() : values.max()
        let mean = values.reduce(0, +) / Double(values.count)
        self.mean = mean
        guard values.count > 1 else { return }
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        deviation = (squares / Double(values.count - 1)).squareRoot()
    }
}
