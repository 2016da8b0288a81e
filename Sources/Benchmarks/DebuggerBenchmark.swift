import Debugging
import Events
import Glibc

/// What looking for faults costs the debugger's thread.
enum DebuggerBenchmark {
    static func run() throws {
        try measure("debugger/steps", sampleCount: 2_000_000, batchSize: 1_000, evaluatedEvery: nil)
        try measure("debugger/small-batches", sampleCount: 500_000, batchSize: 20, evaluatedEvery: nil)
        try measure("debugger/evaluations", sampleCount: 1_000_000, batchSize: 1_000, evaluatedEvery: 10)
    }

    /// CPU time a sample of healthy runs whose rules all go on looking.
    /// - Parameters:
    ///   - batchSize: samples in a delivery of the bus.
    ///   - interval: steps between two evaluations of ten metrics; nil = none.
    private static func measure(_ name: String, sampleCount: Int, batchSize: Int, evaluatedEvery interval: Int?) throws {
        let bus = EventBus()
        let debugger = try Debugger(bus: bus)
        let first = batches(of: RunID("bench000"), sampleCount: sampleCount, batchSize: batchSize, evaluatedEvery: interval)
        var seconds: [Double] = []
        for round in 0..<5 {
            let record = RunRecord(
                id: RunID("bench00\(round)"), name: "bench", experiment: "bench", algorithm: "linear-learner",
                request: JobRequest(datasetPath: "a.csv", target: "y", algorithm: "linear-learner"),
                hyperparameters: ["learning_rate": "0.1", "epochs": "100"],
                objective: Objective(metric: .validationLoss, minimises: true), seed: 7, dataFingerprint: "", gitRevision: nil,
                version: "bench", createdAt: 0, processID: getpid())
            bus.post(.run(.registered(record)), run: record.id)
            debugger.flush()
            var batches = first
            for index in batches.indices {
                for group in batches[index].samples.indices { batches[index].samples[group].run = record.id }
            }
            let start = Measurement.processSeconds()
            for (place, batch) in batches.enumerated() {
                debugger.deliver(batch)
                // The bus leaves the debugger time between two deliveries, so that they do not pile up.
                if place % 10 == 9 { debugger.flush() }
            }
            debugger.flush()
            seconds.append(Measurement.processSeconds() - start)
        }
        debugger.close()
        bus.close()
        let count = Double(first.reduce(0) { $0 + $1.sampleCount })
        Measurement.report(
            name, ["sample_ns": Measurement.quantile(seconds, 0.5) / count * 1e9, "best_ns": (seconds.min() ?? 0) / count * 1e9])
    }

    private static func batches(
        of run: RunID, sampleCount: Int, batchSize: Int, evaluatedEvery interval: Int?
    ) -> [EventBatch] {
        let evaluated = [MetricName.validationLoss] + (0..<9).map { MetricName("validation:metric\($0)") }
        var batches: [EventBatch] = [], sequence: UInt64 = 1_000, step = 0, count = 0
        while count < sampleCount {
            var losses: [MetricSample] = [], evaluations: [MetricSample] = []
            while losses.count + evaluations.count < batchSize {
                step += 1
                sequence += 1
                let epoch = Double(step) / 1_000
                let value = 0.3 + 100 / Double(step + 100) + 0.01 * Double(step % 17)
                losses.append(MetricSample(sequence: sequence, metric: 0, step: step, epoch: epoch, wallTime: 0, value: value))
                guard let interval, step % interval == 0 else { continue }
                sequence += 1
                for metric in evaluated.indices {
                    evaluations.append(
                        MetricSample(
                            sequence: sequence, metric: Int32(truncatingIfNeeded: metric), step: step, epoch: epoch, wallTime: 0,
                            value: 0.3 + 100 / Double(step + 100)))
                }
            }
            count += losses.count + evaluations.count
            var batch = EventBatch(samples: [RunSamples(run: run, metrics: [.trainLoss], samples: losses)])
            if !evaluations.isEmpty { batch.samples.append(RunSamples(run: run, metrics: evaluated, samples: evaluations)) }
            batches.append(batch)
        }
        return batches
    }
}
