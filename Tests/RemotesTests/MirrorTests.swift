import Databases
import Events
import Experiments
import TemporaryFolders
import Testing

@testable import Remotes

/// Two workspaces shown in a third one.
@Suite struct MirrorTests {
    private let scratch: TemporaryFolder
    private let workspace: Workspace
    private let store: RunStore

    init() throws {
        scratch = try TemporaryFolder()
        workspace = try Workspace(path: scratch.path + "/mirror")
        store = try RunStore(workspace)
    }

    private func summary(_ id: String, _ name: String) -> RunSummary {
        let record = RunRecord(
            id: RunID(id), name: name, experiment: "e", algorithm: "linear-learner",
            request: JobRequest(datasetPath: "/d.csv", target: "y", algorithm: "linear-learner"), hyperparameters: [:],
            objective: Objective(metric: .validationLoss, minimises: true), seed: 0, dataFingerprint: "", gitRevision: nil,
            version: "0.1.0", createdAt: 1e9, processID: 4)
        return RunSummary(record: record)
    }

    private func points(_ range: Range<Int>, value: Double = 1) -> [MetricPoint] {
        range.map { MetricPoint(step: $0, epoch: 0, wallTime: 1e9, value: value) }
    }

    @Test func twoPlacesWithTheSameRunKeepBoth() throws {
        let one = try RunMirror(workspace, place: "one"), two = try RunMirror(workspace, place: "two")
        try one.take([.run(summary("aaaa", "adam"))])
        try two.take([.run(summary("aaaa", "adam"))])
        let runs = try store.runs()
        #expect(Set(runs.map(\.record.id)).count == 2 && Set(runs.map(\.record.name)) == ["adam", "adam@two"])
        #expect(Set(runs.compactMap(\.record.place)) == ["one", "two"])
        #expect(runs.allSatisfy { $0.record.request.datasetPath == "\($0.record.place ?? ""):/d.csv" })
        let other = try #require(runs.first { $0.record.place == "two" })
        #expect(try store.remote(other.record.id)?.run == RunID("aaaa"))
        // It stays what it is called, whoever comes first next time.
        let again = try RunMirror(workspace, place: "two")
        try again.take([.run(summary("aaaa", "adam"))])
        #expect(try store.count() == 2)
        // Nobody takes it for a run whose process was killed.
        #expect(other.status == .pending)
    }

    @Test func namesThatWereExchangedAreExchangedHere() throws {
        let mirror = try RunMirror(workspace, place: "one")
        try mirror.take([.run(summary("aaaa", "x")), .run(summary("bbbb", "y"))])
        try mirror.take([.run(summary("aaaa", "y")), .run(summary("bbbb", "x"))])
        #expect(try store.run(RunID("aaaa"))?.record.name == "y")
        #expect(try store.run(RunID("bbbb"))?.record.name == "x")
    }

    @Test func aCurveGrowsAndIsCutWhereTheOtherOneWasCut() throws {
        let mirror = try RunMirror(workspace, place: "one"), run = RunID("aaaa")
        try mirror.take([.run(summary("aaaa", "x")), .points(run, .trainLoss, from: 0, points(0..<1024))])
        try mirror.take([.points(run, .trainLoss, from: 1024, points(1024..<1500))])
        #expect(try store.points(run: run, metric: .trainLoss).map(\.step) == Array(0..<1500))
        // What there is already comes again after a connection broke.
        try mirror.take([.points(run, .trainLoss, from: 1400, points(1400..<1600))])
        #expect(try store.points(run: run, metric: .trainLoss).map(\.step) == Array(0..<1600))
        #expect(try mirror.end(of: run, .trainLoss).count == 1600)
        // With a gap it is not taken.
        try mirror.take([.points(run, .trainLoss, from: 9000, points(9000..<9001))])
        #expect(try mirror.end(of: run, .trainLoss).count == 1600)
        try mirror.take([.points(run, .trainLoss, from: 0, points(0..<3, value: 7))])
        #expect(try store.points(run: run, metric: .trainLoss) == points(0..<3, value: 7))
    }

    @Test func whatIsGoneThereGoesHereAndNothingElse() throws {
        let one = try RunMirror(workspace, place: "one"), two = try RunMirror(workspace, place: "two")
        try one.take([.run(summary("aaaa", "a")), .run(summary("bbbb", "b"))])
        try two.take([.run(summary("cccc", "c"))])
        try one.take([.ids([RunID("bbbb")], isLast: false), .ids([], isLast: true)])
        #expect(try Set(store.runs().map(\.record.name)) == ["b", "c"])
        try one.take([.gone([RunID("bbbb"), RunID("cccc")])])
        #expect(try store.runs().map(\.record.name) == ["c"])
    }

    @Test func aWorkspaceThatTookAnothersPlaceIsToldFromTheBeginning() throws {
        let mirror = try RunMirror(workspace, place: "one")
        #expect(try mirror.begin("first") == -1)
        try mirror.take([.upTo(12)])
        #expect(try mirror.begin("first") == 12)
        #expect(try mirror.begin("second") == -1)
    }

    private func search(_ name: String) -> TuningRecord {
        let job = JobRequest(datasetPath: "/d.csv", target: "y", algorithm: "linear-learner")
        let request = TuningRequest(
            job: job, ranges: ["learning_rate=0:1"], strategy: "random", maxJobs: 9, maxParallelJobs: 1)
        return TuningRecord(
            id: "t1", name: name, request: request, objective: Objective(metric: .validationLoss, minimises: true), createdAt: 1e9
        )
    }

    private func trial(_ number: Int, value: Double? = nil) -> TuningTrial {
        var trial = TuningTrial(
            number: number, run: RunID("run\(number)"), values: ["learning_rate": "0.5"], point: [0.5], memory: [], why: "drawn")
        (trial.outcome, trial.value) = (value == nil ? nil : .completed, value)
        return trial
    }

    @Test func searchesOfPlacesAreShownWithTheirTrials() throws {
        let one = try RunMirror(workspace, place: "one"), two = try RunMirror(workspace, place: "two")
        try one.take([.run(summary("run0", "x")), .tuning(search("tune"), [trial(0)], [])])
        try two.take([.run(summary("run0", "x")), .tuning(search("tune"), [trial(0, value: 3)], [])])
        let tunings = store.tunings, jobs = try tunings.all()
        #expect(Set(jobs.map(\.name)) == ["tune", "tune@two"] && Set(jobs.map(\.id)) == ["t1@one", "t1@two"])
        // No process here has them, and nobody takes them for interrupted.
        #expect(jobs.allSatisfy { $0.status == .inProgress })
        #expect(try tunings.tuning(named: "tune").request.job.datasetPath == "one:/d.csv")
        #expect(try tunings.trials(of: "t1@two").map(\.run) == [RunID("run0-two")])
        // A trial that ended, another one, and the best again.
        let again = TuningConfirmation(trial: 0, seed: 7, run: RunID("again"))
        try one.take([.tuning(search("tune"), [trial(0, value: 2), trial(1)], [again])])
        #expect(try tunings.trials(of: "t1@one").map(\.value) == [2, nil])
        #expect(try tunings.confirmations(of: "t1@one") == [again])
        try one.take([.tunings([])])
        #expect(try tunings.all().map(\.id) == ["t1@two"] && tunings.trials(of: "t1@one").isEmpty)
    }

    @Test func onlyTrialsThatStandOtherwiseAreToldAgain() throws {
        let tunings = store.tunings, record = try tunings.register(search("tune"))
        for number in 0..<150 {
            try tunings.add(trial(number), to: record.id)
            try tunings.end(trial(number, value: 1), of: record.id)
        }
        let reader = WorkspaceNewsReader(store, changedAfter: -1) { false }
        var told: [[Int]] = []
        let note = { (news: WorkspaceNews) in
            guard case .tuning(let job, let trials, _) = news else { return }
            #expect(job.name == "tune" && FarMessage(json: FarMessage.news(news).json) == .news(news))
            told.append(trials.map(\.number))
        }
        try reader.tellAll(note)
        #expect(told.map(\.count) == [100, 50] && Set(told.joined()).count == 150)
        told = []
        try reader.tellChanges(note)
        #expect(told.isEmpty)
        try tunings.add(trial(150), to: record.id)
        try reader.tellChanges(note)
        #expect(told == [[150]])
    }
}
