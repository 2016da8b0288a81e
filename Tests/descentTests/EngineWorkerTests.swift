import Cells
import Events
import Experiments
import Glibc
import Studio
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
        for _ in 0..<5 { worker.perform(.profileDataset(path: path)) }
        worker.perform(.stopJob(run.id))
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

    @Test func `the first rows of a file do not wait for files that are being read`() throws {
        let rows = (0..<60_000).map { "\($0),\(Double($0) * 0.37),word\($0 % 977),\($0 % 13)" }
        let path = try scratch.write("a,b,c,d\n" + rows.joined(separator: "\n") + "\n", as: "large.csv")
        let events = Mailbox(policy: .lossless(capacity: 1 << 20))
        engine.bus.subscribe(events)
        let worker = try EngineWorker(engine: engine) {}
        var state = AppState(settings: Settings(), algorithms: [], size: Size(width: 120, height: 40), now: 0, workspaceName: "w")
        for _ in 0..<5 { worker.perform(.profileDataset(path: path)) }
        for key in [Key("o")] + path.map({ Key($0) }) + [Key("r", .control)] {
            for case .ask(let request) in reduce(into: &state, .input(.key(key))) { worker.find(request) }
        }
        var preview: DataPreview?
        while preview == nil {
            for case .answered(let answer) in worker.takeAnswers() {
                if case .whole(let value) = answer.outcome, case .preview(let found)? = value as? DataPreview.Outcome {
                    preview = found
                }
            }
            usleep(1000)
        }
        #expect(preview?.columns.map(\.name) == ["a", "b", "c", "d"])
        let profiled = events.take().events.filter { if case .dataset(.profiled) = $0.kind { true } else { false } }
        #expect(profiled.count < 5)
        worker.close()
        events.close()
        engine.close()
    }

    @Test func `a search goes on in the studio, and where it was left after that`() throws {
        var request = TuningRequest(
            job: JobRequest(
                datasetPath: Program.sample("insurance"), target: "charges", algorithm: "linear-learner",
                hyperparameters: ["epochs": "2"]), ranges: ["learning_rate=log:1e-4:1"], strategy: "auto", maxJobs: 500,
            maxParallelJobs: 2)
        request.noImprovement = nil
        let events = Mailbox(policy: .lossless(capacity: 1 << 20))
        engine.bus.subscribe(events)
        let worker = try EngineWorker(engine: engine) {}
        worker.perform(.startTuning(request, name: "mine"))
        var ended = 0, id = ""
        while ended < 3, let batch = events.waitAndTake() {
            for event in batch.events {
                if case .tuning(.started(let start)) = event.kind { id = start.tuning }
                if case .tuning(.trialFinished) = event.kind { ended += 1 }
            }
        }
        #expect(worker.tunings.liveNames == ["mine"])
        // Of a job that runs, whoever asks: at most so many more trials.
        worker.perform(.controlTuning(id, .change(TuningChange(limits: ["max-jobs": "40"]))))
        worker.close()
        events.close()
        engine.close()
        let store = try RunStore(Workspace(path: scratch.path + "/workspace")).tunings
        let left = try store.tuning(named: "mine")
        #expect(left.status == .stopped && left.reason == .stoppedByUser)
        let resumed = try Program.run("tune", "resume", "mine", "--quiet", "--workspace", scratch.path + "/workspace")
        #expect(resumed.code == 0, "\(resumed.errors)")
        let trials = try store.trials(of: id)
        #expect(trials.count == 40 && trials.allSatisfy { $0.outcome == .completed } && Set(trials.map(\.run)).count == 40)
    }

    @Test func `every query has an answer`() {
        for query in QueryList.all { #expect(query is any AnsweredQuery.Type, "\(query)") }
    }

    @Test func `the engine follows up on reproductions that ended, and on nothing else`() throws {
        let checked = Mutex<[RunID]>([])
        let followUps = try FollowUps(
            check: { run in checked.withLock { $0.append(run) } }, report: { _ in }, onFailure: { _ in })
        func register(_ id: String, reproduces: String?) -> StudioEvent {
            var record = RunRecord(
                id: RunID(id), name: id, experiment: "e", algorithm: "pca",
                request: JobRequest(datasetPath: "d.csv", target: nil, algorithm: "pca"), hyperparameters: [:],
                objective: Objective(metric: .trainLoss, minimises: true), seed: 0, dataFingerprint: "", gitRevision: nil,
                version: "1", createdAt: 0, processID: 1)
            record.reproduces = reproduces.map { RunID($0) }
            return StudioEvent(sequence: 1, wallTime: 0, run: record.id, kind: .run(.registered(record)))
        }
        func end(_ id: String, _ status: JobStatus) -> StudioEvent {
            let result = JobResult(name: id, status: status, reason: .unsaid, bestStep: nil, metrics: [:])
            return StudioEvent(sequence: 2, wallTime: 0, run: RunID(id), kind: .job(.finished(result)))
        }
        followUps.deliver(
            EventBatch(events: [
                register("a", reproduces: nil), register("b", reproduces: "a"), register("c", reproduces: "a"),
                register("b", reproduces: "a"), end("a", .completed), end("b", .completed), end("c", .failed),
            ]))
        followUps.waitUntilIdle()
        #expect(checked.withLock { $0 } == [RunID("b")])
        followUps.close()
    }

    @Test func `a run's events are read on from where they are known, and anew when they changed`() throws {
        let run = try engine.start(
            JobRequest(datasetPath: Program.sample("salary"), target: "salary", algorithm: "linear-learner"))
        engine.supervisor.waitUntilIdle()
        let all = try engine.details(run.id, in: engine.store)
        #expect(all.start == .beginning && all.end.count == all.events.count && all.events.count > 3)
        #expect(try engine.details(run.id, after: all.end, in: engine.store).events.isEmpty)
        engine.bus.post(.notice(.messageLogged("more")), run: run.id)
        let more = try engine.details(run.id, after: all.end, in: engine.store)
        #expect(more.events.map(\.kind) == [.notice(.messageLogged("more"))])
        #expect(more.following(all).events.count == all.events.count + 1)
        #expect(more.following(all).end == more.end)
        // What was read is not there any more, though as much of it is.
        var other = more.end
        other.time -= 1
        let anew = try engine.details(run.id, after: other, in: engine.store)
        #expect(anew.start == .beginning && anew.events == more.following(all).events)
        engine.close()
    }

    @Test func `a run that another process ended has the kept model's values, whatever its curves say last`() throws {
        let worker = try EngineWorker(engine: engine) {}
        var state = AppState(
            settings: Settings(), algorithms: [], size: Size(width: 120, height: 40), now: 0, workspaceName: "w",
            processID: getpid())
        worker.loadWorkspace()
        let training = try Running([
            "train", Program.sample("insurance"), "--target", "charges", "--set", "epochs=20", "--early-stopping", "off",
            "--pace", "400",
            "--name", "elsewhere", "--quiet", "--workspace", engine.workspace.path,
        ])
        let deadline = ContinuousClock.now + .seconds(60)
        var quiet = 0
        func run() -> RunSummary? { state.runs.entries.values.first?.summary }
        while quiet < 60, ContinuousClock.now < deadline {
            let answers = worker.takeAnswers()
            for answer in answers {
                for case .ask(let request) in reduce(into: &state, answer) { worker.find(request) }
            }
            quiet = answers.isEmpty && run()?.status.isFinal ?? false ? quiet + 1 : 0
            usleep(10_000)
        }
        #expect(training.finish().code == 0)
        let shown = try #require(run()), stored = try #require(try engine.store.run(shown.record.id))
        #expect(shown.status == .completed && stored.lastMetrics[.trainLoss] != nil)
        #expect(state.series[shown.record.id, .trainLoss]?.count ?? 0 > 100)
        #expect(shown.lastMetrics == stored.lastMetrics)
        worker.close()
        engine.close()
    }

    @Test func `a curve that becomes another one elsewhere becomes that one on the screen, and an outline the curve`() throws {
        let mirror = try RunMirror(engine.workspace, place: "gpu1"), id = RunID("aaaa1111")
        var record = RunRecord(
            id: id, name: "far", experiment: "e", algorithm: "linear-learner",
            request: JobRequest(datasetPath: "/d.csv", target: "y", algorithm: "linear-learner"), hyperparameters: [:],
            objective: Objective(metric: .trainLoss, minimises: true), seed: 0, dataFingerprint: "", gitRevision: nil,
            version: "0.1.0", createdAt: 1e9, processID: 4)
        record.place = "gpu1"
        var summary = RunSummary(record: record)
        summary.lastMetrics[.trainLoss] = 1
        func points(_ steps: Range<Int>, _ value: Double) -> [MetricPoint] {
            steps.map { MetricPoint(step: $0, epoch: 0, wallTime: 1e9 + Double($0), value: value) }
        }
        try mirror.take([.run(summary), .points(id, .trainLoss, from: 0, points(0..<500, 1))])
        let worker = try EngineWorker(engine: engine) {}
        var state = AppState(
            settings: Settings(), algorithms: [], size: Size(width: 120, height: 40), now: 0, workspaceName: "w",
            processID: getpid())
        func wait(until isThere: (Series) -> Bool) throws {
            let deadline = ContinuousClock.now + .seconds(20)
            while !(state.series[id, .trainLoss].map(isThere) ?? false), ContinuousClock.now < deadline {
                for answer in worker.takeAnswers() {
                    for case .ask(let request) in reduce(into: &state, answer) { worker.find(request) }
                }
                usleep(2_000)
            }
            #expect(isThere(try #require(state.series[id, .trainLoss])))
        }
        worker.loadWorkspace()
        try wait { $0.count == 500 }
        // As after it was resumed from a checkpoint with something changed.
        try mirror.take([.points(id, .trainLoss, from: 100, points(100..<300, 7))])
        try wait { $0.count == 300 && $0.last?.value == 7 }
        let outline = CurveOutline(count: 100_000, points: points(99_998..<100_000, 3))
        try mirror.take([.outline(id, .trainLoss, outline)])
        try wait { $0.count == 302 && $0.last?.value == 3 }
        #expect(state.series.arrival(id, .trainLoss) == CurveArrival(here: 300, total: 100_000))
        try mirror.take([.points(id, .trainLoss, from: 300, points(300..<9_000, 2))])
        try wait { $0.count == 9_002 }
        try mirror.take([.outline(id, .trainLoss, CurveOutline(count: 0, points: []))])
        try wait { $0.count == 9_000 }
        #expect(state.series.arrival(id, .trainLoss) == nil)
        worker.close()
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
