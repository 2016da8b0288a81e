import Databases
import Events
import Experiments
import Glibc
import JSON
import Testing

/// Jobs that wait for the host: into the queue, in order, out of it once.
@Suite struct QueueStoreTests {
    private let temporary: TemporaryWorkspace
    private let store: RunStore

    init() throws {
        temporary = try TemporaryWorkspace()
        store = try RunStore(temporary.workspace)
    }

    @discardableResult
    private func enqueue(_ id: String, priority: Int = 0) throws -> RunID {
        var record = makeRecord(id)
        record.name = id
        var job = QueuedJob(run: record.id, work: .object(["plan": .string(id)]))
        job.priority = priority
        return try store.enqueue(record, job).id
    }

    private var order: [String] { get throws { try store.queue().map(\.run.text) } }

    @Test func aQueuedRunIsPendingThoughNoProcessHasIt() throws {
        let run = try enqueue("aaaa0001")
        let summary = try #require(try store.run(run))
        #expect(summary.status == .pending && summary.record.processID == 0)
        let job = try #require(try store.queued(run))
        #expect(job.state == .waiting && job.work["plan"]?.string == "aaaa0001")
        #expect(try store.events(of: run, kinds: [.runRegistered]).count == 1)
        // It is not to be had beside the queue.
        #expect(#expect(throws: StoreError.self) { try store.claim(run) }?.code == .alreadyRunning)
    }

    @Test func thereIsAlwaysRoomBetweenTwoJobs() throws {
        for name in ["aaaa0001", "aaaa0002", "aaaa0003", "aaaa0004"] { try enqueue(name) }
        for _ in 0..<200 {
            let before = try order
            #expect(try store.move(RunID(before[2]), .to(2)))
            let wanted = [before[0], before[2], before[1], before[3]]
            #expect(try order == wanted)
        }
    }

    @Test func noRunWaitsForItself() throws {
        let first = try enqueue("aaaa0001"), second = try enqueue("aaaa0002")
        _ = try store.cancel(first)
        var behind = QueuedJob(run: first, work: .null)
        behind.conditions.after = [first]
        let ended = try #require(try store.run(first))
        #expect(throws: StoreError.self) { try store.enqueue(ended: first, knownAs: ended, behind) }
        // Nor by way of another one.
        _ = try store.cancel(second)
        var other = QueuedJob(run: second, work: .null)
        other.conditions.after = [first]
        try store.enqueue(ended: second, knownAs: try #require(try store.run(second)), other)
        behind.conditions.after = [second]
        let refusal = #expect(throws: StoreError.self) { try store.enqueue(ended: first, knownAs: ended, behind) }
        #expect(
            refusal?.message.contains("aaaa0001 would wait for itself: it starts after aaaa0002") == true,
            "\(refusal?.message ?? "")")
    }

    @Test func aJobIsTakenOnce() throws {
        let run = try enqueue("aaaa0001"), other = try RunStore(temporary.workspace)
        #expect(try store.take(run, seenAs: .waiting))
        #expect(try !other.take(run, seenAs: .waiting))
        #expect(try store.queued(run)?.state == .starting)
        // The process that has it is alive: there is nothing to take over.
        #expect(try other.abandonedJobs().isEmpty && !other.take(run, seenAs: .starting))
        try store.noteStarted(run)
        #expect(
            try store.queued(run)?.state == .started && !store.cancel(run) && !store.move(run, .first) && !store.hold(run, true))
    }

    @Test func whatAKilledProcessHadIsTakenOverOnce() throws {
        let run = try enqueue("aaaa0001")
        #expect(try store.take(run, seenAs: .waiting))
        try store.noteStarted(run)
        let database = try Database(path: temporary.workspace.databasePath)
        try database.run("UPDATE runs SET owner = '4000000:1'")
        #expect(try store.abandonedJobs().map(\.run) == [run])
        #expect(try store.take(run, seenAs: .started))
        #expect(try store.abandonedJobs().isEmpty && !store.take(run, seenAs: .started))
        #expect(try store.queued(run)?.state == .started)
    }

    @Test func jobsAreMovedAmongThoseThatWait() throws {
        for id in ["aaaa0001", "aaaa0002", "aaaa0003"] { try enqueue(id) }
        try enqueue("aaaa0004", priority: 5)
        #expect(try order == ["aaaa0004", "aaaa0001", "aaaa0002", "aaaa0003"])
        #expect(try store.move(RunID("aaaa0003"), .up))
        #expect(try order == ["aaaa0004", "aaaa0001", "aaaa0003", "aaaa0002"])
        // Before one of a higher priority it has that one's.
        #expect(try store.move(RunID("aaaa0002"), .first))
        #expect(try order == ["aaaa0002", "aaaa0004", "aaaa0001", "aaaa0003"])
        #expect(try store.move(RunID("aaaa0004"), .last))
        #expect(try order == ["aaaa0002", "aaaa0001", "aaaa0003", "aaaa0004"])
        #expect(try store.move(RunID("aaaa0002"), .to(3)))
        #expect(try order == ["aaaa0001", "aaaa0003", "aaaa0002", "aaaa0004"])
        #expect(try store.move(RunID("aaaa0001"), .up) && store.move(RunID("aaaa0004"), .to(99)))
        #expect(try order == ["aaaa0001", "aaaa0003", "aaaa0002", "aaaa0004"])
        #expect(try store.prioritise(RunID("aaaa0004"), 1))
        #expect(try order.first == "aaaa0004")
    }

    @Test func aCancelledJobsRunIsStopped() throws {
        let run = try enqueue("aaaa0001")
        #expect(try store.hold(run, true))
        #expect(try store.queued(run)?.state == .held && !store.take(run, seenAs: .held))
        #expect(try store.cancel(run))
        #expect(try store.queue().isEmpty)
        let summary = try #require(try store.run(run))
        #expect(summary.status == .stopped && summary.reason == .stoppedByUser && summary.finishedAt != nil)
    }

    @Test func aRunThatEndsLeavesTheQueueAndOneThatIsHandedOverWaitsInIt() throws {
        let runs = [try enqueue("aaaa0001"), try enqueue("aaaa0002")]
        let bus = EventBus(collectsEvery: 100)
        let recorder = try StoreRecorder(temporary.workspace) { news, _ in Issue.record("\(news)") }
        bus.subscribe(recorder)
        for run in runs {
            #expect(try store.take(run, seenAs: .waiting))
            try store.noteStarted(run)
            bus.post(.run(.registered(try #require(try store.run(run)).record)), run: run)
            bus.post(.job(.statusChanged(JobStatusChange(status: .inProgress, phase: .training))), run: run)
        }
        let result = JobResult(name: "a", status: .completed, reason: .maxEpochs, bestStep: nil, metrics: [:])
        bus.post(.job(.finished(result)), run: runs[0])
        bus.post(.job(.statusChanged(JobStatusChange(status: .pending, reason: .handedOver))), run: runs[1])
        bus.close()
        recorder.close()
        #expect(try store.queue().map(\.run) == [runs[1]])
        #expect(try store.queue().first?.state == .waiting)
        let waiting = try #require(try store.run(runs[1]))
        #expect(waiting.status == .pending && waiting.startedAt != nil)
        // Another process takes it.
        #expect(try store.take(runs[1], seenAs: .waiting))
    }

    @Test func aRunThatEndedGoesOnThroughTheQueue() throws {
        let run = try store.register(makeRecord("aaaa0001")).id
        try store.end(run, .stopped, because: .stoppedByUser)
        let known = try #require(try store.run(run))
        try store.enqueue(ended: run, knownAs: known, QueuedJob(run: run, work: .object(["resumes": .boolean(true)])))
        #expect(try store.run(run)?.status == .pending)
        #expect(
            #expect(throws: StoreError.self) {
                try store.enqueue(ended: run, knownAs: known, QueuedJob(run: run, work: .null))
            }?.code == .alreadyRunning)
        // Deleting it for good takes it out, too.
        try store.erase(run)
        #expect(try store.queue().isEmpty)
    }
}
