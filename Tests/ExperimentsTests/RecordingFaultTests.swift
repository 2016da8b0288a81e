import Clocks
import Databases
import Events
import Glibc
import Synchronization
import TemporaryFolders
import Testing

@testable import Experiments

/// A recorder whose workspace cannot be written, and what is told of it.
@Suite struct RecordingFaultTests {
    private let temporary: TemporaryWorkspace
    private let store: RunStore

    init() throws {
        temporary = try TemporaryWorkspace()
        store = try RunStore(temporary.workspace)
    }

    /// What a recorder told, in order.
    private final class News: Sendable {
        private let kinds = Mutex<[StudioEvent.Kind]>([])
        func add(_ kind: StudioEvent.Kind) { kinds.withLock { $0.append(kind) } }
        var all: [StudioEvent.Kind] { kinds.withLock { $0 } }
        var stalls: [String] {
            all.compactMap { if case .workspace(.recordingStalled(let problem)) = $0 { problem.words } else { nil } }
        }
    }

    private func waitUntil(_ isSo: () -> Bool) throws {
        let limit = SteadyClock.nanoseconds() + 20_000_000_000
        while !isSo() {
            try #require(SteadyClock.nanoseconds() < limit, "not within twenty seconds")
            usleep(5_000)
        }
    }

    @Test(.timeLimit(.minutes(1))) func aWorkspaceThatIsMovedIsToldOnceAndGetsEverythingWhenItIsBack() throws {
        let record = try store.register(makeRecord("a"))
        let news = News(), bus = EventBus(collectsEvery: 100)
        let recorder = try StoreRecorder(temporary.workspace, onNews: { kind, _ in news.add(kind) })
        bus.subscribe(recorder)
        let channel = bus.makeChannel(run: record.id, metrics: [.trainLoss])
        channel.record(0, 1, step: 1, epoch: 0)
        bus.flush()
        #expect(recorder.flush())
        let path = temporary.workspace.databasePath
        #expect(rename(path, path + ".away") == 0)
        channel.record(0, 1, step: 2, epoch: 0)
        bus.flush()
        #expect(!recorder.flush(patience: 0.1))
        #expect(recorder.problem?.code == .gone)
        #expect(news.stalls == ["workspace gone"])
        #expect(rename(path + ".away", path) == 0)
        recorder.lookAtWorkspace()
        try waitUntil { news.all.last == .workspace(.recordingResumed) }
        #expect(recorder.flush())
        channel.close()
        bus.flush()
        bus.close()
        #expect(recorder.close().isEmpty)
        #expect(try store.points(run: record.id, metric: .trainLoss).map(\.step) == [1, 2])
    }

    @Test(.timeLimit(.minutes(1))) func closingSaysWhatIsLostAndUpToWhichStepItIsThere() throws {
        let record = try store.register(makeRecord("a", name: "adam"))
        let bus = EventBus(collectsEvery: 100)
        let recorder = try StoreRecorder(temporary.workspace)
        bus.subscribe(recorder)
        let channel = bus.makeChannel(run: record.id, metrics: [.trainLoss])
        for step in 1...120 { channel.record(0, 1, step: step, epoch: 0) }
        bus.flush()
        #expect(recorder.flush())
        unlink(temporary.workspace.databasePath)
        for step in 121...200 { channel.record(0, 1, step: step, epoch: 0) }
        channel.close()
        bus.flush()
        bus.close()
        #expect(recorder.close() == [RecordingLoss(run: record.id, name: "adam", recordedStep: 120)])
    }

    @Test func aWorkspaceThatIsGoneIsNotMadeAnewByWhoKnewIt() throws {
        for end in ["", "-wal", "-shm"] { unlink(temporary.workspace.databasePath + end) }
        let error = #expect(throws: StoreError.self) { try RunStore(temporary.workspace) }
        #expect(error?.code == .gone)
        #expect(#expect(throws: StoreError.self) { try StoreRecorder(temporary.workspace) }?.code == .gone)
        #expect(access(temporary.workspace.databasePath, F_OK) != 0)
    }

    @Test func aWorkspaceIsReadWhereNothingCanBeWritten() throws {
        _ = try store.register(makeRecord("a", name: "adam"))
        // As on a disk that is read only: neither the index of the log can be made nor anything locked.
        let folder = try TemporaryFolder()
        for end in ["", "-wal"] {
            try ExternalSQLite.copy(temporary.workspace.databasePath + end, to: folder.path + "/descent.sqlite" + end)
        }
        let database = try Database(path: folder.path + "/descent.sqlite", .readingAlone)
        try MigrationList.workspace.check(database)
        #expect(try database.rows("SELECT name FROM runs") { $0.text(0) } == ["adam"])
        #expect(access(folder.path + "/descent.sqlite-shm", F_OK) != 0)
        #expect(throws: StoreError.self) { try database.execute("DELETE FROM runs") }
    }

    @Test func thereIsNoWorkspaceWhereNobodyMadeOne() throws {
        let folder = try TemporaryFolder()
        for path in [folder.path, folder.path + "/none"] {
            #expect(#expect(throws: StoreError.self) { try Workspace(existing: path) }?.code == .noWorkspace)
            #expect(#expect(throws: StoreError.self) { try WorkspaceRecovery(path: path) }?.code == .noWorkspace)
        }
        #expect(access(folder.path + "/descent.sqlite", F_OK) != 0)
    }

    @Test func aRunCreatedAfterTheClockWasSetBackIsTheLatest() throws {
        var record = makeRecord("first", name: "first")
        record.createdAt = WallClock.now() + 30
        _ = try store.register(record)
        record = makeRecord("second", name: "second")
        record.createdAt = WallClock.now()
        let second = try store.register(record)
        #expect(try store.run(named: "@latest").record.name == "second")
        #expect(second.createdAt == record.createdAt)
        var summary = RunSummary(record: record)
        let phase = JobStatusChange(status: .inProgress, phase: .training)
        summary.apply(StudioEvent(sequence: 1, wallTime: 5_000, run: record.id, kind: .job(.statusChanged(phase))))
        let result = JobResult(name: "second", status: .completed, reason: .unsaid, bestStep: nil, metrics: [:])
        summary.apply(StudioEvent(sequence: 2, wallTime: 1_400, run: record.id, kind: .job(.finished(result))))
        #expect(summary.finishedAt == 5_000)
    }

    @Test func aRunComesBackFromItsFile() throws {
        let record = try store.register(makeRecord("a", name: "adam"))
        try Workspace.makeFolder(temporary.workspace.artifactFolder(of: "a"))
        let edited = try store.apply(.run(.edited(RunEdit(addedTags: ["x"], note: "n"))), to: record.id)
        #expect(RunFile.read(record.id, in: temporary.workspace) == edited)
        try temporary.executeSQL("DELETE FROM runs")
        #expect(try store.missingRuns() == [record.id])
        let outcome = try WorkspaceRecovery(path: temporary.workspace.path).recover { _ in nil }
        #expect(outcome.oldDatabase == nil)
        #expect(outcome.recovered.map(\.record.name) == ["adam"])
        let back = try #require(try store.run(record.id))
        #expect(back.tags == ["x"] && back.note == "n" && back.record.hyperparameters == record.hyperparameters)
        #expect(back.status == .stopped && back.reason == .interrupted)
    }
}
