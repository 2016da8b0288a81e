import Events

/// Which queued jobs start now, and what the others wait for. Pure: it decides by what it is told.
public struct QueuePolicy {
    /// What became of a run that another one waits for.
    public enum Standing: Sendable, Hashable {
        case going(name: String)
        case over(name: String, JobStatus)
        /// It was removed for good.
        case gone
    }

    public enum Verdict: Sendable, Hashable {
        case start
        /// For what, in words; empty = for its turn.
        case wait(String)
        case cancel(EndReason)
    }

    /// Slots of the compute budget that nobody has.
    public var freeSlots: Int
    /// Jobs that train now.
    public var busyCount: Int
    /// Bytes that can be had.
    public var freeMemory: Int
    /// - Units: seconds since 1970.
    public var now: Double
    public var standing: (RunID) -> Standing
    /// Bytes that a job is likely to fill.
    public var need: (QueuedJob) -> Int
    /// A time of day for the user.
    public var clock: (Double) -> String
    /// Why nothing can start now; nil = nothing stands in the way.
    public var obstacle: String?

    public init(
        freeSlots: Int, busyCount: Int, freeMemory: Int, now: Double, standing: @escaping (RunID) -> Standing,
        need: @escaping (QueuedJob) -> Int, clock: @escaping (Double) -> String
    ) {
        (self.freeSlots, self.busyCount, self.freeMemory, self.now) = (freeSlots, busyCount, freeMemory, now)
        (self.standing, self.need, self.clock) = (standing, need, clock)
    }

    /// What is to be done with each job that waits, in the order in which they start.
    ///
    /// Who waits for another run or for a time holds up nobody. Who waits for memory keeps its turn, so that small jobs do not pass it
    /// for ever; where nothing else trains it starts whatever it needs, since nothing would become free by waiting.
    public func verdicts(_ jobs: [QueuedJob]) -> [(job: QueuedJob, verdict: Verdict)] {
        var slots = freeSlots, busy = busyCount, memory = freeMemory, isBlocked = false
        return jobs.filter(\.state.isWaiting).sorted(by: QueuedJob.isBefore).map { job in
            let early = verdict(job.conditions)
            if early != .start { return (job, early) }
            if job.state == .held { return (job, .wait("")) }
            guard slots > 0, !isBlocked else { return (job, .wait("")) }
            if let obstacle { return (job, .wait(obstacle)) }
            let bytes = need(job)
            if bytes > memory, busy > 0 {
                isBlocked = true
                return (job, .wait("memory: it needs about \(Self.size(bytes)), \(Self.size(memory)) are free"))
            }
            slots -= 1
            busy += 1
            memory -= bytes
            return (job, .start)
        }
    }

    /// When the next job may start that waits for a time; nil = none does.
    public func nextTime(_ jobs: [QueuedJob]) -> Double? {
        jobs.filter { $0.state == .waiting }.compactMap(\.conditions.startAt).filter { $0 > now }.min()
    }

    /// What follows from the conditions alone: `start` where none stands in the way.
    public func verdict(_ conditions: QueueConditions) -> Verdict {
        var waits: [String] = []
        for run in conditions.after {
            switch standing(run) {
            case .going(let name): waits.append("after \(name)")
            case .over(_, let status):
                if conditions.onlyIfCompleted, status != .completed { return .cancel(.afterFailed) }
            case .gone: if conditions.onlyIfCompleted { return .cancel(.afterFailed) }
            }
        }
        if let time = conditions.startAt, time > now { waits.append("at \(clock(time))") }
        return waits.isEmpty ? .start : .wait(waits.joined(separator: ", "))
    }

    private static func size(_ bytes: Int) -> String {
        bytes >= 10 << 30 ? "\(bytes >> 30) GB" : "\(max(1, bytes >> 20)) MB"
    }
}
