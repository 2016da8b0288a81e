import Numerics
import Testing

#if canImport(FoundationEssentials)
    import FoundationEssentials
#endif

@testable import Learners

/// What holds for every learner, of neural networks.
@Suite struct NeuralContractTests {
    static let settings: [[String: String]] = [
        ["epochs": "6"],
        [
            "optimizer": "sgd", "nesterov": "true", "mini_batch_size": "7", "epochs": "4", "dropout": "0.2",
            "batch_normalization": "true", "lr_scheduler": "plateau", "lr_scheduler_patience": "0",
        ],
        [
            "optimizer": "rmsprop", "l1": "0.001", "wd": "0.01", "mini_batch_size": "33", "activation": "gelu", "epochs": "4",
            "gradient_clip": "0.5", "lr_scheduler": "one_cycle", "augment_noise": "0.1", "hidden_layers": "9,8,7",
        ],
        [
            "image_shape": "1x5x1", "conv_layers": "3", "augment_shift": "1", "augment_flip": "true", "augment_rotate": "5",
            "batch_normalization": "true", "epochs": "4", "warmup_steps": "5",
        ],
    ]

    static func trainer(
        _ task: LearningTask, _ hyperparameters: [String: String] = [:], features: Matrix = Samples.features,
        targets: [Float]? = nil, validation: LabelledMatrix? = nil, seed: UInt64 = 1, groups: [Range<Int>] = []
    ) throws(LearnerError) -> NeuralTrainer {
        let request = TrainingRequest(
            hyperparameters: ["hidden_layers": "16,16"].merging(hyperparameters) { $1 }, task: task,
            classCount: Samples.classCount(task),
            training: LabelledMatrix(features: features, targets: targets ?? Samples.targets(task)), validation: validation,
            seed: seed, featureGroups: groups)
        return try NeuralTrainer(
            configuration: NeuralConfiguration(request), training: request.training, validation: validation, seed: seed)
    }

    @Test(arguments: LearningTask.allCases, settings)
    func `the same seed gives the same bits, another seed others`(task: LearningTask, settings: [String: String]) throws {
        let first = try Self.trainer(task, settings), second = try Self.trainer(task, settings)
        let other = try Self.trainer(task, settings, seed: 2)
        while !first.isFinished {
            let report = first.trainStep()
            #expect(second.trainStep() == report)
            #expect(report.loss.isFinite)
            if second.step % 5 == 0 { _ = second.evaluate() }
            _ = other.trainStep()
        }
        #expect(first.currentModel() == second.currentModel())
        #expect(first.snapshot() == second.snapshot())
        #expect(first.currentModel() != other.currentModel())
        #expect(first.step == first.plannedSteps)
    }

    @Test(arguments: LearningTask.allCases, settings)
    func `a run restored in the middle of an epoch continues bit for bit`(task: LearningTask, settings: [String: String]) throws {
        let whole = try Self.trainer(task, settings), second = try Self.trainer(task, settings)
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
        let trainer = try Self.trainer(.regressor)
        _ = trainer.trainStep()
        let good = trainer.snapshot()
        let others = [
            try Self.trainer(.regressor, seed: 9), try Self.trainer(.multiclassClassifier),
            try Self.trainer(.regressor, ["hidden_layers": "16"]), try Self.trainer(.regressor, ["optimizer": "sgd"]),
        ].map { $0.snapshot() }
        for bytes in [[], Array(good.dropLast()), good + [0], Array(good.dropFirst())] + others {
            #expect(throws: LearnerError.self) { try trainer.restore(bytes) }
            #expect(trainer.snapshot() == good)
        }
    }

    @Test func `each epoch takes every row once, in a new order or in the file's`() throws {
        let trainer = try Self.trainer(.regressor)
        let first = trainer.feedingOrder
        #expect(first.sorted() == (0..<200).map { Int32($0) })
        #expect(first != first.sorted())
        for _ in 0...trainer.stepsPerEpoch { _ = trainer.trainStep() }
        #expect(trainer.feedingOrder != first)
        #expect(trainer.feedingOrder.sorted() == first.sorted())
        #expect(try Self.trainer(.regressor, ["shuffle": "false"]).feedingOrder == first.sorted())
    }

    @Test func `the last batch of an epoch is as long as the rows that remain`() throws {
        let trainer = try Self.trainer(.regressor, ["mini_batch_size": "64", "epochs": "2"])
        #expect((0..<8).map { _ in trainer.trainStep().rowCount } == [64, 64, 64, 8, 64, 64, 64, 8])
        #expect(trainer.isFinished)
        #expect(trainer.trainStep().rowCount == 0)
        #expect(trainer.step == 8)
    }

    @Test func `features and targets that are not finite, wrong classes and unequal shapes are refused`() throws {
        for bad in [Float.nan, .infinity, -.infinity] {
            var features = Samples.features
            features[17, 3] = bad
            #expect(throws: LearnerError.self) { try Self.trainer(.regressor, features: features) }
            let model = try Self.trainer(.regressor).currentModel()
            #expect(throws: LearnerError.self) { try model.predictScores(features) }
        }
        var targets = Samples.classes
        for bad in [3, 0.5, -1, .nan] as [Float] {
            targets[3] = bad
            #expect(throws: LearnerError.self) { try Self.trainer(.multiclassClassifier, targets: targets) }
        }
        #expect(throws: LearnerError.self) { try Self.trainer(.regressor, targets: [1, 2, 3]) }
        #expect(throws: LearnerError.self) {
            let weighted = LabelledMatrix(
                features: Samples.features, targets: Samples.numbers, weights: [Float](repeating: -1, count: 200))
            return try Self.trainer(.regressor, validation: weighted)
        }
        #expect(throws: LearnerError.self) {
            try Self.trainer(.regressor, validation: LabelledMatrix(features: Matrix(rows: [[1, 2]]), targets: [1]))
        }
        #expect(throws: LearnerError.self) { try Self.trainer(.regressor).currentModel().predictScores(Matrix(rows: [[1, 2]])) }
    }

    @Test(arguments: LearningTask.allCases, ["false", "true"])
    func `one row, one class, constant columns and constant targets train without NaN`(
        task: LearningTask, normalizes: String
    ) throws {
        let constant = Matrix(rowCount: 50, columnCount: 3, elements: (0..<150).map { $0 % 3 == 0 ? 1e6 : Float($0 % 7) })
        for (features, targets) in [
            (Matrix(rows: [[2, 3]]), [1]), (Samples.features, [Float](repeating: 1, count: 200)),
            (constant, (0..<50).map { Float($0 % 2) }), (Matrix(rowCount: 4, columnCount: 1), [0, 1, 0, 1]),
        ] as [(Matrix, [Float])] {
            let trainer = try Self.trainer(
                task, ["epochs": "5", "batch_normalization": normalizes, "class_weights": "balanced"], features: features,
                targets: targets)
            trainer.finish()
            #expect(trainer.value("train:loss").isFinite)
            #expect(try trainer.currentModel().predictScores(features).firstNonFiniteColumn == nil)
        }
    }

    @Test func `a run that diverges reports what it computes`() throws {
        let trainer = try Self.trainer(
            .regressor, ["optimizer": "sgd", "learning_rate": "1e9", "lr_scheduler": "constant", "epochs": "20"])
        trainer.finish()
        #expect(!trainer.value("train:loss").isFinite)
        #expect(!trainer.value("train:rmse").isFinite)
        let classifier = try Self.trainer(.binaryClassifier)
        classifier.workspace.parameters.base[0] = .nan
        #expect(classifier.trainStep().loss.isNaN)
        #expect(classifier.value("train:loss").isNaN)
    }

    @Test(arguments: LearningTask.allCases, settings)
    func `a model that was saved and loaded predicts the same, and what the trainer measured`(
        task: LearningTask, settings: [String: String]
    ) throws {
        let trainer = try Self.trainer(task, settings)
        for _ in 0..<20 { _ = trainer.trainStep() }
        let model = trainer.currentModel()
        let loaded = try JSONDecoder().decode(NeuralModel.self, from: JSONEncoder().encode(model))
        #expect(loaded == model)
        let scores = try model.predictScores(Samples.features)
        #expect(try loaded.predictScores(Samples.features) == scores)
        let data = LabelledMatrix(features: Samples.features, targets: Samples.targets(task))
        let measured = try model.metrics(on: data)
        #expect(measured.first?.value == trainer.value("train:loss"))
    }

    @Test func `a model file whose parts do not fit together is refused`() throws {
        let model = try Self.trainer(.regressor).currentModel()
        let text = String(decoding: try JSONEncoder().encode(model), as: UTF8.self)
        for (part, other) in [
            ("\"featureCount\":5", "\"featureCount\":6"), ("\"outputWidth\":16", "\"outputWidth\":15"),
            ("\"inputWidth\":5", "\"inputWidth\":-5"), ("\"statistics\":[]", "\"statistics\":[1]"),
        ] {
            let changed = text.split(separator: part, maxSplits: 1).joined(separator: other)
            #expect(changed != text)
            #expect(throws: DecodingError.self) { try JSONDecoder().decode(NeuralModel.self, from: Data(changed.utf8)) }
        }
    }

    @Test func `losses are in the target's own units in steps and in evaluations`() throws {
        let data = LabelledMatrix(features: Samples.features, targets: Samples.numbers.map { $0 * 1000 })
        let settings = ["mini_batch_size": "200", "epochs": "1", "dropout": "0"]
        let trainer = try Self.trainer(.regressor, settings, targets: data.targets, validation: data)
        let before = trainer.value("train:loss")
        #expect(abs(trainer.trainStep().loss / before - 1) < 1e-5)
        #expect(trainer.evaluate().map(\.name).prefix(3) == ["train:loss", "train:mse", "train:rmse"])
        #expect(trainer.value("validation:loss") == trainer.value("train:loss"))
        let classifier = try Self.trainer(
            .multiclassClassifier,
            ["label_smoothing": "0.3", "class_weights": "balanced", "mini_batch_size": "200", "dropout": "0"])
        let cross = classifier.value("train:loss")
        #expect(abs(classifier.trainStep().loss / cross - 1) < 1e-5)
    }

    @Test func `rate, penalties and dropout change from the next step on, other settings are refused`() throws {
        let trainer = try Self.trainer(.regressor, ["lr_scheduler": "cosine"])
        for _ in 0..<10 { _ = trainer.trainStep() }
        try trainer.change(["learning_rate": "0.001", "weight_decay": "0.1", "dropout": "0.5", "l1": "0.01"])
        #expect(abs((trainer.trainStep().learningRate ?? .nan) - 0.001) < 1e-9)
        let resumed = try Self.trainer(.regressor, ["lr_scheduler": "cosine"])
        try resumed.restore(trainer.snapshot())
        #expect(resumed.trainStep() == trainer.trainStep())
        try trainer.change(["dropout": "0"])
        #expect(resumed.trainStep() != trainer.trainStep())
        #expect(throws: LearnerError.self) { try trainer.change(["epochs": "3"]) }
        #expect(throws: LearnerError.self) { try trainer.change(["learning_rate": "auto"]) }
        #expect(throws: LearnerError.self) { try trainer.change(["dropout": "1"]) }
    }
}
