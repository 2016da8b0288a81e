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
    /// Numbers up to here are on no sample that is still to come; none is on its way when it is the largest.
    private let floor = Atomic<UInt64>(.max)
    /// Wakes the bus's pump.
    private let pump: ThreadSignal
    /// Where the next sample goes, and whose event it belongs to if that is not at its end. The producer's own.
    private var next = 0
    private var openSequence: UInt64?

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
    ///   - more: the next value belongs to the same event, which is seen when its last one is there.
    ///   - time: when it was measured, in seconds since 1970, if that was not now.
    public func record(
        _ metric: Int, _ value: Double, step: Int, epoch: Double, more: Bool = false, at time: Double? = nil
    ) {
        if next - tail.load(ordering: .acquiring) >= capacity { waitForRoom() }
        let number = openSequence ?? beginEvent()
        (slots + next & (capacity - 1)).initialize(
            to: MetricSample(
                sequence: number, metric: Int32(truncatingIfNeeded: metric), step: step, epoch: epoch,
                wallTime: time ?? WallClock.now(), value: value))
        next += 1
        openSequence = more ? number : nil
        if !more { publish() }
    }

    /// The pump must not go past a number that was drawn before its samples are there.
    private func beginEvent() -> UInt64 {
        floor.store(sequence.newest, ordering: .releasing)
        return sequence.next()
    }

    private func publish() {
        head.store(next, ordering: .releasing)
        floor.store(.max, ordering: .releasing)
    }

    /// Says that nothing more will be recorded; the bus forgets the channel once it is drained.
    public func close() {
        openSequence = nil
        publish()
        closed.store(true, ordering: .releasing)
        pump.set()
    }

    private func waitForRoom() {
        waits.wrappingAdd(1, ordering: .relaxed)
        // An event that is larger than the ring becomes several.
        if openSequence != nil { publish() }
        openSequence = nil
        while next - tail.load(ordering: .acquiring) >= capacity {
            pump.set()
            usleep(200)
        }
    }

    var isDrained: Bool {
        closed.load(ordering: .acquiring) && tail.load(ordering: .relaxed) == head.load(ordering: .acquiring)
    }

    /// The largest number up to which all samples are there. Called by the pump only, for a `bound` that was drawn before.
    func complete(upTo bound: UInt64) -> UInt64 { min(bound, floor.load(ordering: .acquiring)) }

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
