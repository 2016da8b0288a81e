import Cells
import Events
import Experiments
import Glibc
import Learners
import Studio
import Threads

/// What it takes from a key to a painted frame, with charts full of points and a trainer at full speed beside it.
enum FrameBenchmark {
    static func run(pointCount: Int) throws {
        var state = makeState(pointCount: pointCount)
        for name in ["3", "z", "t"] { state.press(name) }
        let keys = ["h", "l", "+", "-", "right", "left", "s", "S", "x", "y", "m", "f", "0"]
        let trainer = try BackgroundTrainer()
        var times: [Double] = [], spent: [Double] = []
        for _ in 0..<40 {
            for key in keys {
                let start = Measurement.wallSeconds(), cpu = Measurement.threadSeconds()
                state.press(key)
                var buffer = CellBuffer(size: Size(width: 200, height: 60))
                draw(state, into: &buffer)
                times.append((Measurement.wallSeconds() - start) * 1000)
                spent.append((Measurement.threadSeconds() - cpu) * 1000)
            }
        }
        trainer.stop()
        Measurement.report(
            "frame/key-to-paint",
            [
                "points_per_curve": Double(pointCount), "p50_ms": Measurement.quantile(times, 0.5),
                "p99_ms": Measurement.quantile(times, 0.99), "cpu_p50_ms": Measurement.quantile(spent, 0.5),
                "cpu_p99_ms": Measurement.quantile(spent, 0.99), "rss_mb": Measurement.peakMegabytes(),
            ])
    }

    /// Four runs with twelve metrics each.
    static func makeState(pointCount: Int) -> AppState {
        var state = AppState(
            settings: Settings(), algorithms: [], size: Size(width: 200, height: 60), now: 0, workspaceName: "bench")
        let names = (0..<12).map { MetricName("validation:m\($0)") }
        let runs = (0..<4).map { index -> RunSummary in
            var summary = RunSummary(
                record: RunRecord(
                    id: RunID("run\(index)"), name: "run\(index)", experiment: "bench", algorithm: "linear-learner",
                    request: JobRequest(datasetPath: "a.csv", target: "y", algorithm: "linear-learner"), hyperparameters: [:],
                    objective: Objective(metric: names[0], minimises: true), seed: 0, dataFingerprint: "", gitRevision: nil,
                    version: "bench", createdAt: Double(index), processID: 0))
            summary.status = .completed
            for name in names { summary.lastMetrics[name] = 0.5 }
            return summary
        }
        _ = reduce(into: &state, .runsLoaded(runs))
        _ = reduce(into: &state, .input(.key(Key("a"))))
        for run in runs {
            for (index, name) in names.enumerated() {
                let points = (0..<pointCount).lazy.map { step in
                    SeriesPoint(
                        step: Double(step), epoch: Double(step) / 1000, time: Double(step),
                        value: 1 / (1 + Double(step) * 1e-4) + 0.1 * sin(Double(step * (index + 3))))
                }
                let answer = state.answer(to: ReadCurve(run.record.id, name), .init(series: Series(points), changes: []))
                _ = reduce(into: &state, .answered(answer))
            }
        }
        return state
    }
}

/// A trainer at full speed on a thread of its own.
final class BackgroundTrainer: Sendable {
    private let thread: NamedThread
    private let flag = StopFlag()

    init() throws {
        let flag = flag
        thread = try NamedThread(name: "trainer") {
            let data = Rows.logistic(rowCount: 50_000, featureCount: 28)
            let request = TrainingRequest(
                hyperparameters: ["predictor_type": "binary_classifier", "epochs": "1000000"], task: .binaryClassifier,
                classCount: 2, training: data, validation: nil, seed: 7)
            do {
                let trainer = try Learner.named("linear-learner").makeTrainer(request).trainer
                while !trainer.isFinished, !flag.isSet { _ = trainer.trainStep() }
            } catch {
                print("the trainer beside the frames failed: \(error)")
            }
        }
    }

    func stop() {
        flag.set()
        thread.join()
    }
}
