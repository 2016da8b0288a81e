import Glibc
import Numerics
import Testing

@testable import Learners

/// What networks learn from made and from real data.
@Suite struct NeuralTrainingTests {
    /// A trainer run as a job runs it: at most all epochs, the model of the best validation loss kept.
    static func best(_ trainer: NeuralTrainer, patience: Int) throws -> (epoch: Int, losses: [Double]) {
        var best = Double.infinity, kept: [UInt8] = [], bestEpoch = 0, losses: [Double] = []
        while !trainer.isFinished, losses.count - bestEpoch < patience {
            for _ in 0..<trainer.stepsPerEpoch { _ = trainer.trainStep() }
            losses.append(trainer.value("validation:loss"))
            guard let loss = losses.last, loss < best else { continue }
            (best, bestEpoch, kept) = (loss, losses.count, trainer.snapshot())
        }
        try trainer.restore(kept)
        return (bestEpoch, losses)
    }

    /// The digits of the sample data; every fifth row for validation.
    static let digits: (training: LabelledMatrix, validation: LabelledMatrix) = {
        let path = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 } + "/sample-data/digits.csv"
        var rows: [[Float]] = []
        if let file = fopen(path, "r") {
            var line = [CChar](repeating: 0, count: 4096)
            while fgets(&line, Int32(line.count), file) != nil {
                let text = String(
                    decoding: line.prefix { $0 != 0 && $0 != 10 && $0 != 13 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
                let numbers = text.split(separator: ",").compactMap { Float($0) }
                if numbers.count == 65 { rows.append(numbers) }
            }
            fclose(file)
        }
        func part(_ belongs: (Int) -> Bool) -> LabelledMatrix {
            let chosen = rows.indices.filter(belongs).map { rows[$0] }
            return LabelledMatrix(features: Matrix(rows: chosen.map { Array($0.dropLast()) }), targets: chosen.map { $0[64] })
        }
        return (part { $0 % 5 != 4 }, part { $0 % 5 == 4 })
    }()

    static func digitTrainer(_ settings: [String: String], rows: Int? = nil) throws -> NeuralTrainer {
        var training = digits.training
        if let rows {
            training = LabelledMatrix(
                features: training.features.selecting(rows: Array(0..<rows)), targets: Array(training.targets.prefix(rows)))
        }
        let request = TrainingRequest(
            hyperparameters: settings, task: .multiclassClassifier, classCount: 10, training: training,
            validation: digits.validation, seed: 1)
        return try NeuralTrainer(
            configuration: NeuralConfiguration(request), training: training, validation: digits.validation, seed: 1)
    }

    @Test(arguments: Activation.allCases.filter { $0 != .identity })
    func `a network learns what no line divides`(activation: Activation) throws {
        let corners: [[Float]] = [[0, 0], [0, 1], [1, 0], [1, 1]]
        let trainer = try NeuralContractTests.trainer(
            .binaryClassifier,
            [
                "hidden_layers": "8", "activation": activation.rawValue, "epochs": "600", "dropout": "0", "weight_decay": "0",
                "learning_rate": "0.05",
            ], features: Matrix(rows: corners), targets: [0, 1, 1, 0])
        trainer.finish()
        #expect(trainer.value("train:loss") < 0.01)
        #expect(trainer.value("train:accuracy") == 1)
    }

    @Test func `a small convolutional network reads digits`() throws {
        let trainer = try Self.digitTrainer(["image_shape": "8x8x1", "epochs": "10"])
        let (_, losses) = try Self.best(trainer, patience: 20)
        #expect(losses.count == 10)
        #expect(trainer.value("validation:accuracy") > 0.97)
    }

    @Test func `without rules a few digits are learned by heart, and the best model is not the last`() throws {
        let trainer = try Self.digitTrainer(
            [
                "hidden_layers": "64", "dropout": "0", "weight_decay": "0", "optimizer": "adam", "lr_scheduler": "constant",
                "learning_rate": "0.01", "epochs": "100", "mini_batch_size": "16",
            ], rows: 120)
        let (epoch, losses) = try Self.best(trainer, patience: 100)
        let last = try #require(losses.last), least = try #require(losses.min())
        #expect(losses.count == 100)
        #expect(epoch < 60)
        #expect(last > 1.05 * least)
        // What was restored is the model of that epoch.
        #expect(trainer.value("validation:loss") == least)
        #expect(trainer.step == epoch * trainer.stepsPerEpoch)
    }

    @Test func `moved images help where there are few`() throws {
        let settings = [
            "image_shape": "8x8x1", "conv_layers": "none", "epochs": "100", "dropout": "0", "weight_decay": "0",
        ]
        let plain = try Self.digitTrainer(settings, rows: 200)
        let moved = try Self.digitTrainer(
            settings.merging(["augment_shift": "0.5", "augment_rotate": "10"]) { $1 }, rows: 200)
        plain.finish()
        moved.finish()
        #expect(moved.value("validation:loss") < plain.value("validation:loss"))
    }

    @Test func `moving an image by whole pixels moves its pixels, and zeros come in`() {
        let shape = ImageShape(height: 2, width: 3, channelCount: 1)
        var random = RandomSource(seed: 1)
        let image: [Float] = [1, 2, 3, 4, 5, 6]
        var result = [Float](repeating: .nan, count: 6)
        Augmentation().warp(image, count: 1, shape: shape, fill: [9], random: &random, into: &result)
        #expect(result == image)
        Augmentation(mirrors: true).warp(image, count: 1, shape: shape, fill: [9], random: &random, into: &result)
        #expect(result == image || result == [3, 2, 1, 6, 5, 4])
        var outcomes: Set<[Float]> = []
        for _ in 0..<20 {
            Augmentation(shift: 0.5, rotation: 180, mirrors: true).warp(
                image, count: 1, shape: shape, fill: [9], random: &random, into: &result)
            #expect(result.allSatisfy { $0 >= 1 && $0 <= 9 })
            outcomes.insert(result)
        }
        #expect(outcomes.count == 20)
    }

    @Test func `embedded categories are learned, and a request without groups has none`() throws {
        var random = RandomSource(seed: 2)
        let effects = (0..<12).map { _ in Float(random.normal()) }
        let codes = (0..<240).map { _ in random.integer(below: 12) }
        let rows = codes.map { code in (0..<12).map { Float($0 == code ? 1 : 0) } + [Float(random.normal())] }
        let targets = zip(codes, rows).map { effects[$0] + 0.5 * $1[12] }
        let trainer = try NeuralContractTests.trainer(
            .regressor, ["epochs": "80", "dropout": "0", "embedding_width": "3"], features: Matrix(rows: rows), targets: targets,
            groups: [0..<12])
        #expect(trainer.workspace.architecture.stages.first?.layer.outputWidth == 4)
        trainer.finish()
        #expect(trainer.value("train:r2") > 0.98)
        let plain = try NeuralContractTests.trainer(.regressor, features: Matrix(rows: rows), targets: targets)
        #expect(plain.workspace.architecture.stages.first?.layer.inputWidth == 13)
        #expect(plain.workspace.architecture.stages.first?.layer.outputWidth == 16)
    }

    @Test func `balanced classes make the rare one heard`() throws {
        let targets = (0..<200).map { Float(Samples.features[$0, 0] + Float(Samples.noise[$0]) * 2 > 1.9 ? 1 : 0) }
        func recall(_ weights: String) throws -> Double {
            let trainer = try NeuralContractTests.trainer(
                .binaryClassifier, ["class_weights": weights, "epochs": "10"], targets: targets)
            trainer.finish()
            return trainer.value("train:recall")
        }
        #expect(try recall("balanced") > recall("none") + 0.1)
    }
}
