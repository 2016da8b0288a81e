import Clocks
import Glibc
import Synchronization
import Threads

/// One training thread's way onto the bus for metric samples: a ring of fixed size between that thread and the bus's pump.
///
/// Recording costs a few tens of nanoseconds, allocates nothing and takes no lock. When the ring is full, because the store
/// cannot keep up, `record` waits: samples are never dropped. The waits are counted.
// SAFETY: the slots are written only by the one producer thread between `head` and `tail + capacity` and read only by the pump
// between `tail` and `head`; the releasing stores of `head` and `tail` order those accesses.
public final class SampleChannel: @unchecked Sendable {
    public let run: RunID
    public let metrics: [MetricName]

    private let capacity: Int
    private let slots: UnsafeMutablePointer<MetricSample>
    private let head = Atomic<Int>(0)
    private let tail = Atomic<Int>(0)
    private let closed = Atomic<Bool>(false)
    private let waits = Atomic<Int>(0)
    private let sequence: EventSequence
    /// Wakes the bus's pump.
    private let pump: ThreadSignal
    private var lastSequence: UInt64 = 0

    init(run: RunID, metrics: [MetricName], capacity: Int, sequence: EventSequence, pump: ThreadSignal) {
        self.run = run
        self.metrics = metrics
        self.capacity = capacity
        self.sequence = sequence
        self.pump = pump
        slots = .allocate(capacity: capacity)
    }

    deinit { slots.deallocate() }

    /// How often `record` had to wait for the store.
    public var waitCount: Int { waits.load(ordering: .relaxed) }

    /// Records one value. Call from the channel's one training thread only.
    /// - Parameters:
    ///   - metric: index into `metrics`.
    ///   - joining: the value belongs to the same event as the one recorded before.
    ///   - time: when it was measured, in seconds since 1970, if that was not now.
    public func record(
        _ metric: Int, _ value: Double, step: Int, epoch: Double, joining: Bool = false, at time: Double? = nil
    ) {
        let position = head.load(ordering: .relaxed)
        if position - tail.load(ordering: .acquiring) >= capacity { waitForRoom(position) }
        if !joining || lastSequence == 0 { lastSequence = sequence.next() }
        (slots + position & (capacity - 1)).initialize(
            to: MetricSample(
                sequence: lastSequence, metric: Int32(truncatingIfNeeded: metric), step: step, epoch: epoch,
                wallTime: time ?? WallClock.now(), value: value))
        head.store(position + 1, ordering: .releasing)
    }

    /// Says that nothing more will be recorded; the bus forgets the channel once it is drained.
    public func close() {
        closed.store(true, ordering: .releasing)
        pump.set()
    }

    private func waitForRoom(_ position: Int) {
        waits.wrappingAdd(1, ordering: .relaxed)
        while position - tail.load(ordering: .acquiring) >= capacity {
            pump.set()
            usleep(200)
        }
    }

    var isDrained: Bool {
        closed.load(ordering: .acquiring) && tail.load(ordering: .relaxed) == head.load(ordering: .acquiring)
    }

    /// Takes every sample up to and including sequence number `bound`. Called by the pump only.
    func drain(upTo bound: UInt64) -> [MetricSample] {
        let start = tail.load(ordering: .relaxed)
        var end = head.load(ordering: .acquiring)
        while end > start, (slots + (end - 1) & (capacity - 1)).pointee.sequence > bound { end -= 1 }
        guard end > start else { return [] }
        let taken = [MetricSample](unsafeUninitializedCapacity: end - start) { buffer, count in
            for position in start..<end { buffer.initializeElement(at: position - start, to: slots[position & (capacity - 1)]) }
            count = end - start
        }
        tail.store(end, ordering: .releasing)
        return taken
    }
}
