import Events
import Experiments
import Glibc

/// Large workspaces: made, and opened.
enum StoreBenchmark {
    /// A workspace of many finished runs, for the first frame.
    static func make(_ path: String, runCount: Int) throws {
        let store = try RunStore(try Workspace(path: path))
        for index in 0..<runCount {
            let record = Self.record(name: "run-\(index)", seed: UInt64(index), createdAt: Double(index))
            let registered = try store.register(record)
            let tags = index % 5 == 0 ? ["baseline"] : index % 11 == 0 ? ["paper", "wide"] : []
            if !tags.isEmpty { try store.apply(.run(.edited(RunEdit(tags: tags))), to: registered.id) }
            let metrics = Dictionary(uniqueKeysWithValues: (0..<12).map { (MetricName("validation:m\($0)"), Double($0)) })
            let recorded = MetricsRecorded(
                step: 3, epoch: 1, values: metrics.merging([.validationLoss: Double(index % 97)]) { $1 })
            try store.apply(.sample(.metricsRecorded(recorded)), to: registered.id)
            let result = JobResult(
                name: registered.name, status: .completed, reason: .maxEpochs, bestStep: 3,
                metrics: metrics.merging([.validationLoss: Double(index % 97)]) { $1 })
            try store.apply(.job(.finished(result)), to: registered.id)
        }
    }

    /// A run as it is registered.
    static func record(name: String, seed: UInt64, createdAt: Double) -> RunRecord {
        RunRecord(
            id: RunID(name), name: name, experiment: "e\(seed % 7)", algorithm: "linear-learner",
            request: JobRequest(datasetPath: "a.csv", target: "y", algorithm: "linear-learner"),
            hyperparameters: ["learning_rate": "\(Double(seed) / 1000)", "epochs": "15", "mini_batch_size": "100"],
            objective: Objective(metric: .validationLoss, minimises: true), seed: seed, dataFingerprint: "00",
            gitRevision: nil, version: "bench", createdAt: createdAt, processID: 1)
    }

    /// A run of many points: recording it, and reading it back.
    static func longRun(_ path: String, pointCount: Int) throws {
        let workspace = try Workspace(path: path)
        let store = try RunStore(workspace)
        let record = Self.record(name: "long", seed: 0, createdAt: 0)
        _ = try store.register(record)
        let bus = EventBus()
        let recorder = try StoreRecorder(workspace) { news, _ in print(news) }
        bus.subscribe(recorder)
        let channel = bus.makeChannel(run: record.id, metrics: [.trainLoss])
        let start = Measurement.wallSeconds()
        for step in 0..<pointCount { channel.record(0, Double(step % 1000), step: step, epoch: 0) }
        channel.close()
        bus.close()
        recorder.close()
        let recorded = Measurement.wallSeconds() - start
        var spent = 0.0
        let times = try (0..<5).map { _ -> Double in
            let start = Measurement.wallSeconds(), cpu = Measurement.threadSeconds()
            defer { spent = Measurement.threadSeconds() - cpu }
            let count = try RunStore(workspace).points(run: record.id, metric: .trainLoss).count
            guard count == pointCount else { return .nan }
            return (Measurement.wallSeconds() - start) * 1000
        }
        Measurement.report(
            "store/long-run",
            [
                "points": Double(pointCount), "record_s": recorded, "open_ms": Measurement.quantile(times, 0.5),
                "open_cpu_ms": spent * 1000,
            ])
    }
}
