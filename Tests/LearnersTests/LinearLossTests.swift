import Numerics
import Testing

@testable import Learners

/// Every loss's value and gradient; rows near a kink are left out, since finite differences straddle it.
@Suite struct LinearLossTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var task: LearningTask, settings: [String: String]
        var testDescription: String { settings["loss"] ?? "" }
    }

    static let cases = [
        Case(task: .regressor, settings: ["loss": "squared_loss"]), Case(task: .regressor, settings: ["loss": "absolute_loss"]),
        Case(task: .regressor, settings: ["loss": "quantile_loss", "quantile": "0.8"]),
        Case(task: .regressor, settings: ["loss": "huber_loss", "huber_delta": "1"]),
        Case(task: .regressor, settings: ["loss": "eps_insensitive_squared_loss", "loss_insensitivity": "1"]),
        Case(task: .regressor, settings: ["loss": "eps_insensitive_absolute_loss", "loss_insensitivity": "1"]),
        Case(task: .binaryClassifier, settings: ["loss": "hinge_loss", "margin": "1.5"]),
        Case(task: .binaryClassifier, settings: ["loss": "logistic", "positive_example_weight_mult": "3"]),
        Case(task: .multiclassClassifier, settings: ["balance_multiclass_weights": "true"]),
    ]

    /// Rows and targets none of whose errors is near 0, 1 or the hinge's corners at 1.25 and -0.25, for the weights below.
    static func data(_ task: LearningTask) -> LabelledMatrix {
        var rows: [[Float]] = [], targets: [Float] = []
        for index in 0..<200 {
            let row = Array(Samples.features.row(index)).map { $0 / 4 }
            let score = 0.25 + row.enumerated().reduce(Float(0)) { $0 + $1.element * weight($1.offset) }
            guard task != .binaryClassifier || min(abs(score - 1.25), abs(score + 0.25)) > 0.25 else { continue }
            rows.append(row)
            // Errors of 0.5 and 2, of both signs.
            let offset: Float = [0.5, -0.5, 2, -2][index % 4]
            targets.append(task == .regressor ? score + offset : Samples.targets(task)[index])
        }
        return LabelledMatrix(features: Matrix(rows: rows), targets: targets)
    }

    static func weight(_ index: Int) -> Float { (index % 2 == 0 ? 0.5 : -0.5) + Float(index) / 40 }

    @Test(arguments: cases, [1, 3])
    func `the gradient is that of finite differences`(example: Case, modelCount: Int) throws {
        let data = Self.data(example.task)
        let settings = example.settings.merging([
            "optimizer": "sgd", "mini_batch_size": "200", "learning_rate": "\(GradientTests.rate)",
            "use_lr_scheduler": "false", "shuffle": "false", "normalize_data": "false", "normalize_label": "false",
            "num_models": "\(modelCount)", "binary_classifier_model_selection_criteria": "loss_function",
        ]) { $1 }
        let weights = data.targets.indices.map { Float($0 % 3) }
        let trainer = try Samples.trainer(
            example.task, settings, features: data.features, targets: data.targets, weights: weights)
        var start = trainer.currentModel()
        for index in start.weights.indices { start.weights[index] = Self.weight(index) }
        for index in start.biases.indices { start.biases[index] = 0.25 - Float(index) / 8 }
        trainer.adopt(start)
        let report = trainer.trainStep()
        let after = trainer.weights, width = trainer.data.training.stride
        #expect(abs(report.loss - GradientTests.loss(trainer, start)) < 1e-5 * max(1, report.loss))
        let step: Float = 1.0 / 64
        for index in start.weights.indices {
            var up = start, down = start
            up.weights[index] += step
            down.weights[index] -= step
            let expected = Float(
                (GradientTests.loss(trainer, up) - GradientTests.loss(trainer, down)) / Double(2 * step))
            let place = index / 5 * width + index % 5
            let found = (start.weights[index] - after[place]) / GradientTests.rate
            #expect(abs(found - expected) < 2e-3 * max(1, abs(expected)), "weight \(index): \(found), not \(expected)")
        }
    }

    @Test func `losses are SageMaker's formulas`() {
        func value(_ loss: LinearLoss, _ parameter: Double, _ score: Double, _ target: Double) -> Double {
            LinearObjective(loss, parameter: parameter).value(score: score, target: target)
        }
        // q (y - s)+ + (1 - q)(s - y)+: a prediction below the target costs q.
        #expect(abs(value(.quantile, 0.75, 1, 3) - 1.5) < 1e-15)
        #expect(abs(value(.quantile, 0.75, 3, 1) - 0.5) < 1e-15)
        #expect(value(.huber, 1, 0.5, 0) == 0.125)
        #expect(value(.huber, 1, -3, 0) == 2.5)
        #expect(value(.epsilonSquared, 0.5, 2, 0) == 3.75)
        #expect(value(.epsilonAbsolute, 0.5, -2, 0) == 1.5)
        #expect(value(.epsilonAbsolute, 0.5, 0.25, 0) == 0)
        #expect(value(.absolute, 0, -2, 1) == 3)
        // y ((m + 1) / 2 - s)+ + (1 - y)((m - 1) / 2 + s)+
        #expect(value(.hinge, 1, 0.25, 1) == 0.75)
        #expect(value(.hinge, 1, 0.25, 0) == 0.25)
        #expect(value(.hinge, 2, 1.5, 1) == 0)
        #expect(value(.hinge, 2, 0, 0) == 0.5)
    }

    @Test(arguments: cases.filter { $0.task == .regressor })
    func `a regressor's loss is in the target's own units, its parameter too`(example: Case) throws {
        let targets = Samples.numbers.map { $0 * 100 + 5000 }
        let settings = example.settings.merging([
            "mini_batch_size": "200", "huber_delta": "150", "loss_insensitivity": "60",
        ]) { example.settings[$1] == nil ? $1 : $1 }
        let data = LabelledMatrix(features: Samples.features, targets: targets)
        let trainer = try Samples.trainer(.regressor, settings, targets: targets, validation: data)
        let before = trainer.value("train:loss")
        let objective = trainer.configuration.objective
        let predicted = try trainer.currentModel().predictScores(Samples.features).elements
        let expected = objective.mean(scores: predicted, targets: targets, width: 1, weights: nil, total: 200)
        #expect(abs(before / expected - 1) < 1e-6)
        #expect(abs(trainer.trainStep().loss / before - 1) < 1e-5)
        #expect(trainer.value("validation:loss") == trainer.value("train:loss"))
        let measured = try trainer.currentModel().metrics(on: data)
        #expect(measured[0].name == "loss" && abs(measured[0].value / trainer.value("train:loss") - 1) < 1e-9)
    }

    @Test func `a hinge's classifier has scores and a threshold but no probabilities`() throws {
        let data = LabelledMatrix(features: Samples.features, targets: Samples.binary)
        let trainer = try Samples.trainer(.binaryClassifier, ["loss": "hinge_loss"], validation: data)
        trainer.finish()
        #expect(trainer.value("validation:accuracy") > 0.95)
        #expect(trainer.value("validation:log_loss").isNaN)
        #expect(trainer.value("validation:roc_auc") > 0.99)
        let model = trainer.currentModel()
        #expect(throws: LearnerError.self) { try model.predictProbabilities(Samples.features) }
        let columns = try model.outputs(Samples.features, classes: ["no", "yes"])
        #expect(columns.map(\.name) == ["prediction", "score"])
        #expect(columns[1].values == .numbers(try model.predictScores(Samples.features).elements))
        #expect(!(try model.metrics(on: data).contains { $0.name == "log_loss" || $0.name == "brier" }))
    }
}
