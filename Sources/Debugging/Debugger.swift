import Events
import Synchronization
import Threads

/// Runs every rule over every live run, on a thread of its own, and posts what they find.
// SAFETY: `watched` belongs to the debugger's thread; `shared` is behind its mutex.
public final class Debugger: EventSubscriber, @unchecked Sendable {
    private let bus: EventBus
    private let algorithms: [String: AlgorithmDescription]
    private let mailbox = Mailbox(policy: .lossless(capacity: 1 << 20))
    private let shared = Mutex(Shared())
    private let recorded: RecordedRuns
    private var watched: [RunID: RunUnderRules] = [:]
    private var thread: NamedThread?

    private struct Shared {
        /// The list of rules of each run that is looked at, as it was last changed.
        var lists: [RunID: [String]] = [:]
        /// What runs recorded that are about to go on.
        var histories: [RunID: RunHistory] = [:]
    }

    /// Subscribes to the bus and starts.
    /// - Parameters:
    ///   - algorithms: those whose settings are known; remedies name no others of theirs.
    ///   - recorded: where to find what runs recorded.
    /// - Throws: when no thread can be made.
    public init(
        bus: EventBus, algorithms: [AlgorithmDescription] = [], recorded: RecordedRuns = RecordedRuns()
    ) throws(ThreadError) {
        self.bus = bus
        self.recorded = recorded
        self.algorithms = Dictionary(algorithms.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        thread = try NamedThread(name: "debugger") { [self] in
            while let batch = mailbox.waitAndTake() { observe(batch) }
        }
        bus.subscribe(self)
    }

    public func deliver(_ batch: EventBatch) { mailbox.deliver(batch) }

    /// Returns when the rules have seen everything posted before the call, and their alerts are posted.
    public func flush() {
        bus.flush()
        mailbox.waitUntilHandled()
    }

    /// Says what a run recorded that is about to go on: its rules look at that first.
    public func expect(_ run: RunID, after history: RunHistory) {
        shared.withLock { $0.histories[run] = history }
    }

    /// Changes the rules that look at a run, from now on. Answered by `rulesChanged`, and by how the changed rules stand.
    /// - Parameter step: how far the run is.
    /// - Throws: what is wrong with the change.
    public func change(_ run: RunID, _ edit: RuleEdit, step: Int) throws(RuleEditFault) {
        let change = try shared.withLock { shared throws(RuleEditFault) in
            guard let list = shared.lists[run] else { throw RuleEditFault("the run is not being trained by this process") }
            let change = try RuleListEditing(list).applying(edit, step: step)
            shared.lists[run] = change.rules
            return change
        }
        bus.post(.debugger(.rulesChanged(change)), run: run)
    }

    /// Looks at what is left and ends the thread. Alerts found now are still posted, so the bus is closed afterwards.
    public func close() {
        bus.flush()
        mailbox.close()
        thread?.join()
        thread = nil
        bus.unsubscribe(self)
    }

    /// Shows each run's rules what a batch has of it, in the order in which it happened.
    private func observe(_ batch: EventBatch) {
        var runs: [RunID] = [], parts: [RunID: (events: [StudioEvent], groups: [RunSamples])] = [:]
        func add(to run: RunID, _ change: (inout (events: [StudioEvent], groups: [RunSamples])) -> Void) {
            if parts[run] == nil { runs.append(run) }
            change(&parts[run, default: ([], [])])
        }
        for event in batch.events {
            if let run = event.run, RunFact(event) != nil { add(to: run) { $0.events.append(event) } }
        }
        // What a run costs the machine is no matter of rules.
        for group in batch.samples where !(group.metrics.first?.isSystem ?? true) {
            if watched[group.run] != nil || parts[group.run] != nil { add(to: group.run) { $0.groups.append(group) } }
        }
        defer { tellTime(batch) }
        for run in runs {
            guard let (events, groups) = parts[run] else { continue }
            observe(run, RunTimeline(events: events, groups: groups.map(\.ordered)), groups.map(\.metrics))
        }
    }

    /// What a run costs is measured whether or not it gets on: that tells rules the time.
    private func tellTime(_ batch: EventBatch) {
        for group in batch.samples where group.metrics.first?.isSystem == true {
            guard let run = watched[group.run], run.looksAtClock, let last = group.samples.last else { continue }
            post(run.show(time: last.wallTime), of: group.run)
        }
    }

    private func observe(_ run: RunID, _ timeline: RunTimeline, _ metrics: [[MetricName]]) {
        var timeline = timeline
        while let entry = timeline.next() {
            switch entry {
            case .event(let event): if let fact = RunFact(event) { observe(fact, of: run) }
            case .samples(let samples, let group): post(watched[run]?.show(samples, of: metrics[group]), of: run)
            }
        }
    }

    private func observe(_ fact: RunFact, of run: RunID) {
        switch fact {
        case .registered(let record): watch(record)
        case .dataSummarised(let summary): post(watched[run]?.show(summary), of: run)
        case .settingsChanged(let change): post(watched[run]?.take(change), of: run)
        case .tensorsSummarised(let tensors): post(watched[run]?.show(tensors), of: run)
        case .profileRecorded(let slice): post(watched[run]?.show(slice), of: run)
        case .rulesChanged(let change): take(change, of: run)
        case .trainingObserved(let observation): post(watched[run]?.show(observation), of: run)
        case .ended(let change):
            post(watched[run]?.showEnd(change), of: run)
            watched[run] = nil
            shared.withLock { $0.lists[run] = nil }
        }
    }

    private func watch(_ record: RunRecord) {
        if let run = watched[record.id] { return run.take(record) }
        let history = shared.withLock { shared in
            shared.lists[record.id] = record.request.rules
            return shared.histories.removeValue(forKey: record.id)
        }
        let run = RunUnderRules(record: record, selection: RuleSelection(of: record), algorithm: algorithms[record.algorithm])
        watched[record.id] = run
        post(run.showEarlier(recorded.tensors), of: record.id)
        if let history { post(run.goOn(after: history), of: record.id) }
        for stand in run.stands where stand.state == .disabled { post([.ruleEvaluated(stand.evaluation)], of: record.id) }
    }

    private func take(_ change: RulesChange, of run: RunID) {
        guard let watched = watched[run] else { return }
        let selection = RuleSelection(readable: change.rules)
        let changed = Set(change.changes.map(\.rule))
        let wish = RunHistory.Wish(
            selection.entries.filter { changed.contains($0.rule.name) }.map(\.rule), of: watched.record)
        post(watched.take(change, selection, recorded.history(run, wish), earlier: recorded.tensors), of: run)
    }

    private func post(_ news: [DebuggerEvent]?, of run: RunID) {
        for event in news ?? [] { bus.post(.debugger(event), run: run) }
    }
}
