import Cells
import Events

@testable import Studio

/// A search of two numbers and a word over the sample's studio: eleven trials ended, one runs.
extension SampleStudio {
    static let tuning = "t7m2k9aa"

    static var tuningRecord: TuningRecord {
        var job = JobRequest(
            datasetPath: "data/churn.csv", target: "churned", algorithm: "neural-network", hyperparameters: ["epochs": "20"],
            experiment: "retention", seed: 7)
        job.validationSplit = 0.25
        var request = TuningRequest(
            job: job,
            ranges: ["learning_rate=log:0.001:0.1", "mini_batch_size=int:8:128", "optimizer=cat:adam,sgd"],
            strategy: "bayesian", maxJobs: 20, maxParallelJobs: 2)
        (request.maxRuntime, request.stopsEarly) = (600, true)
        return TuningRecord(
            id: tuning, name: "tune-churn", request: request,
            objective: Objective(metric: MetricName("validation:log_loss"), minimises: true), createdAt: start)
    }

    static let tuningAxes = [
        TuningAxis(
            name: "learning_rate", range: "learning_rate=log:0.001:0.1",
            ticks: (0..<21).map { index in "\((pow10(Double(index) / 10 - 3) * 1e6).rounded() / 1e6)" }, isWord: false),
        TuningAxis(
            name: "mini_batch_size", range: "mini_batch_size=int:8:128", ticks: (0..<21).map { "\(8 + 6 * $0)" }, isWord: false),
        TuningAxis(name: "optimizer", range: "optimizer=cat:adam,sgd", ticks: ["adam", "sgd"], isWord: true),
    ]

    private static func pow10(_ exponent: Double) -> Double {
        // Two decades are all that is needed, and the same on every machine.
        let steps = [1, 1.258925, 1.584893, 1.995262, 2.511886, 3.162278, 3.981072, 5.011872, 6.309573, 7.943282]
        let tenths = Int(((exponent + 3) * 10).rounded())
        return steps[tenths % 10] * (tenths >= 20 ? 0.1 : tenths >= 10 ? 0.01 : 0.001)
    }

    static func trialRun(_ number: Int) -> RunID { RunID("trial\(number)") }

    static var tuningStanding: TuningStanding {
        var trials: [TuningTrial] = [], places: [Int: [Double?]] = [:]
        for number in 0..<12 {
            let first = Double(number * 7 % 12) / 11, second = Double(number * 5 % 12) / 11,
                word = number % 3 == 0 ? "sgd" : "adam"
            let values = [
                "learning_rate": tuningAxes[0].text(at: first), "mini_batch_size": tuningAxes[1].text(at: second),
                "optimizer": word,
            ]
            var trial = TuningTrial(
                number: number, run: trialRun(number), values: values, point: [first, second, word == "adam" ? 0.25 : 0.75],
                memory: [],
                why: number < 10
                    ? "point \(number + 1) of an even spread over all ranges" : "the model expects it to be the best so far")
            if number < 11 {
                trial.value = 0.31 + 0.4 * (first - 0.6) * (first - 0.6) + 0.05 * second
                trial.outcome = number == 4 ? .stopped : number == 8 ? .failed : .completed
                if number == 4 { trial.reason = "worse at epoch 3 than half of 5 other trials were up to there" }
                if number == 8 { (trial.value, trial.reason) = (nil, "the loss is not finite") }
            }
            trials.append(trial)
            places[number] = trial.point.map { $0 }
        }
        return TuningStanding(
            record: tuningRecord, trials: trials, axes: tuningAxes, places: places, isCarriedOut: true)
    }

    static var surrogate: TuningSurrogate {
        var surrogate = TuningSurrogate()
        func belief(_ first: Double, _ second: Double) -> TuningBelief {
            let middle = 0.31 + 0.4 * (first - 0.6) * (first - 0.6) + 0.05 * second,
                half = 0.01 + 0.03 * wave(first * 3) * wave(first * 3)
            return TuningBelief(middle: middle, low: middle - half, high: middle + half)
        }
        surrogate.line = (0..<ReadSurrogate.lineCount).map { belief(Double($0) / Double(ReadSurrogate.lineCount - 1), 0.1) }
        surrogate.plane = (0..<ReadSurrogate.rows).map { row in
            (0..<ReadSurrogate.columns).map { column in
                belief(
                    (Double(column) + 0.5) / Double(ReadSurrogate.columns), 1 - (Double(row) + 0.5) / Double(ReadSurrogate.rows))
            }
        }
        surrogate.through = ["learning_rate": "0.0251", "mini_batch_size": "32", "optimizer": "adam"]
        surrogate.count = 10
        surrogate.chosen = .init(
            values: surrogate.through, places: [0.636, 0.4545, 0.25], why: "the model expects it to be the best so far",
            belief: belief(0.636, 0.4545), chance: 0.34,
            count: 9)
        surrogate.next = .init(
            values: ["learning_rate": "0.0199", "mini_batch_size": "14", "optimizer": "adam"],
            places: [0.65, 0.05, 0.25], why: "the model knows little there, and it may be the best so far",
            belief: belief(0.65, 0.05), chance: 0.21,
            count: 10)
        surrogate.importance = TuningImportance(
            shares: [
                .init(names: ["learning_rate"], share: 0.71), .init(names: ["mini_batch_size"], share: 0.18),
                .init(names: ["learning_rate", "optimizer"], share: 0.08),
            ], count: 10)
        return surrogate
    }

    private static func curve(to value: Double, from time: Double) -> [MetricSample] {
        (1...10).map { epoch -> MetricSample in
            let share = Double(epoch)
            return MetricSample(
                sequence: UInt64(epoch), metric: 0, step: epoch * 20, epoch: share, wallTime: time + share,
                value: value + 0.3 / share)
        }
    }

    /// The studio with the search's page open, its runs known and training.
    static func tuned(_ width: Int, _ height: Int, settings: Settings = Settings()) -> AppState {
        var state = busy(width, height, settings: settings)
        for number in 0..<12 {
            var record = runs[2].record
            (record.id, record.name, record.number) = (
                trialRun(number), "tune-churn-0\(number < 9 ? "0" : "")\(number + 1)", 5 + number
            )
            record.createdAt = start + 60 + Double(number)
            record.tuning = RunTuning(tuning: tuning, name: "tune-churn", trial: number)
            var kinds: [StudioEvent.Kind] = [
                .run(.registered(record)),
                .job(.statusChanged(JobStatusChange(status: .inProgress, phase: .training, plannedSteps: 200))),
            ]
            let trial = tuningStanding.trials[number]
            let end: JobStatus? = trial.outcome.map { $0 == .completed ? .completed : $0 == .stopped ? .stopped : .failed }
            let samples = curve(to: trial.value ?? 0.5, from: start + 60 + Double(number * 10))
            for (index, kind) in kinds.enumerated() {
                let event = StudioEvent(
                    sequence: UInt64(index), wallTime: start + 60 + Double(number * 10), run: record.id, kind: kind)
                _ = reduce(into: &state, .events([event], []))
            }
            _ = reduce(
                into: &state,
                .events([], [RunSamples(run: record.id, metrics: [MetricName("validation:log_loss")], samples: samples)]))
            kinds =
                end.map {
                    [.job(.finished(JobResult(name: record.name, status: $0, reason: .maxEpochs, bestStep: nil, metrics: [:])))]
                } ?? []
            for kind in kinds {
                let event = StudioEvent(
                    sequence: 9, wallTime: start + 70 + Double(number * 10), run: record.id, kind: kind)
                _ = reduce(into: &state, .events([event], []))
            }
        }
        _ = reduce(into: &state, .tick(now: start + 240))
        state.press("5")
        state.give(ReadTunings(), [tuningStanding])
        state.press("j", "enter")
        state.give(ReadTuning(tuning), tuningStanding)
        return state
    }
}
