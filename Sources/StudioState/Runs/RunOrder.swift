import Events

/// The runs that a search lets through, in the order of a sort. Kept up to date run by run, so that thousands of runs that lie
/// still cost nothing while one trains.
struct RunOrder: Sendable {
    private(set) var keys: [RunSort.Key] = []
    private var sort = RunSort()

    /// Derives everything anew.
    mutating func rebuild(_ runs: RunLibrary, _ sort: RunSort, now: Double, accepts: (RunSummary) -> Bool) {
        self.sort = sort
        keys = []
        for entry in runs.entries.values where accepts(entry.summary) { keys.append(sort.key(entry.summary, now: now)) }
        keys.sort { sort.precedes($0, $1) }
    }

    /// Puts runs that changed where they now belong.
    /// - Complexity: O(n) in the runs that stay, with no look at them but their ids.
    mutating func update(_ changed: Set<RunID>, _ runs: RunLibrary, now: Double, accepts: (RunSummary) -> Bool) {
        if changed.count <= 4 {
            let few = Array(changed)
            keys.removeAll { few.contains($0.id) }
        } else {
            keys.removeAll { changed.contains($0.id) }
        }
        for id in changed {
            guard let run = runs[id], accepts(run) else { continue }
            let key = sort.key(run, now: now)
            var low = 0, high = keys.count
            while low < high {
                let middle = (low + high) / 2
                if sort.precedes(keys[middle], key) { low = middle + 1 } else { high = middle }
            }
            keys.insert(key, at: low)
        }
    }
}

/// A line of the runs table.
package enum RunLine: Hashable, Sendable {
    /// The heading of a group, by its place in `ExperimentsState.groups`.
    case group(Int)
    case run(RunID)
}

/// Runs that have one value of a field in common.
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
            guard let run = runs[id] else { continue }
            let name = field.cellText(run, now: now) ?? ""
            if let place = places[name] {
                groups[place].runs.append(id)
            } else {
                places[name] = groups.count
                groups.append(RunGroup(name: name, runs: [id], objective: run.record.objective))
            }
        }
        for index in groups.indices { groups[index].summarise(runs) }
        return groups
    }

    private mutating func summarise(_ library: RunLibrary) {
        guard let objective else { return }
        let values = runs.compactMap { id -> Double? in
            guard let run = library[id], run.record.objective == objective, let value = run.lastObjective, value.isFinite else {
                return nil
            }
            return value
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
