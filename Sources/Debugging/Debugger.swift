import Events
import Synchronization
import Threads

/// Runs every rule over every live run, on a thread of its own, and posts what they find.
// SAFETY: `watched` belongs to the debugger's thread; `known` is behind its mutex.
public final class Debugger: EventSubscriber, @unchecked Sendable {
    /// A run and its rules, which change in place: copying what rules remember with every value would cost more than they do.
    private final class Watch {
        var record: RunRecord
        var rules: [any Rule]
        var lastStep = 0

        init(record: RunRecord, rules: [any Rule]) {
            self.record = record
            self.rules = rules
        }
    }

    private let bus: EventBus
    private let mailbox = Mailbox(policy: .lossless(capacity: 1 << 20))
    private let known = Mutex<[RunID: Set<String>]>([:])
    private var watched: [RunID: Watch] = [:]
    private var thread: NamedThread?

    /// Subscribes to the bus and starts.
    /// - Throws: when no thread can be made.
    public init(bus: EventBus) throws(ThreadError) {
        self.bus = bus
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

    /// Says which rules already spoke about a run that is being resumed, so that they do not speak again.
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

    private func observe(_ batch: EventBatch) {
        for event in batch.merged {
            guard let run = event.run else { continue }
            switch event.kind {
            case .run(.registered(let record)): watch(record)
            case .job(.trainingDataSummarised(let summary)): tell([.trainingData(summary)], to: run)
            case .sample(.metricsRecorded(let metrics)):
                watched[run]?.lastStep = metrics.step
                // Training before validation, so that a rule that compares them sees both of one step in a known order.
                let values = metrics.values.sorted { $0.key < $1.key }
                tell(values.map { .metric($0.key, value: $0.value, step: metrics.step, epoch: metrics.epoch) }, to: run)
            case .job(.statusChanged(let change)) where change.status.isFinal:
                tell([.ended(change.status, reason: change.reason, step: watched[run]?.lastStep ?? 0)], to: run)
                watched[run] = nil
            default: break
            }
        }
    }

    private func watch(_ record: RunRecord) {
        if watched[record.id] != nil {
            watched[record.id]?.record = record
            return
        }
        let done = known.withLock { $0.removeValue(forKey: record.id) } ?? []
        let rules: [any Rule] = RuleCatalogue.all.filter { !done.contains($0.name) }.map { $0.init() }
        watched[record.id] = Watch(record: record, rules: rules)
    }

    private func tell(_ facts: [RunFact], to run: RunID) {
        guard let watch = watched[run] else { return }
        let record = watch.record
        for fact in facts {
            var finished: [Int] = []
            for index in watch.rules.indices {
                if let alert = watch.rules[index].observe(fact, of: record) {
                    finished.append(index)
                    bus.post(.debugger(.alertRaised(alert)), run: run)
                }
            }
            for index in finished.reversed() { watch.rules.remove(at: index) }
        }
    }
}
