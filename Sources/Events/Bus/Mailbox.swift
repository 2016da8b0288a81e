import Glibc
import Synchronization
import Threads

/// A subscriber that keeps batches until somebody takes them.
///
/// - `lossless`: never drops anything; holds the pump up while it is full (the store, the debugger, `--json`), unless it is told
///   to let go since nobody will take anything for long: then samples that do not fit are dropped and counted.
/// - `merging`: never holds anybody up; lifecycle events are all kept, of the tensors of a run the newest step, and when nobody takes
///   the samples for long, runs of samples of one metric are merged to their first, smallest, largest and last (the screen).
public final class Mailbox: EventSubscriber {
    public enum Policy: Sendable {
        /// Waits when it holds this many samples, events and tensors.
        case lossless(capacity: Int)
        /// Merges when it holds more than this many samples.
        case merging(limit: Int)
    }

    /// Samples of a run for which there was no room.
    public struct Dropped: Sendable, Hashable {
        public var count: Int
        /// The steps between which they are missing.
        public var firstStep: Int, lastStep: Int

        mutating func include(_ samples: [MetricSample]) {
            count += samples.count
            for sample in samples { (firstStep, lastStep) = (min(firstStep, sample.step), max(lastStep, sample.step)) }
        }
    }

    private struct Content {
        var batch = EventBatch()
        var count = 0
        var isClosed = false
        var holdsUp = true
        var dropped: [RunID: Dropped] = [:]
        /// Batches that came in, that were taken, and that were dealt with.
        var delivered = 0, taken = 0, handled = 0
    }

    private let policy: Policy
    private let content = Mutex(Content())
    private let filled = ThreadSignal()
    private let emptied = ThreadSignal()
    private let onDelivery: @Sendable () -> Void

    /// - Parameter onDelivery: called after each delivery, on the pump thread; must return at once (it writes to a wake pipe).
    public init(policy: Policy, onDelivery: @escaping @Sendable () -> Void = {}) {
        self.policy = policy
        self.onDelivery = onDelivery
    }

    public func deliver(_ batch: EventBatch) {
        if case .lossless(let capacity) = policy {
            while content.withLock({ !$0.isClosed && $0.holdsUp && $0.count >= capacity }) { emptied.wait() }
        }
        content.withLock { content in
            guard !content.isClosed else { return }
            var batch = batch
            if case .lossless(let capacity) = policy, content.count >= capacity { Self.drop(from: &batch, &content.dropped) }
            content.delivered += 1
            content.batch.append(batch)
            content.count += batch.weight
            guard case .merging(let limit) = policy else { return }
            content.batch.keepNewestTensors()
            if content.batch.sampleCount > limit { content.batch.mergeSamples() }
            content.count = content.batch.weight
        }
        filled.set()
        onDelivery()
    }

    /// Lifecycle events, which are few, stay; all but those that tell how fast a job is and what its tensors are like.
    private static func drop(from batch: inout EventBatch, _ dropped: inout [RunID: Dropped]) {
        for group in batch.samples {
            guard let step = group.samples.first?.step else { continue }
            dropped[group.run, default: Dropped(count: 0, firstStep: step, lastStep: step)].include(group.samples)
        }
        batch.samples = []
        batch.events.removeAll { event in
            switch event.kind {
            case .job(.progressReported), .tensors: true
            default: false
            }
        }
    }

    /// Whether a full lossless mailbox holds the pump up, as it does at first. One that does not drops samples.
    public func setHoldsUp(_ holdsUp: Bool) {
        content.withLock { $0.holdsUp = holdsUp }
        emptied.set()
    }

    /// Takes the account of what was dropped since the last time.
    public func takeDropped() -> [RunID: Dropped] {
        content.withLock { content in
            defer { content.dropped = [:] }
            return content.dropped
        }
    }

    /// Takes what is there, without waiting.
    public func take() -> EventBatch {
        let batch = content.withLock { content in
            defer {
                content.batch = EventBatch()
                content.count = 0
                content.taken = content.delivered
            }
            return content.batch
        }
        emptied.set()
        return batch
    }

    /// Waits until there is something and takes it; nil once the mailbox is closed and empty. Calling it again says that what
    /// was taken before has been dealt with.
    public func waitAndTake() -> EventBatch? {
        content.withLock { $0.handled = $0.taken }
        while true {
            let batch = take()
            if !batch.isEmpty { return batch }
            if content.withLock({ $0.isClosed }) { return nil }
            filled.wait()
        }
    }

    /// Returns when what was delivered before the call has been dealt with by the thread that calls `waitAndTake`, or when the
    /// mailbox is closed.
    /// - Parameter isHopeless: asked again and again; once it says so, nobody waits any longer.
    /// - Returns: whether it has been dealt with.
    @discardableResult
    public func waitUntilHandled(unless isHopeless: () -> Bool = { false }) -> Bool {
        let target = content.withLock { $0.delivered }
        while content.withLock({ $0.handled < target && !$0.isClosed }) {
            if isHopeless() { return false }
            usleep(200)
        }
        return true
    }

    /// Ends waiting on both sides; what is in it can still be taken, what comes later is dropped.
    public func close() {
        content.withLock { $0.isClosed = true }
        filled.set()
        emptied.set()
    }
}
