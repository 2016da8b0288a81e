import Cells
import Events
import Studio

/// A studio in the middle of an afternoon, made of recorded events: two runs train, one is paused, one failed, one is done.
enum SampleStudio {
    static let start = 1_790_000_000.0

    static func empty(_ width: Int, _ height: Int, settings: Settings = Settings()) -> AppState {
        AppState(
            settings: settings, algorithms: algorithms, size: Size(width: width, height: height), now: start,
            workspaceName: "churn", readOptions: readOptions)
    }

    static func busy(_ width: Int, _ height: Int, settings: Settings = Settings()) -> AppState {
        var state = empty(width, height, settings: settings)
        let names = ["ocean", "paper-light"]
        _ = reduce(into: &state, .themesListed(["descent-dark"] + names))
        for action in recording { _ = reduce(into: &state, action) }
        return state
    }

    /// What the bus and the store said, in order.
    static var recording: [Action] {
        var actions: [Action] = [
            .events([event(nil, .dataset(.profiled(churn)), 1), event(nil, .dataset(.profiled(insurance)), 2)], []),
            .events([event(nil, .dataset(.failed(path: "data/broken.csv", message: brokenMessage)), 3)], []),
        ]
        for (index, run) in runs.enumerated() {
            let time = Double(10 + index)
            actions.append(
                .events(
                    [
                        event(run.record.id, .run(.registered(run.record)), time),
                        event(
                            run.record.id,
                            .job(.statusChanged(JobStatusChange(status: .inProgress, phase: .training, plannedSteps: 4000))),
                            time + 1),
                    ], []))
            actions.append(.events([], [samples(run)]))
        }
        actions.append(.events(endings, []))
        actions.append(.systemSampled(cpuPercent: 41, residentBytes: 182_000_000))
        actions.append(.systemSampled(cpuPercent: 87, residentBytes: 186_000_000))
        actions.append(.systemSampled(cpuPercent: 93, residentBytes: 190_000_000))
        actions.append(.tick(now: start + 240))
        return actions
    }

    static let brokenMessage =
        "data/broken.csv:17:4: this row has 6 fields, the header has 5: quote the field that holds a comma"

    // MARK: - Runs

    struct Sample: Sendable {
        var record: RunRecord
        var loss: @Sendable (Double) -> Double
        var steps: Int
    }

    static let runs: [Sample] = [
        Sample(
            record: record("k3m7p2qa", "logreg", "linear-learner", ["learning_rate": "0.1"], created: 0),
            loss: { 0.383 + 0.35 * pow2(-$0 * 6) + wave($0 * 31) * 0.01 }, steps: 4000),
        Sample(
            record: record("x9d4t8vb", "xgb-depth6", "xgboost", ["max_depth": "6"], created: 20),
            loss: { 0.298 + 0.4 * pow2(-$0 * 9) + wave($0 * 17) * 0.006 }, steps: 2600),
        Sample(
            record: record(
                "a1n5s6wc", "adam-0.01", "neural-network", ["learning_rate": "0.01", "optimizer": "adam"], created: 40),
            loss: { 0.31 + 0.5 * pow2(-$0 * 5) + wave($0 * 23) * 0.015 }, steps: 3120),
        Sample(
            record: record("s5g0d8xe", "sgd-0.5", "neural-network", ["learning_rate": "0.5", "optimizer": "sgd"], created: 60),
            loss: { 0.68 - 0.2 * pow2(-$0 * 4) + wave($0 * 40) * 0.06 }, steps: 2210),
        Sample(
            record: record("f0h2j7yf", "no-such-column", "linear-learner", [:], created: 80), loss: { _ in 0 }, steps: 0),
    ]

    private static var endings: [StudioEvent] {
        let ids = runs.map(\.record.id)
        return [
            event(ids[0], .job(.checkpointSaved(CheckpointSaved(step: 3600, epoch: 18, isBest: true, path: "a"))), 100),
            event(
                ids[0],
                .job(
                    .finished(
                        JobResult(
                            name: "logreg", status: .completed, reason: .maxEpochs, bestStep: 3600,
                            metrics: [MetricName("validation:log_loss"): 0.383]))), 101),
            event(ids[1], .job(.statusChanged(JobStatusChange(status: .paused, plannedSteps: 4000))), 110),
            event(ids[2], .job(.checkpointSaved(CheckpointSaved(step: 2000, epoch: 10, isBest: false, path: "b"))), 119),
            event(ids[2], .job(.checkpointSaved(CheckpointSaved(step: 3000, epoch: 15, isBest: true, path: "b"))), 120),
            event(ids[2], .job(.progressReported(JobProgress(step: 3120, plannedSteps: 4000, rowsPerSecond: 26_400))), 121),
            event(ids[3], .job(.progressReported(JobProgress(step: 2210, plannedSteps: 4000, rowsPerSecond: 14_800))), 122),
            event(ids[3], .debugger(.alertRaised(orderAlert)), 123),
            event(ids[3], .debugger(.alertRaised(plateauAlert)), 130),
            event(
                ids[4],
                .job(
                    .finished(
                        JobResult(
                            name: "no-such-column", status: .failed,
                            reason: EndReason("the file has no column “churn”: choose one of churned, tenure, plan"),
                            bestStep: nil,
                            metrics: [:]))), 131),
        ]
    }

    static let orderAlert = Alert(
        rule: "DataOrder", severity: .issue, step: 120, summary: "rows arrive sorted by churned (z = 133 > 4)",
        evidence: [.init("z", 133.2), .init("threshold", 4)],
        cause: "Training sees one class at a time: each batch undoes what the one before it taught.",
        remedies: [
            .init("Shuffle the rows before each epoch.", set: ["shuffle": "true"]),
            .init("Take larger batches, so that each holds both classes.", set: ["mini_batch_size": "1000"]),
        ])

    static let plateauAlert = Alert(
        rule: "LossNotDecreasing", severity: .warning, step: 1480, summary: "loss fell by 0.2 % in 500 steps (< 1 %)",
        evidence: [.init("relative_change", 0.002), .init("threshold", 0.01)],
        cause: "The learning rate is too high for the optimiser to settle.",
        remedies: [.init("Lower the learning rate.", set: ["learning_rate": "0.05"])])

    private static func samples(_ run: Sample) -> RunSamples {
        let metrics = [MetricName("train:log_loss"), MetricName("validation:log_loss"), MetricName("validation:accuracy")]
        var samples: [MetricSample] = []
        for step in stride(from: 10, through: run.steps, by: 10) {
            let share = Double(step) / 4000, epoch = share * 20, time = start + 10 + share * 200
            let train = run.loss(share) * (0.96 - 0.05 * share)
            samples.append(sample(step, 0, step, epoch, time, train))
            if step.isMultiple(of: 200) {
                samples.append(sample(step, 1, step, epoch, time, run.loss(share)))
                samples.append(sample(step, 2, step, epoch, time, 1 - run.loss(share) / 2))
            }
        }
        return RunSamples(run: run.record.id, metrics: metrics, samples: samples)
    }

    private static func sample(_ sequence: Int, _ metric: Int32, _ step: Int, _ epoch: Double, _ time: Double, _ value: Double)
        -> MetricSample
    {
        MetricSample(
            sequence: UInt64(sequence), metric: metric, step: step, epoch: epoch, wallTime: time, value: value)
    }

    private static func event(_ run: RunID?, _ kind: StudioEvent.Kind, _ time: Double) -> StudioEvent {
        StudioEvent(sequence: UInt64(time * 10), wallTime: start + time, run: run, kind: kind)
    }

    private static func record(
        _ id: String, _ name: String, _ algorithm: String, _ values: [String: String], created: Double
    ) -> RunRecord {
        let request = JobRequest(
            datasetPath: "data/churn.csv", target: "churned", algorithm: algorithm, hyperparameters: values,
            experiment: "retention", seed: 7)
        let resolved = values.merging(["mini_batch_size": "100", "epochs": "20", "shuffle": "false"]) { set, _ in set }
        var record = RunRecord(
            id: RunID(id), name: name, experiment: "retention", algorithm: algorithm, request: request,
            hyperparameters: resolved,
            objective: Objective(metric: MetricName("validation:log_loss"), minimises: true), seed: 7,
            dataFingerprint: "9f86d081884c7d65", gitRevision: "4fe05a4", version: "1.0", createdAt: start + created,
            processID: 4242)
        record.number = Int(created / 20)
        return record
    }

    // Smooth shapes that are the same on every machine.
    static func wave(_ x: Double) -> Double {
        let phase = x - x.rounded(.down)
        return phase < 0.5 ? 4 * phase - 1 : 3 - 4 * phase
    }

    private static func pow2(_ x: Double) -> Double {
        var result = 1.0
        var left = x
        while left <= -1 {
            result /= 2
            left += 1
        }
        return result * (1 + left * 0.5)
    }
}

extension AppState {
    /// Answers a query as the program would.
    mutating func give<Query: StudioQuery>(_ query: Query, _ answer: Query.Answer) {
        _ = reduce(into: &self, .answered(self.answer(to: query, answer)))
    }
}
