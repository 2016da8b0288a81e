import Glibc
import Hyperparameters
import Numerics
import Testing

@testable import Learners

@Suite struct NeuralSettingsTests {
    static func message(_ given: [String: String], task: LearningTask = .regressor) -> String {
        do throws(LearnerError) {
            _ = try NeuralContractTests.trainer(task, given)
            return "accepted"
        } catch {
            return error.message
        }
    }

    @Test func `every auto is decided and every value listed`() throws {
        for settings in [[:], ["optimizer": "sgd"], ["image_shape": "1x5x1"]] as [[String: String]] {
            let made = try Learner.named("neural-network").makeTrainer(
                TrainingRequest(
                    hyperparameters: settings, task: .binaryClassifier, classCount: 2,
                    training: LabelledMatrix(features: Samples.features, targets: Samples.binary), validation: nil, seed: 1))
            #expect(Set(made.resolved.keys) == Set(NeuralLearner.hyperparameters.map(\.name)))
            #expect(!made.resolved.values.contains("auto"))
        }
        for spec in NeuralLearner.hyperparameters { #expect(spec.accepts(spec.defaultValue), "\(spec.name)") }
        #expect(Set(NeuralLearner.hyperparameters.map(\.name)).count == NeuralLearner.hyperparameters.count)
    }

    @Test func `wrong values are told with what is right`() {
        #expect(
            Self.message(["hidden_layers": "64,0"])
                == "hidden_layers = '64,0' is not valid: give auto or none, or whole numbers from 1 to 65536 with commas between, such as 64,32"
        )
        #expect(
            Self.message(["image_shape": "8by8"])
                == "image_shape = '8by8' is not valid: give none, or HEIGHTxWIDTHxCHANNELS, such as 28x28x1")
        #expect(
            Self.message(["image_shape": "8x8"])
                == "image_shape = '8x8' is 64 pixels and channels, the rows have 5 features: give the images' own shape")
        #expect(
            Self.message(["augment_shift": "1"])
                == "conv_layers and augment_shift, _rotate and _flip are for images: give image_shape too")
        #expect(Self.message(["dropout": "1"]) == "dropout = '1' is not valid: give auto or a number of at least 0 and below 1")
        #expect(
            Self.message(["predictor_type": "regressor"], task: .binaryClassifier)
                == "predictor_type = 'regressor' does not fit a target for binary_classifier")
        #expect(
            Self.message(["hidden_layers": "65536,65536"])
                == "the network would have more than 2²⁸ weights: make its layers smaller")
    }

    @Test func `a list of sizes is numbers with commas between, or none`() {
        #expect(Hyperparameter.list("64,32") == [64, 32])
        #expect(Hyperparameter.list("64, 32") == [64, 32])
        #expect(Hyperparameter.list("7") == [7])
        #expect(Hyperparameter.list("none") == [])
        for text in ["", ",", "64,", "a", "6 4x", String(repeating: "1,", count: 64) + "1"] {
            #expect(Hyperparameter.list(text) == nil, "\(text)")
        }
        #expect(ImageShape("28x20x3") == ImageShape(height: 28, width: 20, channelCount: 3))
        #expect(ImageShape("8x8") == ImageShape(height: 8, width: 8, channelCount: 1))
        for text in ["", "8", "8x", "0x8", "8x8x1x1", "99999x1", "-1x8"] { #expect(ImageShape(text) == nil, "\(text)") }
    }

    @Test func `learning rates run as their schedules say`() {
        func values(_ shape: LearningRateSchedule.Shape, warmup: Int = 0, at steps: [Int]) -> [Double] {
            let schedule = LearningRateSchedule(
                shape: shape, plannedSteps: 100, warmupSteps: warmup, fallSteps: 30, factor: 0.5)
            return steps.map { (schedule.multiplier(step: $0) * 1e4).rounded() / 1e4 }
        }
        #expect(values(.constant, at: [0, 50, 99]) == [1, 1, 1])
        #expect(values(.constant, warmup: 4, at: [0, 3, 4]) == [0.2, 0.8, 1])
        #expect(values(.step, at: [0, 29, 30, 60, 99]) == [1, 1, 0.5, 0.25, 0.125])
        #expect(values(.cosine, at: [0, 25, 50, 75, 100]) == [1, 0.8536, 0.5, 0.1464, 0])
        #expect(values(.oneCycle, at: [0, 15, 30, 65, 100]) == [0.04, 0.52, 1, 0.5, 0])
        #expect(values(.plateau, at: [0, 99]) == [1, 1])
        var plateau = Plateau(patience: 1, factor: 0.1)
        for loss in [5, 4, 4, 4, 3, 3.0] { plateau.observe(loss) }
        #expect(plateau.scale == 0.1)
        for _ in 0..<1 { plateau.observe(.nan) }
        #expect(abs(plateau.scale - 0.01) < 1e-12)
    }

    @Test(arguments: ["adam", "rmsprop"])
    func `adaptive optimisers take their published first steps`(optimizer: String) throws {
        // With a constant gradient Adam moves by the rate; RMSprop by rate / √(1 - 0.99^t).
        let trainer = try NeuralContractTests.trainer(
            .regressor,
            [
                "hidden_layers": "none", "optimizer": optimizer, "learning_rate": "0.125", "lr_scheduler": "constant",
                "normalize_data": "false", "normalize_label": "false", "beta_2": "0.99", "epochs": "4",
            ], features: Matrix(rows: [[1]]), targets: [1e8])
        let start = trainer.workspace.parameters.base[0]
        trainer.finish()
        let moved = Double(trainer.workspace.parameters.base[0] - start)
        let expected = optimizer == "adam" ? 0.5 : (1...4).reduce(0) { $0 + 0.125 / (1 - pow(0.99, Double($1))).squareRoot() }
        #expect(abs(moved - expected) < 1e-4 * expected)
    }

    @Test func `momentum, Nesterov's and decoupled decay follow their formulas`() throws {
        func moved(_ settings: [String: String]) throws -> Double {
            let base = [
                "hidden_layers": "none", "optimizer": "sgd", "learning_rate": "0.001", "lr_scheduler": "constant",
                "normalize_data": "false", "normalize_label": "false", "momentum": "0.5", "epochs": "2",
            ]
            let trainer = try NeuralContractTests.trainer(
                .regressor, base.merging(settings) { $1 }, features: Matrix(rows: [[1]]), targets: [1e6])
            trainer.workspace.parameters.base[0] = 0
            trainer.finish()
            return Double(trainer.workspace.parameters.base[0])
        }
        // g is -2e6, hardly changing: steps of 1 and 1.5 times rate · g; Nesterov's of 1.5 and 1.75.
        #expect(abs(try moved([:]) / 2000 - 2.5) < 0.02)
        #expect(abs(try moved(["nesterov": "true"]) / 2000 - 3.25) < 0.02)
        #expect(abs(try moved(["weight_decay": "100"]) / 2000 - 2.4) < 0.02)
        #expect(abs(try moved(["gradient_clip": "1000"]) - 2.5 / 2.0.squareRoot()) < 0.02)
    }

    @Test func `an L1 penalty makes weights exactly zero, decay makes them small`() throws {
        func weights(_ settings: [String: String]) throws -> [Float] {
            let trainer = try NeuralContractTests.trainer(
                .regressor, ["hidden_layers": "16", "epochs": "30"].merging(settings) { $1 })
            trainer.finish()
            return Array(trainer.currentModel().parameters.prefix(80))
        }
        let plain = try weights([:]), sparse = try weights(["l1": "0.2"]), small = try weights(["weight_decay": "30"])
        #expect(plain.filter { $0 == 0 }.isEmpty)
        #expect(sparse.filter { $0 == 0 }.count > 30)
        let size = { (values: [Float]) in values.reduce(0) { $0 + abs($1) } }
        #expect(size(small) < 0.7 * size(plain))
    }

    @Test func `balanced classes weigh alike and the mean weight is 1`() {
        let weights = NeuralLoss.balancedWeights(targets: [0, 0, 0, 1], classCount: 3)
        #expect(weights == [4.0 / 6, 2, 1])
    }
}
