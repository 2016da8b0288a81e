import Numerics
import Testing

@testable import Learners

/// What row weights mean: a row of weight 2 is a row that is there twice.
@Suite struct RowWeightTests {
    private static let repeats = (0..<200).map { $0 % 3 }

    private static func network(_ task: LearningTask, _ data: LabelledMatrix) throws -> NeuralTrainer {
        let settings = [
            "hidden_layers": "8", "normalize_data": "false", "shuffle": "false", "dropout": "0", "optimizer": "sgd",
            "learning_rate": "0.01", "weight_decay": "0", "epochs": "20", "mini_batch_size": "1000", "lr_scheduler": "constant",
            "warmup_steps": "0",
        ]
        let request = TrainingRequest(
            hyperparameters: settings, task: task, classCount: Samples.classCount(task), training: data, validation: data, seed: 1
        )
        return try NeuralTrainer(configuration: NeuralConfiguration(request), training: data, validation: data, seed: 1)
    }

    @Test(arguments: [LearningTask.binaryClassifier, .multiclassClassifier])
    func `a network takes a row of weight 2 as two rows, and a row of weight 0 as none`(task: LearningTask) throws {
        let rows = (0..<200).flatMap { [Int](repeating: $0, count: Self.repeats[$0]) }
        let targets = Samples.targets(task)
        let repeated = try Self.network(
            task, LabelledMatrix(features: Samples.features.selecting(rows: rows), targets: rows.map { targets[$0] }))
        let weighted = try Self.network(
            task, LabelledMatrix(features: Samples.features, targets: targets, weights: Self.repeats.map { Float($0) }))
        while !repeated.isFinished {
            let (a, b) = (repeated.trainStep(), weighted.trainStep())
            #expect(abs(a.loss / b.loss - 1) < 1e-4)
        }
        for (a, b) in zip(repeated.currentModel().parameters, weighted.currentModel().parameters) { #expect(abs(a - b) < 1e-4) }
        for (a, b) in zip(repeated.evaluate(), weighted.evaluate()) {
            #expect(a.name == b.name)
            #expect(abs(a.value - b.value) < 1e-3, "\(a.name)")
        }
    }

    @Test func `a network's squared errors are weighted, in the target's own units`() throws {
        let weights = Self.repeats.map { Float($0) * 10 }
        let data = LabelledMatrix(features: Samples.features, targets: Samples.numbers, weights: weights)
        let trainer = try Self.network(.regressor, data)
        let before = trainer.value("train:loss")
        #expect(abs(trainer.trainStep().loss / before - 1) < 1e-4)
        let first = trainer.value("train:mse")
        trainer.finish()
        #expect(trainer.value("train:mse") < 0.8 * first)
        #expect(try trainer.currentModel().metrics(on: data)[0].value == trainer.value("train:loss"))
        // By hand: Σ w (prediction - target)² / Σ w.
        let scores = try trainer.currentModel().predictScores(Samples.features).elements
        var sum = 0.0
        for row in 0..<200 {
            let error = Double(scores[row] - Samples.numbers[row])
            sum += Double(weights[row]) * error * error
        }
        #expect(abs(trainer.value("train:loss") - sum / weights.reduce(0) { $0 + Double($1) }) < 1e-4)
    }

    struct Reference: Sendable {
        var task: LearningTask
        var training: Double, validation: Double
    }

    private func boosted(_ task: LearningTask, _ change: (inout LabelledMatrix, Range<Int>) -> Void) throws -> XGBoostTrainer {
        var (training, validation) = (TreeSamples.rows(0..<150, task), TreeSamples.rows(150..<200, task))
        change(&training, 0..<150)
        change(&validation, 150..<200)
        let request = TrainingRequest(
            hyperparameters: TreeSamples.reference, task: task, classCount: Samples.classCount(task), training: training,
            validation: validation, seed: 1)
        let trainer = try XGBoostTrainer(XGBoostConfiguration(request), request, library: XGBoostLibrary.shared())
        trainer.finish()
        #expect(trainer.failure == nil)
        #expect(try trainer.currentModel().metrics(on: validation)[0].value == trainer.value("validation:loss"))
        return trainer
    }

    // Python's xgboost 3.2.0, 20 rounds as in TreeReferenceTests, with weight=0.5 + i % 4: means weighted likewise.
    @Test(
        .enabled(if: XGBoostLibrary.isAvailable, "pip install xgboost-cpu"),
        arguments: [
            Reference(task: .regressor, training: 0.12873385478178728, validation: 5.077292786313746),
            Reference(task: .binaryClassifier, training: 0.0403696633137674, validation: 0.36800869535763703),
            Reference(task: .multiclassClassifier, training: 0.1768934427688156, validation: 0.7198009284027364),
        ])
    func `weighted trees are those of Python's xgboost`(reference: Reference) throws {
        let trainer = try boosted(reference.task) { data, rows in data.weights = rows.map { 0.5 + Float($0 % 4) } }
        #expect(abs(trainer.value("train:loss") - reference.training) < 1e-5)
        #expect(abs(trainer.value("validation:loss") - reference.validation) < 1e-5)
    }

    // The same with NaN in every seventh place, counted row after row.
    @Test(
        .enabled(if: XGBoostLibrary.isAvailable, "pip install xgboost-cpu"),
        arguments: [
            Reference(task: .regressor, training: 0.6278772293105092, validation: 10.222037172040318),
            Reference(task: .binaryClassifier, training: 0.11276394740420467, validation: 0.48064701511722563),
            Reference(task: .multiclassClassifier, training: 0.2260516897996293, validation: 1.158488468482215),
        ])
    func `missing features go the way that Python's xgboost sends them`(reference: Reference) throws {
        let trainer = try boosted(reference.task) { data, rows in
            for (position, row) in rows.enumerated() {
                for column in 0..<5 where (row * 5 + column) % 7 == 0 { data.features[position, column] = .nan }
            }
        }
        #expect(abs(trainer.value("train:loss") - reference.training) < 1e-5)
        #expect(abs(trainer.value("validation:loss") - reference.validation) < 1e-5)
    }
}
