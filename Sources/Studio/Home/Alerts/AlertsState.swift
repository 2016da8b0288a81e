import Events

/// The Alerts pane: what the debugger found, alarms that are on and what monitors found, newest first.
package struct AlertsState: Sendable {
    /// One finding.
    package struct Item: Hashable, Sendable {
        package var run: RunID
        package var time: Double
        package var alert: Alert
        /// The name of the endpoint whose alarm it is, or that a monitor watches; nil for what the debugger found.
        package var endpoint: String?
        /// The name of the monitor that found it.
        package var monitor: String?

        /// Whether it is about what models are asked, and not about a run.
        var isOfServing: Bool { endpoint != nil || monitor != nil }

        package init(run: RunID, time: Double, alert: Alert) { (self.run, self.time, self.alert) = (run, time, alert) }
    }

    /// Older findings than these many are only in the store.
    package static let capacity = 2000

    /// Newest first.
    package private(set) var items: [Item] = []
    package var cursor = ListCursor()
    package var filter = ListFilter()
    /// Which of the selected alert's remedies `fix` applies.
    package var remedy = 0
    /// The alert that it was chosen for.
    private var remedyOf: AlertReference?

    /// The remedy that is chosen first: one that a run can be started with.
    private func first(_ item: Item) -> Int {
        // One that was tried is not offered first again, unless it helped.
        let tried = outcomes(of: item).filter { !$0.outcome.helped }.map(\.outcome.set)
        let settings = item.alert.remedies.indices.filter { !item.alert.remedies[$0].set.isEmpty }
        return settings.first { !tried.contains(item.alert.remedies[$0].set) } ?? settings.first ?? 0
    }
    /// Derived: indices of the items that the filter lets through.
    package private(set) var rows: [Int] = []
    private var known: Set<Item> = []
    /// What came of runs that were started with an alert's remedies, in the order in which they ended.
    private var outcomes: [AlertReference: [Measured]] = [:]

    /// What followed from alerts, in the order in which it happened.
    private var taken: [AlertReference: [Taken]] = [:]

    /// What was done, or could not be done, because of an alert.
    package struct Taken: Hashable, Sendable {
        package var time: Double
        package var action: ActionTaken
    }

    /// What followed from an alert, the last of it last.
    package func actions(of item: Item) -> [Taken] { taken[AlertReference(run: item.run, rule: item.alert.rule)] ?? [] }

    mutating func add(_ action: ActionTaken, of run: RunID, at time: Double) {
        let new = Taken(time: time, action: action), alert = AlertReference(run: run, rule: action.subject)
        if taken[alert]?.contains(new) != true { taken[alert, default: []].append(new) }
    }

    /// How findings were cleared that stand no more.
    private var cleared: [Item: RuleEvaluation] = [:]

    /// How a finding was cleared; nil while it stands.
    package func cleared(_ item: Item) -> RuleEvaluation? { cleared.isEmpty ? nil : cleared[item] }

    /// Takes that what a rule found in a run before a time is gone.
    mutating func clear(_ evaluation: RuleEvaluation, of run: RunID, at time: Double) {
        guard evaluation.state == .cleared else { return }
        for item in items where item.run == run && item.alert.rule == evaluation.rule && item.time <= time {
            cleared[item] = cleared[item] ?? evaluation
        }
    }

    /// How many of the findings that are shown stand.
    package var openCount: Int { cleared.isEmpty ? rows.count : rows.count { cleared[items[$0]] == nil } }

    /// What came of one run.
    package struct Measured: Hashable, Sendable {
        package var run: RunID
        package var outcome: RemedyOutcome
    }

    init() {}

    package var selected: Item? {
        guard rows.indices.contains(cursor.index), items.indices.contains(rows[cursor.index]) else { return nil }
        return items[rows[cursor.index]]
    }

    /// What came of the remedies that were tried, the last one last.
    package func outcomes(of item: Item) -> [Measured] {
        outcomes[AlertReference(run: item.run, rule: item.alert.rule)] ?? []
    }

    /// Takes what came of a run that was started with a remedy. The next remedy is offered.
    mutating func add(_ outcome: RemedyOutcome, of run: RunID) {
        outcomes[outcome.alert, default: []].removeAll { $0.run == run }
        outcomes[outcome.alert, default: []].append(Measured(run: run, outcome: outcome))
        if let selected, AlertReference(run: selected.run, rule: selected.alert.rule) == outcome.alert {
            remedy = first(selected)
        }
    }

    /// Alerts of one run, newest first.
    package func alerts(of run: RunID) -> [Item] { items.filter { $0.run == run } }

    /// Adds a finding in the order of time; one that is there already is left out. The selection stays on its alert.
    mutating func add(_ item: Item) {
        guard known.insert(item).inserted else { return }
        let place = items.firstIndex { $0.time <= item.time } ?? items.count
        items.insert(item, at: place)
        if let row = rows.firstIndex(where: { $0 >= place }), cursor.index > 0, row <= cursor.index { cursor.index += 1 }
        if items.count > Self.capacity {
            let last = items.removeLast()
            known.remove(last)
            cleared[last] = nil
        }
    }

    /// Selects the newest alert of a run, if the list shows one.
    mutating func select(firstOf run: RunID) {
        if let row = rows.firstIndex(where: { items[$0].run == run }) {
            (cursor.index, remedy) = (row, first(items[rows[row]]))
        }
    }

    /// Selects an alert, if the list shows it.
    mutating func select(_ item: Item) {
        guard item != selected, let row = rows.firstIndex(where: { items[$0] == item }) else { return }
        (cursor.index, remedy) = (row, first(item))
        remedyOf = AlertReference(run: item.run, rule: item.alert.rule)
    }

    /// The alert so many rows behind another one in the list; nil at its end, and for one that the list does not show.
    func item(after item: Item, by step: Int) -> Item? {
        guard let row = rows.firstIndex(where: { items[$0] == item }), rows.indices.contains(row + step) else { return nil }
        return items[rows[row + step]]
    }

    /// Alarms that are on, and violations that stand, take the place of those that were.
    mutating func takeServing(_ alarms: [Item]) {
        for item in items where item.isOfServing && !alarms.contains(item) {
            items.removeAll { $0 == item }
            known.remove(item)
        }
        for alarm in alarms { add(alarm) }
    }

    mutating func remove(run: RunID) {
        items.removeAll { $0.run == run }
        cleared = cleared.filter { $0.key.run != run }
        taken = taken.filter { $0.key.run != run }
        known = known.filter { $0.run != run }
    }

    mutating func refresh(runs: RunLibrary, page: Int) {
        let items = items
        rows = filter.matching(items.count) { index, pattern in
            let item = items[index]
            let run = item.monitor ?? item.endpoint ?? runs[item.run]?.record.name ?? item.run.text
            return [item.alert.rule, item.alert.summary, item.alert.severity.rawValue, run]
                .contains { $0.containsIgnoringCase(pattern) }
        }
        rows.removeAll { runs[items[$0].run]?.isDeleted ?? false }
        let before = cursor.index
        cursor.clamp(count: rows.count, page: page)
        if cursor.index != before || remedyOf != selected.map({ AlertReference(run: $0.run, rule: $0.alert.rule) }) {
            remedy = selected.map { first($0) } ?? 0
            remedyOf = selected.map { AlertReference(run: $0.run, rule: $0.alert.rule) }
        }
        remedy = min(remedy, max(0, (selected?.alert.remedies.count ?? 0) - 1))
    }
}
