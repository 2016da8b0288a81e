import CheckedNumbers
import Synchronization

/// What a variant has done: in all, and minute by minute for alarms. The names are SageMaker's.
public final class VariantMetrics: Sendable {
    public struct Counts: Sendable, Hashable {
        public var invocations = 0
        /// Requests that were at fault.
        public var clientErrors = 0
        /// Requests that failed here.
        public var serverErrors = 0
        /// Answers of the model that were none.
        public var modelErrors = 0
        public var modelLatency = LatencyHistogram()
        /// What a request took beside the model.
        public var overheadLatency = LatencyHistogram()
        /// The processor time that answering took.
        public var processorNanoseconds: UInt64 = 0

        public init() {}

        public mutating func add(_ other: Counts) {
            invocations += other.invocations
            clientErrors += other.clientErrors
            serverErrors += other.serverErrors
            modelErrors += other.modelErrors
            modelLatency.add(other.modelLatency)
            overheadLatency.add(other.overheadLatency)
            processorNanoseconds &+= other.processorNanoseconds
        }
    }

    /// One request.
    struct Outcome {
        var status: Int
        var isModelError: Bool
        /// - Units: nanoseconds. Zero where the model was not asked.
        var model: UInt64, overhead: UInt64
        /// The processor time of the thread that answered.
        /// - Units: nanoseconds.
        var processor: UInt64 = 0
    }

    private struct State {
        var total = Counts()
        /// Of each second that had requests, the newest last.
        var seconds: [(second: Int, counts: Counts)] = []
        var lastAt = 0.0
    }

    /// Seconds that are kept one by one.
    public static let keptSeconds = 3_700

    private let state = Mutex(State())

    /// - Parameter now: seconds since 1970.
    func add(_ outcome: Outcome, now: Double) {
        state.withLock { state in
            Self.count(outcome, in: &state.total)
            state.lastAt = now
            let second = Int(roundedDownWithin: now)
            if state.seconds.last?.second != second {
                if state.seconds.count >= Self.keptSeconds { state.seconds.removeFirst(Self.keptSeconds / 8) }
                state.seconds.append((second, Counts()))
            }
            Self.count(outcome, in: &state.seconds[state.seconds.count - 1].counts)
        }
    }

    public var total: Counts { state.withLock { $0.total } }

    /// When it was last asked; 0: never.
    /// - Units: seconds since 1970.
    public var lastAt: Double { state.withLock { $0.lastAt } }

    /// All of the seconds from one on and before another.
    public func counts(from first: Int, before last: Int) -> Counts {
        state.withLock { state in
            var sum = Counts()
            for (second, counts) in state.seconds where second >= first && second < last { sum.add(counts) }
            return sum
        }
    }

    /// Stretches of some seconds each up to a second, the oldest first.
    public func stretches(_ number: Int, of seconds: Int, before last: Int) -> [Counts] {
        // Whoever answers requests is not kept waiting by the sums.
        let known = state.withLock { $0.seconds }
        let first = last - number * seconds
        var sums = [Counts](repeating: Counts(), count: number)
        for (second, counts) in known where second >= first && second < last { sums[(second - first) / seconds].add(counts) }
        return sums
    }

    private static func count(_ outcome: Outcome, in counts: inout Counts) {
        counts.invocations += 1
        counts.processorNanoseconds &+= outcome.processor
        if outcome.isModelError { counts.modelErrors += 1 }
        if (400..<500).contains(outcome.status) { counts.clientErrors += 1 }
        if outcome.status >= 500 { counts.serverErrors += 1 }
        if outcome.model > 0 {
            counts.modelLatency.add(outcome.model)
            counts.overheadLatency.add(outcome.overhead)
        }
    }
}
