import Events
import JSON
import Testing

@testable import Hosting

/// Which jobs of a queue start, and what the others wait for.
@Suite struct QueuePolicyTests {
    private func job(_ name: String, priority: Int = 0, place: Double = 0, _ change: (inout QueuedJob) -> Void = { _ in })
        -> QueuedJob
    {
        var job = QueuedJob(run: RunID(name), work: .object([JSONValue.Member]()))
        (job.priority, job.place) = (priority, place)
        change(&job)
        return job
    }

    private func policy(
        slots: Int = 2, busy: Int = 0, memory: Int = 1 << 30, now: Double = 1000, standing: [String: QueuePolicy.Standing] = [:],
        need: [String: Int] = [:]
    ) -> QueuePolicy {
        QueuePolicy(
            freeSlots: slots, busyCount: busy, freeMemory: memory, now: now,
            standing: { standing[$0.text] ?? .gone }, need: { need[$0.run.text] ?? 0 }, clock: { "\($0)" })
    }

    private func words(_ policy: QueuePolicy, _ jobs: [QueuedJob]) -> [String] {
        policy.verdicts(jobs).map { job, verdict in
            switch verdict {
            case .start: "\(job.run) starts"
            case .wait(let why): "\(job.run) waits \(why)"
            case .cancel(let reason): "\(job.run) \(reason)"
            }
        }
    }

    @Test func nothingStartsWhereWhatItDoesWouldBeLost() {
        var policy = policy()
        policy.obstacle = "disk space: 1 MB are free"
        let jobs = [job("a"), job("b") { $0.conditions.startAt = 2000 }, job("c")]
        #expect(
            words(policy, jobs) == [
                "a waits disk space: 1 MB are free", "b waits at 2000.0", "c waits disk space: 1 MB are free",
            ])
    }

    @Test func priorityThenPlaceAsManyAsThereAreSlots() {
        let jobs = [job("c", place: 3), job("a", place: 1), job("urgent", priority: 5, place: 9), job("low", priority: -1)]
        #expect(words(policy(), jobs) == ["urgent starts", "a starts", "c waits ", "low waits "])
        #expect(words(policy(slots: 0), jobs).allSatisfy { $0.hasSuffix("waits ") })
    }

    @Test func whoWaitsForOthersOrForATimeHoldsUpNobody() {
        let after = job("after", place: 1) { $0.conditions.after = [RunID("going")] }
        let later = job("later", place: 2) { $0.conditions.startAt = 2000 }
        let held = job("held", place: 3) { $0.state = .held }
        let free = job("free", place: 4)
        let policy = policy(slots: 1, standing: ["going": .going(name: "mlp")])
        #expect(
            words(policy, [after, later, held, free]) == [
                "after waits after mlp", "later waits at 2000.0", "held waits ", "free starts",
            ])
        #expect(policy.nextTime([after, later]) == 2000)
        #expect(policy.nextTime([held, free]) == nil)
    }

    @Test func afterAnotherOneItStartsOrIsCancelled() {
        func jobs(_ run: String, _ ifCompleted: Bool) -> [QueuedJob] {
            [job("x") { ($0.conditions.after, $0.conditions.onlyIfCompleted) = ([RunID(run)], ifCompleted) }]
        }
        let policy = policy(standing: ["failed": .over(name: "f", .failed), "done": .over(name: "d", .completed)])
        #expect(words(policy, jobs("failed", false)) == ["x starts"])
        #expect(words(policy, jobs("failed", true)) == ["x AfterFailed"])
        #expect(words(policy, jobs("done", true)) == ["x starts"])
        #expect(words(policy, jobs("removed", true)) == ["x AfterFailed"])
        #expect(words(policy, jobs("removed", false)) == ["x starts"])
    }

    @Test func whoNeedsMoreMemoryThanThereIsKeepsItsTurnUnlessNothingElseTrains() {
        let big = job("big", place: 1), small = job("small", place: 2)
        let need = ["big": 2 << 30, "small": 1 << 20]
        #expect(
            words(policy(busy: 1, need: need), [big, small])
                == ["big waits memory: it needs about 2048 MB, 1024 MB are free", "small waits "])
        #expect(words(policy(busy: 0, need: need), [big, small]).first == "big starts")
        // What the first one takes is not there for the second.
        let both = ["big": 900 << 20, "small": 900 << 20]
        #expect(words(policy(busy: 0, need: both), [big, small]).first == "big starts")
        #expect(words(policy(busy: 0, need: both), [big, small]).last?.contains("memory") == true)
    }
}
