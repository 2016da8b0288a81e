import Numerics
import Testing

@testable import Learners

/// The update of one step of plain descent, divided by the rate, is the gradient: it must be that of finite differences.
@Suite struct GradientTests {
    static let rate: Float = 1.0 / 64

    static let settings = [
        "optimizer": "sgd", "mini_batch_size": "200", "learning_rate": "\(rate)", "use_lr_scheduler": "false", "shuffle": "false",
        "normalize_label": "false",
    ]

    static func start(_ trainer: LinearTrainer) -> LinearModel {
        var model = trainer.currentModel()
        for index in model.weights.indices { model.weights[index] = (index % 2 == 0 ? 0.5 : -0.5) + Float(index) / 40 }
        for index in model.biases.indices { model.biases[index] = 0.25 - Float(index) / 8 }
        return model
    }

    static func loss(_ trainer: LinearTrainer, _ model: LinearModel) -> Double {
        trainer.adopt(model)
        return trainer.value("train:loss")
    }

    @Test(arguments: LearningTask.allCases, [["wd": "0", "l1": "0"], ["wd": "0.5", "l1": "0.25"]])
    func `the gradient is that of finite differences`(task: LearningTask, penalties: [String: String]) throws {
        let trainer = try Samples.trainer(task, Self.settings.merging(penalties) { $1 })
        let start = Self.start(trainer)
        trainer.adopt(start)
        let report = trainer.trainStep()
        let after = trainer.currentModel()
        #expect(abs(report.loss - Self.loss(trainer, start)) < 1e-5 * max(1, report.loss))
        let decay = Float(penalties["wd"] ?? "") ?? 0, l1 = Float(penalties["l1"] ?? "") ?? 0
        // Single-precision scores: a wide step and a tolerance of 2e-3 of the gradient's size.
        let width: Float = 1.0 / 64
        var squares = 0.0
        for index in start.weights.indices {
            var up = start, down = start
            up.weights[index] += width
            down.weights[index] -= width
            var expected = Float((Self.loss(trainer, up) - Self.loss(trainer, down)) / Double(2 * width))
            expected += decay * start.weights[index]
            squares += Double(expected * expected)
            expected += l1 * (start.weights[index] > 0 ? 1 : -1)
            let found = (start.weights[index] - after.weights[index]) / Self.rate
            #expect(abs(found - expected) < 2e-3 * max(1, abs(expected)), "weight \(index): \(found), not \(expected)")
        }
        for index in start.biases.indices {
            var up = start, down = start
            up.biases[index] += width
            down.biases[index] -= width
            let expected = Float((Self.loss(trainer, up) - Self.loss(trainer, down)) / Double(2 * width))
            squares += Double(expected * expected)
            let found = (start.biases[index] - after.biases[index]) / Self.rate
            #expect(abs(found - expected) < 2e-3 * max(1, abs(expected)), "bias \(index): \(found), not \(expected)")
        }
        #expect(abs((report.gradientNorm ?? .nan) - squares.squareRoot()) < 2e-3 * max(1, squares.squareRoot()))
    }

    @Test(arguments: [1, 3, 4, 5, 8, 9, 16, 17, 40])
    func `every width of features is summed in full`(width: Int) throws {
        var random = RandomSource(seed: 1)
        let rows = (0..<70).map { _ in (0..<width).map { _ in Float(random.normal()) } }
        let trainer = try Samples.trainer(
            .regressor, ["normalize_data": "false", "normalize_label": "false", "mini_batch_size": "70"],
            features: Matrix(rows: rows), targets: rows.map { $0.reduce(0, +) })
        var model = trainer.currentModel()
        model.weights = model.weights.map { _ in 1 }
        trainer.adopt(model)
        #expect(trainer.trainStep().loss < 1e-9)
    }

    @Test func `Adam takes its published first steps`() throws {
        // Kingma and Ba (2015): with a constant gradient every step is the learning rate.
        let trainer = try Samples.trainer(
            .regressor,
            [
                "learning_rate": "0.125", "use_lr_scheduler": "false", "normalize_data": "false", "normalize_label": "false",
                "init_scale": "1e-9",
            ],
            features: Matrix(rows: [[1]]), targets: [1e6])
        for _ in 0..<4 { _ = trainer.trainStep() }
        #expect(abs(trainer.currentModel().weights[0] - 0.5) < 1e-5)
    }

    @Test func `the rate falls as SageMaker's schedule does`() throws {
        let configuration = try LinearLearnerConfiguration(
            parsing: ["lr_scheduler_step": "10", "lr_scheduler_factor": "0.5", "lr_scheduler_minimum_lr": "0.03"], rowCount: 100,
            featureCount: 1, classCount: 1, task: .regressor)
        #expect([0, 9, 10, 25, 39].map { configuration.scheduledRate(base: 0.2, step: $0) } == [0.2, 0.2, 0.1, 0.05, 0.03])
    }
}
