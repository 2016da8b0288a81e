import Clocks
import Glibc
import Synchronization
import Threads

/// A model that is shown an endpoint's requests after their clients have their answers. Its answers are compared and forgotten.
///
/// It works on a thread of its own that gives way to all others. It is never waited for: what it has no room for is counted and left out.
public final class ShadowTest: Sendable {
    /// A request that was answered.
    struct Copy: Sendable {
        var request: String
        /// Seconds since 1970.
        var time: Double
        var body: [UInt8]
        var contentType: String?
        var accept: String?
        /// Who answered it: answers are read by who gave them.
        var model: any ServedModel
        /// Nil: the model failed.
        var answer: ModelAnswer?
        /// - Units: nanoseconds.
        var spent: UInt64

        var size: Int { body.count + (answer?.body.count ?? 0) }
    }

    public let variant: LiveVariant
    /// - Range: above 0, at most 100.
    public let percent: Double
    private let queue = BoundedQueue<Copy>(capacity: 1024)
    private let waitingBytes = Atomic<Int>(0)
    private let turn = Atomic<UInt64>(0)
    private let leftOut = Atomic<Int>(0)
    private let sum: Mutex<ShadowComparison>
    private let thread = Mutex<NamedThread?>(nil)

    private static let mostWaitingBytes = 32 << 20

    /// - Parameter comparison: what there was before, with another host or other shares.
    public init(
        _ variant: LiveVariant, percent: Double, comparison: ShadowComparison = ShadowComparison()
    ) throws(ThreadError) {
        (self.variant, self.percent) = (variant, percent)
        sum = Mutex(comparison)
        let made = try NamedThread(name: "shadow") { [unowned self] in
            // Of Linux: the calling thread's alone.
            setpriority(__priority_which_t(UInt32(PRIO_PROCESS.rawValue)), 0, 19)
            while let copy = queue.take() {
                waitingBytes.subtract(copy.size, ordering: .relaxed)
                compare(copy)
            }
        }
        thread.withLock { $0 = made }
    }

    /// What came of it so far.
    public var comparison: ShadowComparison {
        var known = sum.withLock { $0 }
        known.leftOut += leftOut.load(ordering: .relaxed)
        return known
    }

    /// Leaves out what waits, and ends. It must be called before it is let go of.
    public func close() {
        queue.close()
        leftOut.add(queue.takeAll().count, ordering: .relaxed)
        thread.withLock { $0.take() }?.join()
    }

    /// Whether the next request is one of its share: evenly in time, as traffic is.
    func wantsNext() -> Bool {
        if percent >= 100 { return true }
        let number = turn.add(1, ordering: .relaxed).newValue
        return Double((number &* 0x9E37_79B9_7F4A_7C15) >> 11) * 0x1p-53 < percent / 100
    }

    func add(_ copy: Copy) {
        let size = copy.size
        guard waitingBytes.add(size, ordering: .relaxed).newValue <= Self.mostWaitingBytes, queue.add(copy) else {
            waitingBytes.subtract(size, ordering: .relaxed)
            leftOut.add(1, ordering: .relaxed)
            return
        }
    }

    // MARK: - Its thread

    private func compare(_ copy: Copy) {
        var said: ModelAnswer?
        let began = SteadyClock.nanoseconds()
        do throws(ModelFault) {
            said = try variant.model.answer(copy.body, contentType: copy.contentType, accept: copy.accept)
        } catch {}
        let spent = SteadyClock.nanoseconds() - began
        let served = ShadowComparison.Side(
            rows: copy.answer.flatMap { copy.model.rows(of: $0) }, hasFailed: copy.answer == nil, nanoseconds: copy.spent)
        let shadow = ShadowComparison.Side(
            rows: said.flatMap { variant.model.rows(of: $0) }, hasFailed: said == nil, nanoseconds: spent)
        var texts: RequestRowText?
        sum.withLock {
            $0.add(served, shadow, request: copy.request, at: copy.time) { place, count in
                let known = texts ?? RequestRowText(copy.body, contentType: copy.contentType ?? "text/csv")
                texts = known
                return known.text(place, of: count)
            }
        }
    }
}
