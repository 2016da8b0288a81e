import Glibc
import Learners
import Numerics

/// Neural networks of the two shapes that the peers' benchmark trains, with its settings, on made data of the same size.
enum NeuralBenchmark {
    struct Case {
        let name: String
        let features: Int, classCount: Int, rows: Int
        let settings: [String: String]
    }

    static let cases = [
        Case(
            name: "mlp/digits 784-256-128-10", features: 784, classCount: 10, rows: 54_000,
            settings: ["hidden_layers": "256,128", "mini_batch_size": "128", "epochs": "3"]),
        Case(
            name: "mlp/higgs 28-64-64-1", features: 28, classCount: 2, rows: 900_000,
            settings: ["hidden_layers": "64,64", "mini_batch_size": "256", "epochs": "1"]),
    ]

    /// Prints for each case the CPU seconds of the steps alone, rows a second, and how good the model is on held-out rows.
    static func run() throws {
        for item in cases {
            let training = data(item, rows: item.rows, seed: 1), heldOut = data(item, rows: item.rows / 9, seed: 2)
            let settings = item.settings.merging([
                "optimizer": "adam", "learning_rate": "0.001", "lr_scheduler": "constant", "dropout": "0", "weight_decay": "0",
            ]) { first, _ in first }
            let made = try Learner.neuralNetwork.makeTrainer(
                TrainingRequest(
                    hyperparameters: settings, task: item.classCount == 2 ? .binaryClassifier : .multiclassClassifier,
                    classCount: item.classCount, training: training, validation: nil, seed: 7))
            let begin = cpuSeconds()
            while !made.trainer.isFinished { _ = made.trainer.trainStep() }
            let seconds = cpuSeconds() - begin
            let rows = item.rows * (Int(made.resolved["epochs"] ?? "") ?? 1)
            let metrics = try made.trainer.model.metrics(on: heldOut).map { "\($0.name)=\(text($0.value, 4))" }
            print(
                "\(item.name): \(text(seconds, 3)) cpu s, \(Int(Double(rows) / seconds)) rows/s, "
                    + metrics.joined(separator: " "))
        }
    }

    /// Normal features; a class is where some products and sums of them, blurred, fall.
    private static func data(_ item: Case, rows: Int, seed: UInt64) -> LabelledMatrix {
        var rule = RandomSource(seed: 99), random = RandomSource(seed: seed)
        let directions = (0..<item.classCount * item.features).map { _ in Float(rule.normal()) }
        var targets: [Float] = []
        let features = Matrix(rowCount: rows, columnCount: item.features) { target in
            for row in 0..<rows {
                let start = row * item.features
                for feature in 0..<item.features { target[start + feature] = Float(random.uniform(in: -1.7...1.7)) }
                let bend = target[start] * target[start + 1] + abs(target[start + 2])
                var best = 0, most = -Float.infinity
                for kind in 0..<item.classCount {
                    var score = Float(random.normal()) * 4 + (kind == 1 ? 6 * bend : 0)
                    for feature in 0..<min(28, item.features) {
                        score += directions[kind * item.features + feature] * target[start + feature]
                    }
                    if score > most { (best, most) = (kind, score) }
                }
                targets.append(Float(best))
            }
        }
        return LabelledMatrix(features: features, targets: targets)
    }

    private static func cpuSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }

    private static func text(_ number: Double, _ digits: Int) -> String {
        let scale = pow(10, Double(digits))
        return String((number * scale).rounded() / scale)
    }
}
