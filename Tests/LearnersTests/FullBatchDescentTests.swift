import Numerics
import Testing

@testable import Learners

/// `optimizer = lbfgs`; expected numbers are those of `LinearReferenceTests`.
@Suite struct FullBatchDescentTests {
    static func fitted(_ task: LearningTask, _ settings: [String: String]) throws -> LinearTrainer {
        let trainer = try Samples.trainer(task, settings.merging(["optimizer": "lbfgs"]) { $1 })
        trainer.finish()
        return trainer
    }

    @Test func `least squares is solved in one step`() throws {
        let trainer = try Self.fitted(.regressor, [:])
        #expect(trainer.step == 1)
        #expect(trainer.isFinished)
        let fit = trainer.currentModel().coefficients
        LinearReferenceTests.expectClose(fit.intercepts, [3.0070726997005703])
        LinearReferenceTests.expectClose(
            fit.coefficients,
            [1.5090994664860324, -2.0020254084319986, 0.4997532377499829, 0.25121828441738847, -1.001179454724202])
    }

    @Test func `logistic and softmax losses come to the reference's optimum in a few steps`() throws {
        let binary = try Self.fitted(.binaryClassifier, ["wd": "0.05"])
        #expect(binary.step < 15)
        LinearReferenceTests.expectClose(
            binary.currentModel().weights.map(Double.init),
            [0.36373603005302957, -1.053969359799802, 0.49860123630518893, 0.4158908669129228, -1.4990217897207831])
        let multiclass = try Self.fitted(.multiclassClassifier, ["wd": "0.05"])
        #expect(multiclass.step < 40)
        let probabilities = try multiclass.currentModel().predictProbabilities(Samples.features)
        LinearReferenceTests.expectClose(
            probabilities.row(0).map(Double.init), [0.12684130519148912, 0.4361408021226403, 0.4370178926858705])
    }

    @Test(arguments: LearningTask.allCases)
    func `the same data gives the same bits, and so does a restored run`(task: LearningTask) throws {
        let settings = ["optimizer": "lbfgs", "wd": "0.001"]
        let whole = try Samples.trainer(task, settings), second = try Samples.trainer(task, settings)
        _ = whole.trainStep()
        _ = second.trainStep()
        #expect(whole.snapshot() == second.snapshot())
        let restored = try Samples.trainer(task, settings)
        try restored.restore(whole.snapshot())
        #expect(restored.snapshot() == whole.snapshot())
        while !whole.isFinished { #expect(whole.trainStep() == restored.trainStep()) }
        #expect(restored.isFinished)
        #expect(restored.currentModel() == whole.currentModel())
        for bytes in [Array(whole.snapshot().dropLast()), whole.snapshot() + [0]] {
            #expect(throws: LearnerError.self) { try restored.restore(bytes) }
        }
        #expect(throws: LearnerError.self) { try Samples.trainer(task).restore(whole.snapshot()) }
    }

    @Test func `a penalty changed on the way leads to the new optimum`() throws {
        let trainer = try Samples.trainer(.regressor, ["optimizer": "lbfgs"])
        try trainer.change(["wd": "0.3"])
        trainer.finish()
        LinearReferenceTests.expectClose(
            trainer.currentModel().weights.map(Double.init),
            [0.19081809280377665, -0.5018903891381057, 0.19041403294522843, 0.12729681218681085, -0.6290408714438067])
        #expect(throws: LearnerError.self) { try trainer.change(["learning_rate": "0.1"]) }
    }

    @Test(arguments: LearningTask.allCases)
    func `columns that repeat or never vary, one row and one class train without NaN`(task: LearningTask) throws {
        var random = RandomSource(seed: 4)
        let repeated = Matrix(
            rows: (0..<60).map { _ in
                let value = Float(random.normal())
                return [value, value, 7, 2 * value]
            })
        for (features, targets) in [
            (repeated, (0..<60).map { Float($0 % 2) }), (Matrix(rows: [[2, 3]]), [1]),
            (Samples.features, [Float](repeating: 1, count: 200)),
        ] as [(Matrix, [Float])] {
            let trainer = try Samples.trainer(task, ["optimizer": "lbfgs"], features: features, targets: targets)
            trainer.finish()
            #expect(trainer.isFinished)
            #expect(trainer.value("train:loss").isFinite)
        }
    }

    @Test(arguments: ["adam", "sgd", "rmsprop", "adagrad", "lbfgs"])
    func `ten thousand columns train`(optimizer: String) throws {
        var random = RandomSource(seed: 9)
        let features = Matrix(rowCount: 40, columnCount: 10_000, elements: (0..<400_000).map { _ in Float(random.uniform()) })
        let trainer = try Samples.trainer(
            .binaryClassifier, ["optimizer": optimizer, "wd": "0.1"], features: features,
            targets: (0..<40).map { Float($0 % 2) })
        let before = trainer.value("train:loss")
        trainer.finish()
        #expect(trainer.value("train:loss") < before / 2)
    }
}
