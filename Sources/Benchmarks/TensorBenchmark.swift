import Clocks
import Events
import Experiments
import Training

/// What summing tensors up costs training.
enum TensorBenchmark {
    private struct Case {
        var name: String
        var featureCount: Int, rowCount: Int
        var algorithm: String
        var settings: [String: String]
    }

    private static let cases = [
        Case(
            name: "network", featureCount: 200, rowCount: 20_000, algorithm: "neural-network",
            settings: ["hidden_layers": "512,256", "mini_batch_size": "256", "epochs": "8"]),
        Case(
            name: "small_network", featureCount: 28, rowCount: 20_000, algorithm: "neural-network",
            settings: ["hidden_layers": "64,32", "mini_batch_size": "32", "epochs": "100"]),
        Case(
            name: "linear", featureCount: 28, rowCount: 100_000, algorithm: "linear-learner",
            settings: ["mini_batch_size": "1000", "epochs": "300"]),
    ]

    /// Trains without captures and with them as they are by default, in turn.
    static func run(_ folder: String, repetitions: Int) throws {
        for one in cases {
            let path = "\(folder)/\(one.name).csv"
            try Rows.write(Rows.logistic(rowCount: one.rowCount, featureCount: one.featureCount), to: path)
            var request = JobRequest(
                datasetPath: path, target: "y", algorithm: one.algorithm,
                hyperparameters: one.settings.merging(["early_stopping_patience": "100000"]) { $1 }, seed: 7)
            let preparation = try Preparation(request: request)
            var without: [Double] = [], with: [Double] = [], captured = 0, bytes = 0, own: [Double] = []
            for round in 0..<repetitions {
                for isOff in [true, false] {
                    request.debugSaveInterval = isOff ? "off" : nil
                    let workspace = "\(folder)/\(one.name)-\(round)-\(isOff)"
                    let start = SteadyClock.nanoseconds()
                    let seconds = try TrainingBenchmark.secondsRecorded(request, preparation, folder: workspace)
                    guard !isOff else {
                        without.append(seconds)
                        continue
                    }
                    with.append(seconds)
                    let wall = Double(SteadyClock.nanoseconds() - start) * 1e-9
                    let store = try RunStore(Workspace(path: workspace)).tensors, id = RunID("bench001")
                    captured = try store.usage(of: id).stepCount
                    bytes = try store.usage(of: id).byteCount
                    own.append(try store.tensors(of: id).reduce(0) { $0 + ($1.spent[.record] ?? 0) } / wall)
                }
            }
            let medians = (Measurement.quantile(without, 0.5), Measurement.quantile(with, 0.5))
            Measurement.report(
                "tensors_" + one.name,
                [
                    "off_cpu_s": medians.0, "auto_cpu_s": medians.1, "cost_percent": 100 * (medians.1 / medians.0 - 1),
                    "best_cost_percent": 100 * ((with.min() ?? 0) / (without.min() ?? 1) - 1),
                    "own_clock_percent": 100 * Measurement.quantile(own, 0.5), "captured": Double(captured),
                    "bytes": Double(bytes),
                ])
        }
    }
}
