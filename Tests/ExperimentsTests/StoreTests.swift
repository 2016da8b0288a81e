import Databases
import Events
import Experiments
import Glibc
import JSON
import Synchronization
import TemporaryFolders
import Testing

/// A workspace of its own for each test, removed afterwards.
final class TemporaryWorkspace {
    private let folder: TemporaryFolder
    let workspace: Workspace

    init() throws {
        folder = try TemporaryFolder()
        workspace = try Workspace(path: folder.path)
    }
}

func makeRecord(_ id: String, name: String = "run", processID: Int32 = getpid()) -> RunRecord {
    RunRecord(
        id: RunID(id), name: name, experiment: "e", algorithm: "linear-learner",
        request: JobRequest(datasetPath: "a.csv", target: "y", algorithm: "linear-learner"), hyperparameters: ["epochs": "3"],
        objective: Objective(metric: .validationLoss, minimises: true), seed: 1, dataFingerprint: "ff", gitRevision: nil,
        version: "test", createdAt: 1, processID: processID)
}

@Suite struct StoreTests {
    private let temporary: TemporaryWorkspace

    init() throws { temporary = try TemporaryWorkspace() }

    private func record(
        _ temporary: TemporaryWorkspace, run: RunID, steps: ClosedRange<Int>, finishing: Bool
    ) throws {
        let bus = EventBus(collectsEvery: 100)
        let recorder = try StoreRecorder(temporary.workspace) { news, _ in Issue.record("\(news)") }
        bus.subscribe(recorder)
        let channel = bus.makeChannel(run: run, metrics: [.trainLoss, .validationLoss])
        bus.post(.job(.statusChanged(JobStatusChange(status: .inProgress, phase: .training, plannedSteps: 10_000))), run: run)
        for step in steps {
            channel.record(0, 1 / Double(step), step: step, epoch: Double(step) / 1_000, more: step % 1_000 == 0)
            if step % 1_000 == 0 {
                channel.record(1, 2 / Double(step), step: step, epoch: Double(step) / 1_000)
            }
        }
        channel.close()
        bus.flush()
        if finishing {
            let result = JobResult(
                name: "run", status: .completed, reason: .maxEpochs, bestStep: 10_000, metrics: [.validationLoss: 0.0002])
            bus.post(.job(.finished(result)), run: run)
        }
        bus.close()
        recorder.close()
    }

    @Test func runsAreNumberedAsTheyAreRegisteredAndKeepTheirNumbers() throws {
        let store = try RunStore(temporary.workspace)
        let ids = ["aaaa0001", "aaaa0002", "aaaa0003"]
        #expect(try ids.map { try store.register(makeRecord($0)).number } == [0, 1, 2])
        // What another program says in the record counts for nothing.
        var foreign = makeRecord("aaaa0004")
        foreign.number = 900
        #expect(try store.register(foreign).number == 3)
        try temporary.executeSQL("DELETE FROM runs WHERE id = 'aaaa0002'")
        #expect(try store.register(makeRecord("aaaa0005")).number == 4)
        let again = try RunStore(try Workspace(path: temporary.workspace.path))
        #expect(try again.run(RunID("aaaa0003"))?.record.number == 2)
        #expect(RunRecord(json: foreign.json.adding([.init("run", .string("x"))]))?.number == 900)
    }

    @Test func everySampleIsReadBackExactly() throws {
        let store = try RunStore(temporary.workspace)
        let registered = try store.register(makeRecord("aaaa0001"))
        try record(temporary, run: registered.id, steps: 1...10_000, finishing: true)
        let points = try store.points(run: registered.id, metric: .trainLoss)
        #expect(points.map(\.step) == Array(1...10_000))
        #expect(points.allSatisfy { $0.value == 1 / Double($0.step) })
        #expect(try store.points(run: registered.id, metric: .validationLoss).count == 10)
        #expect(try store.points(run: registered.id, metric: .trainLoss, from: 9_998).map(\.step) == [9_999, 10_000])
        let summary = try #require(try store.run(registered.id))
        #expect(summary.status == .completed)
        #expect(summary.bestStep == 10_000)
        #expect(summary.plannedSteps == 10_000)
    }

    @Test func aCurveContinuesInASecondProcessesRecorder() throws {
        let store = try RunStore(temporary.workspace)
        let registered = try store.register(makeRecord("aaaa0001"))
        try record(temporary, run: registered.id, steps: 1...3_000, finishing: false)
        try store.truncate(registered.id, afterStep: 2_000)
        #expect(try store.points(run: registered.id, metric: .trainLoss).count == 2_000)
        #expect(try store.run(registered.id)?.bestStep == 2_000)
        try record(temporary, run: registered.id, steps: 2_001...5_000, finishing: true)
        #expect(try store.points(run: registered.id, metric: .trainLoss).map(\.step) == Array(1...5_000))
        #expect(try store.points(run: registered.id, metric: .validationLoss).map(\.step) == [1_000, 2_000, 3_000, 4_000, 5_000])
    }

    @Test func aStepIsRecordedWhenWhatFollowsItIs() throws {
        let store = try RunStore(temporary.workspace)
        let run = try store.register(makeRecord("aaaa0001")).id
        #expect(try store.recordedStep(of: run) == nil)
        // Killed after a step's loss and before its evaluation was written.
        try record(temporary, run: run, steps: 1...3_000, finishing: false)
        #expect(try store.recordedStep(of: run) == 2_999)
        try store.apply(.job(.checkpointSaved(CheckpointSaved(step: 2_000, epoch: 1, isBest: true, path: "p"))), to: run)
        #expect(try store.recordedStep(of: run) == 2_999)
        try store.apply(.job(.checkpointSaved(CheckpointSaved(step: 3_000, epoch: 1, isBest: false, path: "p"))), to: run)
        #expect(try store.recordedStep(of: run) == 3_000)
    }

    @Test func namesAreMadeUnique() throws {
        let store = try RunStore(temporary.workspace)
        let names = try (1...3).map { try store.register(makeRecord("aaaa000\($0)", name: "adam")).name }
        #expect(names == ["adam", "adam-2", "adam-3"])
    }

    @Test func aRunIsFoundByNameIdPrefixAndAlias() throws {
        let store = try RunStore(temporary.workspace)
        _ = try store.register(makeRecord("aaaa0001", name: "adam"))
        _ = try store.register(makeRecord("bbbb0002", name: "adam-big"))
        #expect(try store.run(named: "adam").record.id == RunID("aaaa0001"))
        #expect(try store.run(named: "bb").record.id == RunID("bbbb0002"))
        #expect(try store.run(named: "@latest").record.id == RunID("bbbb0002"))
        let ambiguous = #expect(throws: StoreError.self) { try store.run(named: "ada") }
        #expect(ambiguous?.code == .ambiguous)
        #expect(ambiguous?.message == "'ada' could be adam-big, adam: type more of it")
        #expect(#expect(throws: StoreError.self) { try store.run(named: "zz") }?.code == .notFound)
        #expect(#expect(throws: StoreError.self) { try store.run(named: "@best") }?.code == .notFound)
    }

    @Test func aRunWhoseProcessIsGoneReadsAsInterruptedAndCanBeClaimed() throws {
        let store = try RunStore(temporary.workspace)
        let registered = try store.register(makeRecord("aaaa0001"))
        try record(temporary, run: registered.id, steps: 1...100, finishing: false)
        #expect(try store.run(registered.id)?.status == .inProgress)
        try temporary.executeSQL("UPDATE runs SET owner = '1:99999999999'")
        let summary = try #require(try store.run(registered.id))
        #expect(summary.status == .stopped)
        #expect(summary.reason == .interrupted)
        #expect(try store.claim(registered.id).record.id == registered.id)
    }

    @Test func aRunThatAnotherLiveProcessTrainsCannotBeClaimed() throws {
        let store = try RunStore(temporary.workspace)
        let registered = try store.register(makeRecord("aaaa0001"))
        let parent = try #require(ProcessMark(processID: getppid()))
        try temporary.executeSQL("UPDATE runs SET owner = '\(parent.text)'")
        let error = #expect(throws: StoreError.self) { try store.claim(registered.id) }
        #expect(error?.code == .alreadyRunning)
    }

    @Test func aRunIsClaimedOnceAlsoBeforeItsJobBegins() throws {
        let store = try RunStore(temporary.workspace)
        let registered = try store.register(makeRecord("aaaa0001"))
        try record(temporary, run: registered.id, steps: 1...100, finishing: true)
        let known = try #require(try store.run(registered.id))
        #expect(known.status.isFinal)
        #expect(try store.claim(registered.id, knownAs: known).status == known.status)
        #expect(try store.run(registered.id)?.status == .pending)
        // As another process sees it, at once and when the first is done.
        let parent = try #require(ProcessMark(processID: getppid()))
        try temporary.executeSQL("UPDATE runs SET owner = '\(parent.text)'")
        let early = #expect(throws: StoreError.self) { try store.claim(registered.id, knownAs: known) }
        #expect(early?.message.contains("is being trained by process \(getppid()): stop it there first") == true)
        try temporary.executeSQL("UPDATE runs SET status = '\(known.status.rawValue)', step = step + 50")
        let late = #expect(throws: StoreError.self) { try store.claim(registered.id, knownAs: known) }
        #expect(late?.message.contains("was trained by another process in the meantime") == true)
    }

    @Test func theBinHidesARunAndGivesItBack() throws {
        let store = try RunStore(temporary.workspace)
        let registered = try store.register(makeRecord("aaaa0001"))
        try store.apply(.run(.deleted), to: registered.id)
        #expect(try store.runs().isEmpty)
        #expect(try store.runs(includingDeleted: true).count == 1)
        try store.apply(.run(.restored), to: registered.id)
        #expect(try store.runs().count == 1)
        try store.erase(registered.id)
        #expect(try store.runs(includingDeleted: true).isEmpty)
    }

    @Test func changesOfAnotherConnectionAreFoundByTheirNumber() throws {
        let reader = try RunStore(temporary.workspace)
        let writer = try RunStore(temporary.workspace)
        _ = try writer.register(makeRecord("aaaa0001"))
        let seen = try reader.changeNumber()
        #expect(try reader.runs(changedAfter: seen).isEmpty)
        _ = try writer.register(makeRecord("bbbb0002", name: "other"))
        #expect(try reader.runs(changedAfter: seen).map(\.record.name) == ["other"])
    }

    @Test func aFileThatIsNoDatabaseIsRefusedInWords() throws {
        let path = temporary.workspace.databasePath
        unlink(path)
        let file = try #require(fopen(path, "w"))
        fputs(String(repeating: "not a database ", count: 100), file)
        fclose(file)
        let error = #expect(throws: StoreError.self) { try Workspace(path: temporary.workspace.path) }
        #expect(error?.code == .corrupt)
        #expect(error?.description.contains("is damaged or no workspace: `descent doctor --recover`") == true)
    }

    @Test func aFolderThatCannotBeMadeIsRefusedInWords() {
        let error = #expect(throws: StoreError.self) { try Workspace(path: "/proc/nothing/here") }
        #expect(error?.message == "cannot make the folder /proc/nothing/here: choose another with --workspace")
    }

    @Test(.timeLimit(.minutes(1))) func theWatcherSeesAnotherProcessesWrite() throws {
        let seen = Atomic<Bool>(false)
        let watcher = try WorkspaceWatcher(temporary.workspace) { seen.store(true, ordering: .releasing) }
        while !seen.load(ordering: .acquiring) {
            try temporary.executeSQL("UPDATE counter SET change = change + 1")
            usleep(20_000)
        }
        watcher.close()
    }
}

extension TemporaryWorkspace {
    /// Changes the workspace as another program would.
    func executeSQL(_ sql: String) throws {
        try ExternalSQLite.execute(sql, path: workspace.databasePath)
    }
}
