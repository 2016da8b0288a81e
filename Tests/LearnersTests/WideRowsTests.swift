import Glibc
import Numerics
import Testing

@testable import Learners

/// Defaults where rows are fewer than columns, and where a class is rare.
@Suite struct WideRowsTests {
    private func trainer(
        _ task: LearningTask, _ training: LabelledMatrix, _ validation: LabelledMatrix, _ settings: [String: String]
    ) throws -> LinearTrainer {
        let configuration = try LinearLearnerConfiguration(
            parsing: settings, rowCount: training.rowCount, featureCount: training.features.columnCount,
            classCount: task == .regressor ? 1 : 2, task: task)
        let trainer = try LinearTrainer(configuration: configuration, training: training, validation: validation, seed: 1)
        trainer.finish()
        return trainer
    }

    /// 10 of `width` columns bear on the target.
    private func wide(_ rows: Int, _ width: Int, seed: UInt64) -> LabelledMatrix {
        var random = RandomSource(seed: seed)
        let features = (0..<rows).map { _ in (0..<width).map { _ in Float(random.normal()) } }
        return LabelledMatrix(
            features: Matrix(rows: features), targets: features.map { Float($0[..<10].reduce(0, +)) + Float(random.normal()) })
    }

    @Test(arguments: [300, 1000])
    func `more columns than rows are no worse than the exact fit by more than a little`(width: Int) throws {
        let training = wide(160, width, seed: 1), validation = wide(400, width, seed: 2)
        let own = try trainer(.regressor, training, validation, [:]).value("validation:r2")
        let exact = try trainer(.regressor, training, validation, ["optimizer": "lbfgs"]).value("validation:r2")
        #expect(own > exact - 0.15 && own > 0, "\(own) and \(exact)")
    }

    @Test func `a class of one row in a hundred is learned to the optimum`() throws {
        func rows(_ count: Int, seed: UInt64) -> LabelledMatrix {
            var random = RandomSource(seed: seed)
            let targets = (0..<count).map { _ in random.uniform() < 0.01 }
            let features = targets.map { isRare in (0..<4).map { _ in Float(random.normal() + (isRare ? 2 : 0)) } }
            return LabelledMatrix(features: Matrix(rows: features), targets: targets.map { $0 ? 1 : 0 })
        }
        let training = rows(2000, seed: 3), validation = rows(8000, seed: 4)
        let own = try trainer(.binaryClassifier, training, validation, [:]).value("validation:log_loss")
        let exact = try trainer(.binaryClassifier, training, validation, ["optimizer": "lbfgs"]).value("validation:log_loss")
        #expect(own < 1.05 * exact, "\(own) and \(exact)")
    }

    @Test func `first weights are 0 unless SageMaker's are asked for`() throws {
        let data = wide(50, 12, seed: 1)
        let resolved = { (settings: [String: String]) in
            try LinearLearnerConfiguration(
                parsing: settings, rowCount: 50, featureCount: 12, classCount: 1, task: .regressor
            ).resolved["init_scale"]
        }
        #expect(try resolved([:]) == "0" && resolved(["preset": "sagemaker"]) == "0.07" && resolved(["init_scale": "1"]) == "1")
        let configuration = try LinearLearnerConfiguration(
            parsing: [:], rowCount: 50, featureCount: 12, classCount: 1, task: .regressor)
        let trainer = try LinearTrainer(configuration: configuration, training: data, validation: nil, seed: 1)
        #expect(trainer.weights.allSatisfy { $0 == 0 })
    }
}
