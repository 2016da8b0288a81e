import Events
import Synchronization
import Threads

/// Runs every rule over every live run, on a thread of its own, and posts what they find.
// SAFETY: `watched` belongs to the debugger's thread; `known` is behind its mutex.
public final class Debugger: EventSubscriber, @unchecked Sendable {
    private let bus: EventBus
    private let algorithms: [String: AlgorithmDescription]
    private let mailbox = Mailbox(policy: .lossless(capacity: 1 << 20))
    private let known = Mutex<[RunID: Set<String>]>([:])
    private var watched: [RunID: RunUnderRules] = [:]
    private var thread: NamedThread?

    /// Subscribes to the bus and starts.
    /// - Parameter algorithms: those whose settings are known; remedies name no others of theirs.
    /// - Throws: when no thread can be made.
    public init(bus: EventBus, algorithms: [AlgorithmDescription] = []) throws(ThreadError) {
        self.bus = bus
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

    /// Says of which rules an alert stands already in a run that is being resumed, so that they do not speak again.
    public func remember(_ rules: Set<String>, of run: RunID) {
        known.withLock { $0[run] = rules }
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
        case .ended(let change):
            post(watched[run]?.showEnd(change), of: run)
            watched[run] = nil
        }
    }

    private func watch(_ record: RunRecord) {
        if let run = watched[record.id] { return run.take(record) }
        let known = known.withLock { $0.removeValue(forKey: record.id) } ?? []
        let run = RunUnderRules(
            record: record, selection: RuleSelection(of: record), known: known, algorithm: algorithms[record.algorithm])
        watched[record.id] = run
        for stand in run.stands where stand.state == .disabled { post([.ruleEvaluated(stand.evaluation)], of: record.id) }
    }

    private func post(_ news: [DebuggerEvent]?, of run: RunID) {
        for event in news ?? [] { bus.post(.debugger(event), run: run) }
    }
}
