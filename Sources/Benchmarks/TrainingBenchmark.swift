import Debugging
import Events
import Experiments
import Glibc
import Learners
import Tables
import Training

/// What being watched and recorded costs training.
enum TrainingBenchmark {
    /// The same training bare, and as a job does it with bus, store, debugger, a screen's mailbox and checkpoints, in turn.
    static func watched(_ folder: String, rowCount: Int, repetitions: Int) throws {
        let path = folder + "/rows.csv"
        try Rows.write(Rows.logistic(rowCount: rowCount, featureCount: 28), to: path)
        let request = JobRequest(
            datasetPath: path, target: "y", algorithm: "linear-learner",
            hyperparameters: [
                "epochs": String(10_000_000 / rowCount), "mini_batch_size": String(max(1, rowCount / 100)),
                "early_stopping_patience": "1000",
            ], seed: 7)
        let preparation = try Preparation(request: request)
        var bare: [Double] = [], recorded: [Double] = []
        for round in 0..<repetitions {
            bare.append(try secondsBare(request, preparation))
            recorded.append(try secondsRecorded(request, preparation, folder: "\(folder)/workspace\(round)"))
        }
        let medians = (Measurement.quantile(bare, 0.5), Measurement.quantile(recorded, 0.5))
        Measurement.report(
            "watched",
            [
                "bare_cpu_s": medians.0, "recorded_cpu_s": medians.1, "cost_percent": 100 * (medians.1 / medians.0 - 1),
                "best_cost_percent": 100 * ((recorded.min() ?? 0) / (bare.min() ?? 1) - 1),
                "system_sample_us": secondsOfSystemReading() * 1e6,
            ])
    }

    /// CPU seconds that looking at process and machine takes, which the sampler's own thread does once a second.
    private static func secondsOfSystemReading() -> Double {
        let start = Measurement.threadSeconds()
        for _ in 0..<1000 { _ = SystemReading() }
        return (Measurement.threadSeconds() - start) / 1000
    }

    /// CPU seconds of the training thread: steps, and an evaluation an epoch.
    private static func secondsBare(_ request: JobRequest, _ preparation: Preparation) throws -> Double {
        let trainer = try Algorithms.train(request, on: preparation).trainer
        let start = Measurement.threadSeconds()
        while !trainer.isFinished {
            _ = trainer.trainStep()
            if trainer.step % trainer.stepsPerEpoch == 0 { _ = trainer.evaluate() }
        }
        return Measurement.threadSeconds() - start
    }

    /// CPU seconds of the training thread when every step is recorded, as in a job.
    static func secondsRecorded(_ request: JobRequest, _ preparation: Preparation, folder: String) throws -> Double {
        let workspace = try Workspace(path: folder)
        let bus = EventBus()
        let recorder = try StoreRecorder(workspace) { news, _ in print(news) }
        bus.subscribe(recorder)
        bus.subscribe(Mailbox(policy: .merging(limit: 200_000)))
        let debugger = try Debugger(bus: bus)
        let record = RunRecord(
            id: RunID("bench001"), name: "bench", experiment: "bench", algorithm: request.algorithm, request: request,
            hyperparameters: [:], objective: Objective(metric: .validationLoss, minimises: true), seed: 7,
            dataFingerprint: "", gitRevision: nil, version: "bench", createdAt: 0, processID: getpid())
        _ = try RunStore(workspace).register(record)
        bus.post(.run(.registered(record)), run: record.id)
        let meter = JobMeter()
        var session = try TrainingSession(
            plan: JobPlan(record: record, artifactFolder: workspace.artifactFolder(of: "bench001")), preparation: preparation,
            bus: bus, meter: meter)
        let sampler = SystemSampler(run: record.id, bus: bus, meter: meter)
        let start = Measurement.threadSeconds()
        while !session.isFinished { try session.step() }
        let seconds = Measurement.threadSeconds() - start
        sampler.end()
        session.close()
        debugger.close()
        bus.close()
        recorder.close()
        return seconds
    }
}
