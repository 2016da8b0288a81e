/// What was tried, and what came of it. Values are turned so that smaller is better.
public struct TrialHistory: Sendable {
    struct Entry: Sendable {
        var trial: Trial
        /// nil while it runs.
        var outcome: TrialOutcome?
        /// The best value up to each resource at which it was looked at, such as epochs.
        var reports: [Int: Double] = [:]
        /// With several objectives what it is worth by each of them, the first as in `outcome`.
        var values: [Double]?
    }

    public let space: SearchSpace
    private(set) var entries: [Entry] = []
    private var places: [Int: Int] = [:]
    /// What earlier searches for the same found.
    var inherited: [PlacedSearch] = []

    init(_ space: SearchSpace) { self.space = space }

    var count: Int { entries.count }

    /// With what is known from earlier searches for the same.
    var knownCount: Int { inherited.reduce(entries.count) { $0 + $1.values.count } }

    mutating func add(_ trial: Trial) {
        precondition(places[trial.number] == nil, "trial \(trial.number) is there already")
        places[trial.number] = entries.count
        entries.append(Entry(trial: trial))
    }

    /// Forgets a trial; nothing where it is not known.
    mutating func remove(_ number: Int) {
        guard let place = places.removeValue(forKey: number) else { return }
        entries.remove(at: place)
        for later in entries.indices[place...] { places[entries[later].trial.number] = later }
    }

    /// - Returns: whether the trial is known.
    @discardableResult
    mutating func end(_ number: Int, _ outcome: TrialOutcome) -> Bool {
        guard let place = places[number] else { return false }
        entries[place].outcome = outcome
        return true
    }

    /// Keeps what a trial is worth by each of several objectives.
    mutating func set(_ values: [Double], of number: Int) {
        if let place = places[number] { entries[place].values = values }
    }

    mutating func set(_ outcome: TrialOutcome, at place: Int) { entries[place].outcome = outcome }

    mutating func report(_ number: Int, resource: Int, value: Double) {
        guard let place = places[number], value.isFinite else { return }
        let known = entries[place].reports[resource] ?? value
        entries[place].reports[resource] = min(known, value)
    }

    /// What was seen of the objective: points with a value each, worse ones for what failed or was stopped, and points that
    /// are still being tried.
    struct Observations {
        var points: [[Double]] = []
        var values: [Double] = []
        var pending: [[Double]] = []
        /// Of the values, those that only stand for a trial that ended without one of its own.
        var imputed: Set<Int> = []
        var numbers: [Int] = []
    }

    /// - Parameter leastCount: how many trials must have been looked at with the same resource for that to be compared; the
    ///   largest such resource is. nil = only how trials ended counts.
    func observations(atResourceOf leastCount: Int? = nil) -> Observations {
        if let leastCount, let resource = comparedResource(leastCount) { return observations(at: resource) }
        var found = Observations()
        for search in inherited {
            found.points += search.points
            found.values += search.values
            found.numbers += search.values.map { _ in -1 }
        }
        let finished = entries.compactMap { entry -> Double? in
            if case .finished = entry.outcome { entry.outcome?.value } else { nil }
        }.sorted()
        let worst = finished.last ?? entries.compactMap { $0.outcome?.value }.max()
        for entry in entries {
            guard let outcome = entry.outcome else {
                found.pending.append(entry.trial.point)
                continue
            }
            var value = outcome.value
            if case .stopped = outcome, !finished.isEmpty {
                // It was no better than half of the others, and where it would have ended nobody knows.
                let middle = finished[finished.count / 2]
                value = value.map { min(max($0, middle), worst ?? $0) }
            }
            if value == nil { found.imputed.insert(found.values.count) }
            guard let value = value ?? worst else { continue }
            found.points.append(entry.trial.point)
            found.values.append(value)
            found.numbers.append(entry.trial.number)
        }
        return found
    }

    private func comparedResource(_ leastCount: Int) -> Int? {
        var counts: [Int: Int] = [:]
        for entry in entries { for resource in entry.reports.keys { counts[resource, default: 0] += 1 } }
        return counts.filter { $0.value >= leastCount }.keys.max()
    }

    private func observations(at resource: Int) -> Observations {
        var found = Observations()
        let worst = entries.compactMap { $0.reports[resource] }.max()
        for entry in entries {
            let value = entry.reports[resource] ?? (entry.outcome == .failed ? worst : nil)
            if let value {
                found.points.append(entry.trial.point)
                found.values.append(value)
                found.numbers.append(entry.trial.number)
            } else if entry.outcome == nil {
                found.pending.append(entry.trial.point)
            }
        }
        return found
    }

    /// The trial that ended with the smallest value, the first of equals.
    var best: (trial: Trial, value: Double)? {
        var best: (trial: Trial, value: Double)?
        for entry in entries {
            guard case .finished(let value) = entry.outcome, value.isFinite, value < best?.value ?? .infinity else { continue }
            best = (entry.trial, value)
        }
        return best
    }
}
