import Databases
import Events
import Experiments
import Testing

@Suite struct RunEditTests {
    private let temporary: TemporaryWorkspace
    private let store: RunStore

    init() throws {
        temporary = try TemporaryWorkspace()
        store = try RunStore(temporary.workspace)
    }

    @Test func editsAreKeptAndStandAmongTheRunsEvents() throws {
        _ = try store.register(makeRecord("a"))
        let edit = RunEdit(name: "baseline", tags: ["x", "y"], note: "good", isArchived: true)
        try store.apply(.run(.edited(edit)), to: RunID("a"))
        let run = try store.run(named: "baseline")
        #expect(RunEdit(of: run) == edit)
        #expect(try store.events(of: RunID("a")).map(\.kind) == [.run(.edited(edit))])
    }

    @Test func aNameThatIsTakenIsRefusedAndNothingChanges() throws {
        _ = try store.register(makeRecord("a", name: "first"))
        _ = try store.register(makeRecord("b", name: "second"))
        let error = #expect(throws: StoreError.self) {
            try store.apply(.run(.edited(RunEdit(name: "first", note: "x"))), to: RunID("b"))
        }
        #expect(error?.code == .nameTaken)
        #expect(try store.run(RunID("b"))?.record.name == "second")
        #expect(try store.run(RunID("b"))?.note == "")
    }

    @Test func whatAnotherProcessSaysAboutATrainingRunIsNotOverwritten() throws {
        let record = try store.register(makeRecord("a", name: "first"))
        let bus = EventBus(collectsEvery: 100)
        let recorder = try StoreRecorder(temporary.workspace) { news, _ in Issue.record("\(news)") }
        bus.subscribe(recorder)
        let channel = bus.makeChannel(run: record.id, metrics: [.trainLoss, .validationLoss])
        channel.record(1, 5, step: 1, epoch: 0.1)
        bus.flush()
        recorder.flush()
        // Straight to the workspace, as another process does it.
        try store.apply(.run(.edited(RunEdit(name: "renamed", tags: ["t"], note: "n", isArchived: true))), to: record.id)
        channel.record(1, 3, step: 2, epoch: 0.2)
        channel.record(1, 4, step: 3, epoch: 0.3)
        bus.post(.run(.registered(record)), run: record.id)
        channel.close()
        bus.flush()
        bus.close()
        recorder.close()
        let run = try #require(try store.run(record.id))
        #expect(RunEdit(of: run) == RunEdit(name: "renamed", tags: ["t"], note: "n", isArchived: true))
        #expect(run.step == 3)
        #expect(run.metricRanges[.validationLoss] == MetricRange(low: 3, lowStep: 2, high: 5, highStep: 1))
        #expect(run.sketch.values == [5, 3, 4])
    }

    @Test func aWorkspaceFromBeforeRangesIsReadWithRangesFromItsCurves() throws {
        let record = try store.register(makeRecord("a"))
        let bus = EventBus(collectsEvery: 100)
        let recorder = try StoreRecorder(temporary.workspace) { news, _ in Issue.record("\(news)") }
        bus.subscribe(recorder)
        let channel = bus.makeChannel(run: record.id, metrics: [.validationLoss])
        for (step, value) in [0.5, 0.2, 0.9].enumerated() { channel.record(0, value, step: step + 1, epoch: 0) }
        channel.close()
        bus.flush()
        bus.close()
        recorder.close()
        // As it was before the migration.
        let sql = """
            DROP VIEW v_runs; DROP VIEW v_metrics; DROP VIEW v_hyperparameters; DROP VIEW v_curves; DROP VIEW v_models;
            DELETE FROM migrations WHERE name = '0033-views';
            DROP INDEX runs_created; ALTER TABLE runs DROP COLUMN is_archived; ALTER TABLE runs DROP COLUMN metric_ranges;
            ALTER TABLE runs DROP COLUMN sketch; DELETE FROM migrations WHERE name = '0003-summaries';
            """
        try ExternalSQLite.execute(sql, path: temporary.workspace.databasePath)
        let run = try #require(try RunStore(temporary.workspace).run(record.id))
        #expect(run.metricRanges == [.validationLoss: MetricRange(low: 0.2, lowStep: nil, high: 0.9, highStep: nil)])
        #expect(run.bestObjective == 0.2)
        #expect(!run.isArchived)
    }
}
