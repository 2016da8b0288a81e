import Events
import Experiments
import Glibc
import StudioState
import Synchronization
import TemporaryFolders
import Testing
import Threads

@testable import descent

/// What the studio asks of its engine, and what has to wait for what.
@Suite struct EngineWorkerTests {
    private let scratch: TemporaryFolder
    private let engine: Engine

    init() throws {
        scratch = try TemporaryFolder()
        engine = try Engine(workspace: try Workspace(path: scratch.path + "/workspace"))
    }

    @Test func `stop does not wait for a data file that is being read`() throws {
        let rows = (0..<60_000).map { "\($0),\(Double($0) * 0.37),word\($0 % 977),\($0 % 13)" }
        let path = try scratch.write("a,b,c,d\n" + rows.joined(separator: "\n") + "\n", as: "large.csv")
        let events = Mailbox(policy: .lossless(capacity: 1 << 20))
        engine.bus.subscribe(events)
        let worker = try EngineWorker(engine: engine) {}
        let run = try engine.start(
            JobRequest(
                datasetPath: Program.sample("diabetes"), target: "progression", algorithm: "linear-learner",
                hyperparameters: ["epochs": "1000000", "early_stopping_patience": "off", "optimizer": "sgd"]))
        for _ in 0..<5 { worker.perform(.command(.profileDataset(path: path))) }
        worker.perform(.command(.stopJob(run.id)))
        var profiled = 0, profiledBeforeTheEnd: Int?
        while profiled < 5 || profiledBeforeTheEnd == nil, let batch = events.waitAndTake() {
            for event in batch.events {
                if case .dataset(.profiled) = event.kind { profiled += 1 }
                if case .job(.finished(let result)) = event.kind {
                    #expect(result.status == .stopped)
                    profiledBeforeTheEnd = profiled
                }
            }
        }
        #expect(try #require(profiledBeforeTheEnd) < 5)
        worker.close()
        events.close()
        engine.close()
    }

    @Test func `a lane keeps its order, and of what waits under one key the newest is done`() throws {
        let done = Mutex<[Int]>([])
        let gate = ThreadSignal()
        let lane = try WorkLane(name: "lane") { _ in }
        lane.add { gate.wait() }
        lane.add(replacing: "key") { done.withLock { $0.append(1) } }
        lane.add { done.withLock { $0.append(2) } }
        lane.add(replacing: "key") { done.withLock { $0.append(3) } }
        gate.set()
        lane.close()
        #expect(done.withLock { $0 } == [2, 3])
    }

    @Test func `an abandoned lane is not waited for, and what waited in it is not done`() throws {
        let hasBegun = ThreadSignal(), gate = ThreadSignal(), ended = ThreadSignal()
        let isLate = Atomic<Bool>(false)
        let lane = try WorkLane(name: "lane") { _ in }
        lane.add {
            hasBegun.set()
            gate.wait()
            ended.set()
        }
        lane.add { isLate.store(true, ordering: .relaxed) }
        hasBegun.wait()
        lane.abandon()
        gate.set()
        ended.wait()
        lane.close()
        let wasDone = isLate.load(ordering: .relaxed)
        #expect(!wasDone)
    }
}
