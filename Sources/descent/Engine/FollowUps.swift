import Events
import Experiments
import Synchronization
import Threads

/// What the engine does by itself after a job has ended, whether or not a screen is open: a run that was to do another one again, or to
/// mend what was found in it, is compared with that one.
final class FollowUps: EventSubscriber {
    private let lane: WorkLane
    private let check: @Sendable (RunID) throws -> Void
    private let report: @Sendable (RunID) throws -> Void
    /// Runs that are to be compared with another one and have not ended.
    private let awaited = Mutex<Set<RunID>>([])
    /// Runs that a report may be asked of when they have ended.
    private let reported = Mutex<Set<RunID>>([])

    /// - Parameters:
    ///   - check: compares a run that has ended with the one it does again or mends.
    ///   - report: writes the report of a run that has ended, where its rules ask for one.
    ///   - onFailure: takes what `check` threw.
    /// - Throws: when no thread can be made.
    init(
        check: @escaping @Sendable (RunID) throws -> Void, report: @escaping @Sendable (RunID) throws -> Void,
        onFailure: @escaping @Sendable (any Error) -> Void
    ) throws(ThreadError) {
        (self.check, self.report) = (check, report)
        lane = try WorkLane(name: "follow-ups", onFailure: onFailure)
    }

    func deliver(_ batch: EventBatch) {
        for event in batch.events {
            switch event.kind {
            case .run(.registered(let record)):
                if record.reproduces != nil || record.remedies != nil { _ = awaited.withLock { $0.insert(record.id) } }
                if record.algorithm == "xgboost" { _ = reported.withLock { $0.insert(record.id) } }
            case .job(.finished(let result)):
                if let run = event.run, reported.withLock({ $0.remove(run) }) != nil { lane.add { [report] in try report(run) } }
                guard let run = event.run, awaited.withLock({ $0.remove(run) }) != nil, result.status != .failed else {
                    break
                }
                lane.add { [check] in try check(run) }
            default: break
            }
        }
    }

    /// Does something else that the engine does by itself.
    func add(_ work: @escaping @Sendable () throws -> Void) { lane.add(work) }

    /// Waits for what follows from the jobs that have ended. Flush the bus before.
    func waitUntilIdle() { lane.waitUntilIdle() }

    /// Does what is still to be done and ends the thread.
    func close() { lane.close() }
}
