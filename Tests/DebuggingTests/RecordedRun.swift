import Events

/// Numbers that look random and are the same on every machine.
struct Chance {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    /// In [0, 1).
    mutating func uniform() -> Double {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return Double(state >> 11) / Double(1 << 53)
    }

    /// From about −3 to 3, as a normal distribution has them.
    mutating func normal() -> Double { (0..<12).reduce(-6.0) { sum, _ in sum + uniform() } }

    /// In 0..<limit.
    mutating func index(below limit: Int) -> Int { min(limit - 1, Int(uniform() * Double(limit))) }
}

/// What happened to one run, in order.
struct RecordedRun {
    enum Fact {
        case event(StudioEvent.Kind)
        /// Values of one step that belong to one event, by the channel's metrics.
        case values([Double], of: [MetricName], step: Int, epoch: Double)
    }

    static let stepsPerEpoch = 20

    let record: RunRecord
    var facts: [Fact] = []

    init(_ name: String, _ hyperparameters: [String: String] = [:], objective: MetricName = .validationLoss) {
        record = RunRecord(
            id: RunID(name), name: name, experiment: "e", algorithm: "linear-learner",
            request: JobRequest(datasetPath: "a.csv", target: "y", algorithm: "linear-learner"),
            hyperparameters: ["learning_rate": "0.1", "shuffle": "true", "normalize_data": "true", "epochs": "15"].merging(
                hyperparameters
            ) { $1 },
            objective: Objective(metric: objective, minimises: true), seed: 0, dataFingerprint: "", gitRevision: nil,
            version: "test", createdAt: 0, processID: 0)
        facts = [.event(.run(.registered(record)))]
    }

    mutating func summarise(isShuffled: Bool = true, isNormalised: Bool = true, z: Double = 0, ratio: Double = 1) {
        let summary = TrainingDataSummary(
            rowCount: 1000, featureCount: 3, validationRowCount: 100, target: "churned", isShuffled: isShuffled,
            isNormalised: isNormalised, orderZ: z, scaleRatio: ratio, widestFeature: "assets", narrowestFeature: "fee")
        facts.append(.event(.job(.trainingDataSummarised(summary))))
    }

    /// Training losses one a step, and at each epoch's end an evaluation that has a validation loss.
    mutating func train(_ losses: [Double], from first: Int = 1, validation: (Int) -> Double) {
        let evaluated = [MetricName("validation:rmse"), .validationLoss, MetricName("train:accuracy")]
        for (index, loss) in losses.enumerated() {
            let step = first + index, epoch = Double(step) / Double(Self.stepsPerEpoch)
            facts.append(.values([loss], of: [.trainLoss], step: step, epoch: epoch))
            if step % 7 == 0 {
                facts.append(.values([50], of: [SystemMetric.cpuPercent.name], step: step, epoch: epoch))
            }
            guard step % Self.stepsPerEpoch == 0 else { continue }
            let value = validation(step / Self.stepsPerEpoch)
            facts.append(.values([value * 2, value, 0.5], of: evaluated, step: step, epoch: epoch))
        }
    }

    mutating func end(_ status: JobStatus = .completed, reason: EndReason = .maxEpochs) {
        facts.append(.event(.job(.statusChanged(JobStatusChange(status: status, reason: reason)))))
    }
}

extension RecordedRun {
    static func healthy(_ count: Int, seed: UInt64, noise: Double) -> [Double] {
        var chance = Chance(seed), level = 1.0
        return (0..<count).map { _ in
            level *= 0.99
            return (0.3 + 0.7 * level) * (1 + noise * chance.normal())
        }
    }

    static func climbing(_ count: Int, by factor: Double) -> [Double] {
        var level = 0.3
        return (0..<count).map { _ in
            level *= factor
            return level
        }
    }

    /// One run for each thing a rule looks for, several with more than one, and some that are well.
    static let all: [RecordedRun] = {
        var runs: [RecordedRun] = []
        func add(_ run: RecordedRun, _ tell: (inout RecordedRun) -> Void) {
            var run = run
            tell(&run)
            runs.append(run)
        }
        add(RecordedRun("well")) {
            $0.summarise()
            $0.train(healthy(1_200, seed: 1, noise: 0.1)) { _ in 0.4 }
            $0.end()
        }
        add(RecordedRun("gross", ["normalize_data": "false"])) {
            $0.summarise(isNormalised: false, ratio: 1e6)
            $0.train((0..<60).map { 1 + Double($0) * 0.2 }) { 1 + Double($0) }
            $0.end(.stopped, reason: .stoppedByUser)
        }
        add(RecordedRun("climbs")) {
            $0.summarise()
            $0.train(healthy(800, seed: 3, noise: 0.03) + climbing(400, by: 1.01)) { 0.5 - 0.001 * Double($0) }
        }
        add(RecordedRun("flat", ["shuffle": "false"])) {
            $0.summarise(isShuffled: false, z: 133)
            $0.train((0..<200).map { 0.69 + 0.01 * Double($0 % 3) }) { _ in 0.7 }
            $0.end()
        }
        add(RecordedRun("overflows")) {
            $0.summarise()
            $0.train(healthy(332, seed: 5, noise: 0.1) + [.infinity, .nan, .nan, .nan]) { _ in 0.5 }
            $0.end(.failed, reason: EndReason("broken"))
        }
        add(RecordedRun("invalid")) {
            $0.summarise()
            $0.train(healthy(300, seed: 6, noise: 0.1)) { $0 < 9 ? 0.5 : .nan }
        }
        add(RecordedRun("overfits", ["lambda": "1"])) {
            $0.summarise()
            $0.train(healthy(400, seed: 7, noise: 0.02)) { $0 < 5 ? 1 - 0.1 * Double($0) : 0.55 + 0.05 * Double($0) }
            $0.end(reason: .earlyStopping)
        }
        add(RecordedRun("short")) {
            $0.summarise()
            $0.train(healthy(300, seed: 8, noise: 0.02)) { 1 / Double($0) }
            $0.end()
        }
        add(RecordedRun("everything", ["shuffle": "false", "normalize_data": "false"])) {
            $0.summarise(isShuffled: false, isNormalised: false, z: 40, ratio: 300)
            $0.train([Double](repeating: 0.7, count: 100) + climbing(60, by: 1.2) + [.nan]) { 1 / Double($0) }
            $0.end(.stopped, reason: .stoppedByUser)
            // Resumed, and judged by something else from then on.
            $0.facts += RecordedRun("everything", objective: .trainLoss).facts
            $0.train(healthy(300, seed: 9, noise: 0.01), from: 162) { _ in 0.3 }
            $0.end()
            // What comes after the end is nobody's.
            $0.train([.nan]) { _ in .nan }
        }
        add(RecordedRun("imported")) {
            for step in 1...40 {
                let values = [step < 9 ? 1 / Double(step) : 0.2 + 0.02 * Double(step), 1 / Double(step)]
                $0.facts.append(.values(values, of: [.validationLoss, .trainLoss], step: step, epoch: Double(step)))
            }
            $0.facts.append(.values([.nan, .infinity], of: [.validationLoss, .trainLoss], step: 41, epoch: 41))
            $0.end()
        }
        return runs
    }()
}
