import Databases
import Events
import JSON
import TemporaryFolders
import Testing

@testable import Experiments

/// Runs that were stored before they said where they come from.
@Suite struct OriginTests {
    private let scratch: TemporaryFolder
    private let workspace: Workspace

    init() throws {
        scratch = try TemporaryFolder()
        workspace = try Workspace(path: scratch.path)
    }

    private func register(_ name: String, algorithm: String = "linear-learner", _ events: [StudioEvent.Kind]) throws {
        let store = try RunStore(workspace)
        let bus = EventBus()
        let recorder = try StoreRecorder(workspace)
        bus.subscribe(recorder)
        let record = try store.register(
            RunRecord(
                id: RunID(name), name: name, experiment: "e", algorithm: algorithm,
                request: JobRequest(datasetPath: "a.csv", target: "y", algorithm: algorithm), hyperparameters: ["origin": "x"],
                objective: Objective(metric: .trainLoss, minimises: true), seed: 0, dataFingerprint: "", gitRevision: nil,
                version: "0", createdAt: 1, processID: 1))
        bus.post(.run(.registered(record)), run: record.id)
        for event in events { bus.post(event, run: record.id) }
        bus.flush()
        recorder.flush()
        bus.close()
        recorder.close()
    }

    private func measure(_ name: String) throws {
        let bus = EventBus()
        let recorder = try StoreRecorder(workspace)
        bus.subscribe(recorder)
        let channel = bus.makeChannel(run: RunID(name), metrics: [.trainLoss], capacity: 16)
        channel.record(0, 0.5, step: 1, epoch: 1, at: 1)
        channel.close()
        bus.flush()
        recorder.flush()
        bus.close()
        recorder.close()
    }

    /// Makes the workspace what it was before runs said it.
    private func undo() throws {
        let database = try Database(path: workspace.path + "/descent.sqlite")
        for run in try RunStore(workspace).runs() {
            let known = run.record.json.members ?? []
            let old = JSONValue.object(known.filter { !["origin", "log", "loggedNames"].contains($0.name) }).text
            try database.run("UPDATE runs SET record = ? WHERE id = ?", [.text(old), .text(run.record.id.text)])
        }
        try database.run("DELETE FROM migrations WHERE name = '0005-origins'")
    }

    @Test func areToldByWhatTheirJobsNeverSaid() throws {
        let summary = TrainingDataSummary(
            rowCount: 10, featureCount: 3, validationRowCount: 2, target: "y", isShuffled: false, isNormalised: true, orderZ: 0,
            scaleRatio: 1, widestFeature: "a", narrowestFeature: "b")
        let training = StudioEvent.Kind.job(.statusChanged(JobStatusChange(status: .inProgress, phase: .training)))
        try register("trained", [.job(.statusChanged(JobStatusChange(status: .inProgress, phase: .starting))), training])
        try register("summed", [training, .job(.trainingDataSummarised(summary))])
        try register("watched", [training])
        try register("queued", [])
        try register("foreign", algorithm: "tensorboard", [])
        for name in ["trained", "summed", "watched"] { try measure(name) }
        #expect(try RunStore(workspace).runs().allSatisfy { $0.record.origin == .trained })
        try undo()
        let origins = Dictionary(uniqueKeysWithValues: try RunStore(workspace).runs().map { ($0.record.name, $0.record.origin) })
        #expect(
            origins == [
                "trained": .trained, "summed": .trained, "watched": .watched, "queued": .trained, "foreign": .watched,
            ])
        #expect(try RunStore(workspace).run(named: "watched").record.hyperparameters == ["origin": "x"])
        #expect(throws: StoreError.self) { try RunStore(workspace).claim(RunID("watched")) }
        #expect(throws: StoreError.self) { try RunStore(workspace).truncate(RunID("watched"), afterStep: 0) }
        _ = try RunStore(workspace).claim(RunID("trained"))
    }
}
