import Glibc
import Numerics
import Testing

@testable import Learners

/// Many categories of few rows each, as what they are worth: far apart or not at all.
@Suite struct ManyCategoriesTests {
    static let cardinality = 300

    /// A number, and a category that moves the target by `effect` times a normal value; noise has deviation 1.
    static func rows(_ count: Int, effect: Double, seed: UInt64, binary: Bool = false) -> LabelledMatrix {
        var random = RandomSource(seed: 17)
        let effects = (0..<cardinality).map { _ in random.normal() * effect }
        random = RandomSource(seed: seed)
        var features: [[Float]] = [], targets: [Float] = []
        for _ in 0..<count {
            let number = random.normal(), category = min(cardinality - 1, Int(random.uniform() * Double(cardinality)))
            let score = 0.5 * number + effects[category]
            features.append([Float(number), Float(category)])
            targets.append(
                binary ? (random.uniform() < 1 / (1 + exp(-score)) ? 1 : 0) : Float(score + random.normal()))
        }
        return LabelledMatrix(features: Matrix(rows: features), targets: targets)
    }

    static func loss(
        _ learner: String, _ settings: [String: String], effect: Double, binary: Bool = false, metric: String
    ) throws -> Double {
        let training = rows(1500, effect: effect, seed: 1, binary: binary)
        let validation = rows(3000, effect: effect, seed: 2, binary: binary)
        let (trainer, _) = try Learner.named(learner).makeTrainer(
            TrainingRequest(
                hyperparameters: settings, task: binary ? .binaryClassifier : .regressor, classCount: binary ? 2 : 1,
                training: training, validation: validation, seed: 1, cardinalities: [cardinality]))
        trainer.finish()
        return trainer.value("validation:\(metric)")
    }

    /// The penalty that is best here was found by trying: 0.1 / rows (auto for other weights: 2 / rows).
    @Test(arguments: ["adam", "lbfgs"])
    func `categories far apart are hardly penalised`(optimizer: String) throws {
        let found = try Self.loss("linear-learner", ["optimizer": optimizer], effect: 5, metric: "rmse")
        let usual = try Self.loss("linear-learner", ["optimizer": optimizer, "wd": "0.001333"], effect: 5, metric: "rmse")
        let best = try Self.loss("linear-learner", ["optimizer": optimizer, "wd": "0.0000667"], effect: 5, metric: "rmse")
        #expect(found < 0.85 * usual)
        #expect(found < 1.01 * best)
    }

    @Test func `categories that mean nothing are held back more than other features`() throws {
        let found = try Self.loss("linear-learner", [:], effect: 0, metric: "rmse")
        #expect(found < 0.95 * (try Self.loss("linear-learner", ["wd": "0.001333"], effect: 0, metric: "rmse")))
        #expect(found < 1.1)
    }

    @Test func `odds of categories are penalised by their spread too`() throws {
        let usual = ["wd": "0.000667"]
        let strong = try Self.loss("linear-learner", [:], effect: 3, binary: true, metric: "log_loss")
        #expect(strong < (try Self.loss("linear-learner", usual, effect: 3, binary: true, metric: "log_loss")))
        let none = try Self.loss("linear-learner", [:], effect: 0, binary: true, metric: "log_loss")
        #expect(none < (try Self.loss("linear-learner", usual, effect: 0, binary: true, metric: "log_loss")))
    }

    @Test func `a penalty set by hand is that of categories too`() throws {
        let data = Self.rows(1500, effect: 5, seed: 1)
        let trainer = { (settings: [String: String]) in
            try LinearTrainer(
                configuration: LinearLearnerConfiguration(
                    parsing: settings, rowCount: 1500, featureCount: 2, classCount: 1, task: .regressor,
                    cardinalities: [Self.cardinality]),
                training: data, validation: nil, seed: 1)
        }
        #expect(try trainer([:]).categoryPenalties.factor(at: 4) < 0.1)
        #expect(try trainer(["wd": "0.1"]).categoryPenalties.factor(at: 4) == 1)
        #expect(try trainer(["preset": "sagemaker"]).categoryPenalties.factor(at: 4) == 1)
    }

    /// Every row of a category alike, as where all rows stand twice: nothing differs within any.
    @Test(arguments: [true, false])
    func `a category without rows says nothing where those of others never differ`(binary: Bool) throws {
        let categories: [Float] = (0..<400).map { Float($0 / 2) }
        let training = LabelledMatrix(
            features: Matrix(rows: categories.map { [$0.truncatingRemainder(dividingBy: 7), $0] }),
            targets: categories.map { binary ? ($0.truncatingRemainder(dividingBy: 3) == 0 ? 1 : 0) : $0 })
        // Categories 200 to 299 are seen in rows that judge alone.
        let validation = LabelledMatrix(
            features: Matrix(rows: (0..<100).map { [Float($0 % 7), Float(200 + $0)] }), targets: (0..<100).map { Float($0 % 2) })
        let (trainer, _) = try Learner.named("neural-network").makeTrainer(
            TrainingRequest(
                hyperparameters: ["epochs": "2"], task: binary ? .binaryClassifier : .regressor, classCount: binary ? 2 : 1,
                training: training, validation: validation, seed: 1, cardinalities: [300]))
        trainer.finish()
        #expect(trainer.value("validation:\(binary ? "log_loss" : "rmse")").isFinite)
    }

    @Test func `a network begins with what categories of few rows can teach`() throws {
        let settings = ["hidden_layers": "32", "epochs": "40"]
        let linear = try Self.loss("linear-learner", [:], effect: 5, metric: "rmse")
        #expect(try Self.loss("neural-network", settings, effect: 5, metric: "rmse") < 1.15 * linear)
        #expect(try Self.loss("neural-network", settings, effect: 0, metric: "rmse") < 1.25)
    }
}
