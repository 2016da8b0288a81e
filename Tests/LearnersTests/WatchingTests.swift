import Numerics
import Testing

@testable import Learners

/// What is seen of a step from inside, and that looking changes nothing.
@Suite struct WatchingTests {
    /// Its clock goes on by a microsecond whenever it is asked.
    private static func watch(_ kinds: Set<TensorKind> = Set(TensorKind.allCases)) -> StepWatch {
        var time: UInt64 = 0
        return StepWatch(kinds) {
            time += 1000
            return time
        }
    }

    private func seen(_ name: String, in watch: StepWatch) throws -> StepWatch.Tensor {
        try #require(watch.tensors.first { $0.name == name }, "no \(name) among \(watch.tensors.map(\.name))")
    }

    @Test(arguments: LearnerContractTests.cases)
    func `a trainer that is watched takes the same steps to the bit`(own: LearnerContractTests.Case) throws {
        let alone = try own.trainer(), watched = try own.trainer()
        while !alone.isFinished {
            let watch = Self.watch()
            let report = alone.trainStep(), same = watched.step % 3 == 1 ? watched.trainStep() : watched.trainStep(watch)
            #expect(report == same)
            #expect(watch.tensors.allSatisfy { $0.statistics.nans + $0.statistics.infinities == 0 })
        }
        #expect(alone.snapshot() == watched.snapshot())
    }

    @Test func `what is not wanted is not looked at`() throws {
        let trainer = try NeuralContractTests.trainer(.binaryClassifier)
        let watch = Self.watch([.gradients])
        _ = trainer.trainStep(watch)
        #expect(!watch.tensors.isEmpty && watch.tensors.allSatisfy { $0.kind == .gradients })
        // The parts of the step are timed in any case.
        #expect(Set(watch.spent.keys) == [.data, .forward, .backward, .update])
        // What was watching in between is no part of them: each asks the clock at its beginning and its end.
        #expect(watch.spent.values.allSatisfy { abs($0 - 1e-6) < 1e-9 })
        #expect(watch.ownSeconds > 0)
    }

    /// Differences of the loss over the same rows, one parameter at a time, are the gradient whose numbers were recorded.
    @Test(arguments: [LearningTask.binaryClassifier, .multiclassClassifier])
    func `recorded gradients of a network are those of finite differences`(task: LearningTask) throws {
        let settings = ["activation": "tanh", "hidden_layers": "6,5", "mini_batch_size": "50", "shuffle": "false"]
        let trainer = try NeuralContractTests.trainer(task, settings), other = try NeuralContractTests.trainer(task, settings)
        let watch = Self.watch()
        _ = trainer.trainStep(watch)
        let width = 1.0 / 256
        for tensor in other.workspace.architecture.parameterTensors {
            let base = other.workspace.parameters.base + tensor.start
            let gradient = (0..<tensor.shape.reduce(1, *)).map { index in
                let start = base[index]
                base[index] = start + Float(width)
                let up = other.gradients(start: 0, count: 50)
                base[index] = start - Float(width)
                let down = other.gradients(start: 0, count: 50)
                base[index] = start
                return (up - down) / (2 * width) / 50
            }
            let seen = try seen("gradient/" + tensor.name, in: watch).statistics, count = Double(gradient.count)
            let mean = gradient.reduce(0, +) / count, norm = gradient.reduce(0) { $0 + $1 * $1 }.squareRoot()
            // Single-precision scores: differences are good to 1 % of the gradient's size.
            #expect(abs(seen.l2 - norm) < 0.01 * norm, "\(tensor.name): \(seen.l2), not \(norm)")
            #expect(abs(seen.mean - mean) < 0.01 * norm)
            #expect(abs((seen.minimum ?? .nan) - (gradient.min() ?? 0)) < 0.01 * norm)
            #expect(abs((seen.maximum ?? .nan) - (gradient.max() ?? 0)) < 0.01 * norm)
            #expect(abs(seen.meanMagnitude - gradient.reduce(0) { $0 + abs($1) } / count) < 0.01 * norm)
        }
    }

    /// What plain descent changes is the rate times the gradient, and the weights afterwards are those before less that.
    @Test func `updates are what a step changed`() throws {
        let rate = 0.05
        let trainer = try NeuralContractTests.trainer(
            .regressor, ["optimizer": "sgd", "momentum": "0", "learning_rate": "\(rate)", "wd": "0", "lr_scheduler": "constant"])
        for _ in 0..<3 { _ = trainer.trainStep() }
        let watch = Self.watch()
        let before = trainer.workspace.parameters.values
        let step = trainer.rate(step: trainer.step)
        _ = trainer.trainStep(watch)
        let after = trainer.workspace.parameters.values
        for tensor in trainer.workspace.architecture.parameterTensors {
            let range = tensor.start..<tensor.start + tensor.shape.reduce(1, *)
            let changes = range.map { Double(after[$0] - before[$0]) }, norm = changes.reduce(0) { $0 + $1 * $1 }.squareRoot()
            let weights = range.reduce(0.0) { $0 + Double(after[$1]) * Double(after[$1]) }.squareRoot()
            let update = try seen("update/" + tensor.name, in: watch)
            #expect(abs(update.statistics.l2 - norm) <= 1e-9 + 1e-6 * norm)
            #expect(abs(try seen("gradient/" + tensor.name, in: watch).statistics.l2 * step - norm) <= 1e-4 * norm + 1e-7)
            #expect(weights == 0 || abs((update.updateRatio ?? .nan) - norm / weights) < 1e-4 * norm / weights)
        }
    }

    @Test(arguments: [LearningTask.regressor, .multiclassClassifier])
    func `a linear learner shows the gradient of the mean loss and what it changed`(task: LearningTask) throws {
        let trainer = try Samples.trainer(task, GradientTests.settings.merging(["wd": "0", "l1": "0"]) { $1 })
        let start = GradientTests.start(trainer)
        trainer.adopt(start)
        let watch = Self.watch()
        _ = trainer.trainStep(watch)
        let after = trainer.currentModel()
        let gradient = zip(start.weights, after.weights).map { Double($0 - $1) / Double(GradientTests.rate) }
        let norm = gradient.reduce(0) { $0 + $1 * $1 }.squareRoot()
        let seen = try seen("gradient/linear.weight", in: watch)
        #expect(seen.statistics.count == after.weights.count && seen.shape == [after.biases.count, after.weightCount])
        #expect(abs(seen.statistics.l2 - norm) < 1e-3 * norm)
        #expect(abs((seen.statistics.maximum ?? .nan) - (gradient.max() ?? 0)) < 1e-3 * norm)
        let weights = try self.seen("linear.weight", in: watch).statistics
        #expect(weights.maximum == after.weights.max().map(Double.init) && weights.zeros == after.weights.count { $0 == 0 })
        #expect(try self.seen("update/linear.bias", in: watch).statistics.count == after.biases.count)
        #expect(try self.seen("inputs", in: watch).statistics.count > 0)
    }

    @Test func `units that never put out anything are counted`() throws {
        let trainer = try NeuralContractTests.trainer(.binaryClassifier, ["hidden_layers": "16", "activation": "relu"])
        let bias = try #require(trainer.workspace.architecture.parameterTensors.first { $0.isBias })
        for unit in 0..<5 { trainer.workspace.parameters.base[bias.start + unit] = -1e6 }
        let watch = Self.watch()
        _ = trainer.trainStep(watch)
        let units = try #require(try seen("dense1.relu_output", in: watch).units)
        #expect(units.count == 16 && (5...7).contains(units.inactive) && units.saturated == 0)
    }

    @Test(arguments: ["tanh", "sigmoid"]) func `units whose function is flat are counted`(activation: String) throws {
        let trainer = try NeuralContractTests.trainer(.binaryClassifier, ["hidden_layers": "16", "activation": activation])
        let bias = try #require(trainer.workspace.architecture.parameterTensors.first { $0.isBias })
        for unit in 0..<5 { trainer.workspace.parameters.base[bias.start + unit] = unit % 2 == 0 ? 50 : -50 }
        let watch = Self.watch()
        _ = trainer.trainStep(watch)
        let units = try #require(try seen("dense1.\(activation)_output", in: watch).units)
        #expect(units.count == 16 && units.saturated == 5)
    }

    @Test(.enabled(if: XGBoostLibrary.isAvailable)) func `an ensemble shows importances, how trees are built, and margins`()
        throws
    {
        let trainer = try TreeSamples.trainer(.multiclassClassifier, ["num_round": "4", "max_depth": "3"])
        var depths: [Double] = []
        for round in 1...4 {
            let watch = Self.watch()
            _ = trainer.trainStep(watch)
            let depth = try seen("trees/depth", in: watch).statistics, leaves = try seen("trees/leaves", in: watch).statistics
            let classes = Samples.classCount(.multiclassClassifier)
            #expect(depth.count == classes && (depth.maximum ?? 9) <= 3 && (leaves.maximum ?? 99) <= 8)
            #expect((leaves.minimum ?? 0) >= (depth.minimum ?? 0) + 1)
            depths.append(depth.maximum ?? 0)
            // As many splits as the model's own trees have: a tree with n leaves has n - 1.
            let splits = try seen("feature_importance/weight", in: watch).statistics
            if round == 1 {
                #expect(
                    abs(splits.mean * Double(splits.count) - (leaves.mean - 1) * Double(classes)) < 1e-3)
            }
            #expect(try seen("margins", in: watch).statistics.count == 150 * classes)
        }
        #expect(depths.max() == 3)
    }

    /// Against numbers computed one by one in double precision.
    @Test func `statistics are those of the numbers`() {
        var values = (0..<1000).map { Float($0 - 300) / 64 }
        values[17] = .nan
        values[18] = .infinity
        values[19] = -.infinity
        values[20] = .nan
        let finite = values.filter(\.isFinite).map(Double.init), count = Double(finite.count)
        let found = TensorStatistics(values)
        let mean = finite.reduce(0, +) / count
        #expect(found.nans == 2 && found.infinities == 2 && found.zeros == 1 && found.sampled == 1000)
        #expect(abs(found.mean - mean) < 1e-9)
        #expect(abs(found.standardDeviation - (finite.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count).squareRoot()) < 1e-9)
        #expect(found.minimum == finite.min() && found.maximum == finite.max())
        #expect(found.negative.reduce(0, +) == finite.count { $0 < 0 } && found.positive.reduce(0, +) == finite.count { $0 > 0 })
        let cell = 2 - TensorStatistics.firstExponent
        #expect(found.positive[cell] == finite.count { $0 >= 4 && $0 < 8 })
    }

    @Test func `of a large tensor a sample stands for all, and extremes are exact`() {
        var random = RandomSource(seed: 4)
        var values = (0..<100_003).map { _ in Float(random.normal()) }
        values[50_001] = 1e30
        values[50_003] = -.infinity
        let found = TensorStatistics(values)
        #expect(found.sampled <= TensorStatistics.mostSampled && found.sampled > TensorStatistics.mostSampled / 2)
        #expect(found.maximum == Double(Float(1e30)) && found.infinities == 1)
        #expect(abs(found.mean) < 0.1 && abs(found.standardDeviation - 1) < 0.1)
        #expect(abs(found.l2 - 100_003.0.squareRoot()) < 20)
    }
}
