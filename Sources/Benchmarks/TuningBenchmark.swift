import Cells
import Events
import Experiments
import Glibc
import Studio

/// The page of a search with very many trials: what it takes from a key, a sample or a trial's end to a painted frame.
enum TuningBenchmark {
    private static let tuning = "t0000001", metric = MetricName("validation:rmse")
    private static let names = ["eta", "max_depth", "subsample", "gamma"]
    private static let keys = [
        ("trials", ["j", "pgdn", "k", "G", "g", ">", "<", "r"]), ("progress", ["x", "y"]), ("curves", ["J", "K", "x"]),
        ("parallel", [">", "}", "{", "("]), ("slices", [">", "}", "("]),
    ]

    static func run(trialCount: Int, folder: String?) throws {
        let trials = (0..<trialCount).map(trial)
        if let folder { try measureStore(trials, folder) }
        var state = AppState(
            settings: Settings(), algorithms: [], size: Size(width: 200, height: 60), now: 2e9, workspaceName: "bench")
        _ = reduce(into: &state, .runsLoaded(trials.map(summary)))
        state.press("5")
        give(ReadTunings(), [standing(trials)], &state)
        state.press("j")
        state.press("enter")
        var first = Times()
        first.measure {
            give(ReadTuning(tuning), standing(trials), &state)
            state.paint()
        }
        first.report("tuning/open-\(trialCount)")
        for (tab, keys) in keys {
            var times = Times()
            for _ in 0..<10 {
                for key in keys {
                    times.measure {
                        state.press(key)
                        state.paint()
                    }
                }
            }
            times.report("tuning/\(tab)-\(trialCount)")
            measureLife(trials, "tuning/\(tab)-live-\(trialCount)", &state)
            state.press("right")
        }
    }

    /// Two trials train while the page is looked at; now and then one ends and the page hears how the search stands.
    private static func measureLife(_ trials: [TuningTrial], _ name: String, _ state: inout AppState) {
        let standing = standing(trials)
        var times = Times()
        for step in 0..<40 {
            let groups = trials.suffix(2).map { trial in
                let sample = MetricSample(
                    sequence: 1, metric: 0, step: 10 + step, epoch: 1, wallTime: 1, value: 50 + sin(Double(step)))
                return RunSamples(run: trial.run, metrics: [metric], samples: [sample])
            }
            times.measure {
                _ = reduce(into: &state, .events([], groups))
                if step % 8 == 0 { give(ReadTuning(tuning), standing, &state) }
                state.paint()
            }
        }
        times.report(name)
    }

    /// What the page asks the workspace each time that a trial ends.
    private static func measureStore(_ trials: [TuningTrial], _ folder: String) throws {
        let store = try RunStore(try Workspace(path: folder)).tunings
        let record = try store.register(record(trials.count))
        for trial in trials {
            try store.add(trial, to: record.id)
            try store.end(trial, of: record.id)
        }
        var times = Times()
        var failure: (any Error)?
        for _ in 0..<10 {
            times.measure { do { _ = try standing(store.trials(of: record.id)) } catch { failure = error } }
        }
        if let failure { throw failure }
        times.report("tuning/read-\(trials.count)")
    }

    private static func record(_ count: Int) -> TuningRecord {
        let job = JobRequest(datasetPath: "a.csv", target: "y", algorithm: "xgboost")
        let request = TuningRequest(
            job: job, ranges: names.map { "\($0)=0:1" }, strategy: "random", maxJobs: count + 2, maxParallelJobs: 2)
        return TuningRecord(
            id: tuning, name: "tune-a", request: request, objective: Objective(metric: metric, minimises: true), createdAt: 1e9)
    }

    private static func places(_ number: Int) -> [Double] {
        names.indices.map { fmod(Double(number + 1) * 0.618 * Double($0 + 1), 1) }
    }

    private static func trial(_ number: Int) -> TuningTrial {
        let places = places(number)
        var trial = TuningTrial(
            number: number, run: RunID("trial\(number)"),
            values: Dictionary(uniqueKeysWithValues: zip(names, places.map { "\($0)" })), point: places, memory: [],
            why: "drawn at random")
        trial.outcome = number % 7 == 3 ? .stopped : .completed
        trial.value = 50 + 10 * places.reduce(0) { $0 + ($1 - 0.4) * ($1 - 0.4) }
        if trial.outcome == .stopped { trial.reason = "worse at epoch 3 than half of 5 other trials were up to there" }
        return trial
    }

    private static func standing(_ trials: [TuningTrial]) -> TuningStanding {
        let ticks = (0..<TuningAxis.tickCount).map { "\(Double($0) / Double(TuningAxis.tickCount - 1))" }
        return TuningStanding(
            record: record(trials.count), trials: trials,
            axes: names.map { TuningAxis(name: $0, range: "\($0)=0:1", ticks: ticks, isWord: false) },
            places: Dictionary(uniqueKeysWithValues: trials.map { ($0.number, $0.point.map { $0 }) }), isCarriedOut: true)
    }

    private static func summary(_ trial: TuningTrial) -> RunSummary {
        var summary = RunSummary(
            record: RunRecord(
                id: trial.run, name: "tune-a-\(trial.number + 1)", experiment: "bench", algorithm: "xgboost",
                request: JobRequest(datasetPath: "a.csv", target: "y", algorithm: "xgboost"), hyperparameters: trial.values,
                objective: Objective(metric: metric, minimises: true), seed: 0, dataFingerprint: "", gitRevision: nil,
                version: "bench", createdAt: 1e9 + Double(trial.number), processID: 0))
        summary.record.tuning = RunTuning(tuning: tuning, name: "tune-a", trial: trial.number)
        summary.status = trial.outcome == .stopped ? .stopped : .completed
        (summary.startedAt, summary.finishedAt) = (1e9 + Double(trial.number), 1e9 + Double(trial.number) + 2)
        summary.lastMetrics[metric] = trial.value
        return summary
    }

    private static func give<Query: StudioQuery>(_ query: Query, _ answer: Query.Answer, _ state: inout AppState) {
        _ = reduce(into: &state, .answered(state.answer(to: query, answer)))
    }
}
