import Numerics
import Testing

#if canImport(FoundationEssentials)
    import FoundationEssentials
#endif

@testable import Learners

/// What holds for every learner.
@Suite struct TrainerContractTests {
    static let settings: [[String: String]] = [
        [:], ["optimizer": "sgd", "momentum": "0.9", "mini_batch_size": "7"],
        ["l1": "0.01", "wd": "0.01", "mini_batch_size": "33"],
        ["optimizer": "rmsprop", "wd": "0.01"], ["optimizer": "adagrad", "l1": "0.001"],
        ["num_models": "5", "mini_batch_size": "33"],
    ]

    @Test(arguments: LearningTask.allCases, settings)
    func `the same seed gives the same bits, another seed others`(task: LearningTask, settings: [String: String]) throws {
        let first = try Samples.trainer(task, settings), second = try Samples.trainer(task, settings)
        let other = try Samples.trainer(task, settings, seed: 2)
        var losses: [Double] = []
        while !first.isFinished {
            losses.append(first.trainStep().loss)
            #expect(second.trainStep().loss == losses.last)
            if second.step % 5 == 0 { _ = second.evaluate() }
            _ = other.trainStep()
        }
        #expect(first.currentModel() == second.currentModel())
        #expect(first.snapshot() == second.snapshot())
        #expect(first.currentModel() != other.currentModel())
        #expect(losses.count == first.plannedSteps)
    }

    @Test(arguments: LearningTask.allCases, settings)
    func `a run restored in the middle of an epoch continues bit for bit`(task: LearningTask, settings: [String: String]) throws {
        let whole = try Samples.trainer(task, settings), second = try Samples.trainer(task, settings)
        for _ in 0..<whole.stepsPerEpoch * 2 + 3 { _ = whole.trainStep() }
        let bytes = whole.snapshot()
        try second.restore(bytes)
        #expect(second.snapshot() == bytes)
        #expect(second.feedingOrder == whole.feedingOrder)
        while !whole.isFinished { #expect(whole.trainStep() == second.trainStep()) }
        #expect(second.isFinished)
        #expect(whole.currentModel() == second.currentModel())
    }

    @Test func `a damaged or foreign snapshot is refused and changes nothing`() throws {
        let trainer = try Samples.trainer(.regressor)
        _ = trainer.trainStep()
        let good = trainer.snapshot()
        let other = try Samples.trainer(.regressor, seed: 9), wider = try Samples.trainer(.multiclassClassifier)
        for bytes in [[], Array(good.dropLast()), good + [0], Array(good.dropFirst()), other.snapshot(), wider.snapshot()] {
            #expect(throws: LearnerError.self) { try trainer.restore(bytes) }
            #expect(trainer.snapshot() == good)
        }
    }

    @Test func `each epoch takes every row once, in a new order or in the file's`() throws {
        let trainer = try Samples.trainer(.regressor)
        let first = trainer.feedingOrder
        #expect(first.sorted() == (0..<200).map { Int32($0) })
        #expect(first != first.sorted())
        for _ in 0...trainer.stepsPerEpoch { _ = trainer.trainStep() }
        #expect(trainer.feedingOrder != first)
        #expect(trainer.feedingOrder.sorted() == first.sorted())
        #expect(try Samples.trainer(.regressor, ["shuffle": "false"]).feedingOrder == first.sorted())
    }

    @Test func `the last batch of an epoch is as long as the rows that remain`() throws {
        let trainer = try Samples.trainer(.regressor, ["mini_batch_size": "64", "epochs": "2"])
        #expect((0..<8).map { _ in trainer.trainStep().rowCount } == [64, 64, 64, 8, 64, 64, 64, 8])
        #expect(trainer.isFinished)
        #expect(trainer.trainStep().rowCount == 0)
        #expect(trainer.step == 8)
    }

    @Test func `features that are not finite are refused with their column`() throws {
        for bad in [Float.nan, .infinity, -.infinity] {
            var features = Samples.features
            features[17, 3] = bad
            do throws(LearnerError) {
                _ = try Samples.trainer(.regressor, features: features)
                Issue.record("trained on \(bad)")
            } catch {
                #expect(error.code == .nonFiniteFeature)
                #expect(
                    error.message
                        == "training: feature 3 (from 0) holds NaN or an infinite value: fill in or leave out such values")
            }
            #expect(throws: LearnerError.self) {
                try Samples.trainer(.regressor).currentModel().predictScores(features)
            }
        }
    }

    @Test func `targets outside the classes, NaN targets and unequal shapes are refused`() {
        var targets = Samples.classes
        targets[3] = 3
        #expect(throws: LearnerError.self) { try Samples.trainer(.multiclassClassifier, targets: targets) }
        targets[3] = 0.5
        #expect(throws: LearnerError.self) { try Samples.trainer(.multiclassClassifier, targets: targets) }
        targets[3] = .nan
        #expect(throws: LearnerError.self) { try Samples.trainer(.regressor, targets: targets) }
        #expect(throws: LearnerError.self) { try Samples.trainer(.regressor, targets: [1, 2, 3]) }
        #expect(throws: LearnerError.self) {
            try Samples.trainer(
                .regressor, validation: LabelledMatrix(features: Matrix(rows: [[1, 2]]), targets: [1]))
        }
    }

    @Test(arguments: LearningTask.allCases)
    func `one row, one class, constant columns and constant targets train without NaN`(task: LearningTask) throws {
        let constant = Matrix(rowCount: 50, columnCount: 3, elements: (0..<150).map { $0 % 3 == 0 ? 1e6 : Float($0 % 7) })
        for (features, targets) in [
            (Matrix(rows: [[2, 3]]), [1]), (Samples.features, [Float](repeating: 1, count: 200)),
            (constant, (0..<50).map { Float($0 % 2) }), (Matrix(rowCount: 4, columnCount: 1), [0, 1, 0, 1]),
        ] as [(Matrix, [Float])] {
            let trainer = try Samples.trainer(task, features: features, targets: targets)
            trainer.finish()
            #expect(trainer.value("train:loss").isFinite)
            #expect(try trainer.currentModel().predictScores(features).firstNonFiniteColumn == nil)
        }
    }

    @Test func `a run that diverges reports what it computes`() throws {
        let trainer = try Samples.trainer(
            .regressor, ["optimizer": "sgd", "learning_rate": "1e6", "use_lr_scheduler": "false"])
        trainer.finish()
        #expect(!trainer.trainStep().loss.isFinite)
        #expect(!trainer.value("train:loss").isFinite)
        #expect(!trainer.value("train:rmse").isFinite)
        let classifier = try Samples.trainer(.binaryClassifier)
        var model = classifier.currentModel()
        model.weights[0] = .nan
        classifier.adopt(model)
        #expect(classifier.trainStep().loss.isNaN)
        #expect(classifier.value("train:loss").isNaN)
        #expect(classifier.value("train:roc_auc").isNaN)
    }

    @Test(arguments: LearningTask.allCases)
    func `a model that was saved and loaded predicts the same`(task: LearningTask) throws {
        let trainer = try Samples.trainer(task)
        for _ in 0..<20 { _ = trainer.trainStep() }
        let model = trainer.currentModel()
        let loaded = try JSONDecoder().decode(LinearModel.self, from: JSONEncoder().encode(model))
        #expect(loaded == model)
        #expect(try loaded.predictScores(Samples.features) == model.predictScores(Samples.features))
        let best = trainer.value("train:loss")
        trainer.finish()
        trainer.adopt(loaded)
        #expect(trainer.value("train:loss") == best)
    }

    @Test func `a model refuses rows of another width`() throws {
        let model = try Samples.trainer(.regressor).currentModel()
        #expect(throws: LearnerError.self) { try model.predictScores(Matrix(rows: [[1, 2]])) }
        #expect(throws: LearnerError.self) { try model.predictProbabilities(Samples.features) }
    }

    @Test func `losses are in the target's own units in steps and in evaluations`() throws {
        let data = LabelledMatrix(features: Samples.features, targets: Samples.numbers.map { $0 * 1000 })
        let settings = ["mini_batch_size": "200", "epochs": "1"]
        let trainer = try Samples.trainer(.regressor, settings, targets: data.targets, validation: data)
        let before = trainer.value("train:loss")
        #expect(abs(trainer.trainStep().loss / before - 1) < 1e-5)
        #expect(trainer.evaluate().map(\.name).prefix(3) == ["train:loss", "train:mse", "train:rmse"])
        #expect(trainer.value("validation:loss") == trainer.value("train:loss"))
        #expect(trainer.value("validation:rmse") == trainer.value("validation:loss").squareRoot())
    }

    @Test func `rate and penalties change from the next step on, other settings are refused`() throws {
        let trainer = try Samples.trainer(.regressor)
        _ = trainer.trainStep()
        try trainer.change(["learning_rate": "0.001", "wd": "0.1"])
        #expect(abs((trainer.trainStep().learningRate ?? .nan) - 0.001) < 1e-9)
        let resumed = try Samples.trainer(.regressor)
        try resumed.restore(trainer.snapshot())
        #expect(resumed.trainStep() == trainer.trainStep())
        #expect(throws: LearnerError.self) { try trainer.change(["epochs": "3"]) }
        #expect(throws: LearnerError.self) { try trainer.change(["learning_rate": "auto"]) }
        #expect(throws: LearnerError.self) { try trainer.change(["learning_rate": "-1"]) }
    }
}
