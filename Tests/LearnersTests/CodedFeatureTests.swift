import Numerics
import Testing

#if canImport(FoundationEssentials)
    import FoundationEssentials
#endif

@testable import Learners

/// Categories as codes must do what their indicators do, written out.
@Suite struct CodedFeatureTests {
    static let cardinalities = [7, 40]
    static let codes = (0..<200).map { [($0 * 5 + $0 / 9) % 7, ($0 * $0) % 40] }

    static let coded = Matrix(rows: (0..<200).map { row in Array(Samples.features.row(row)) + codes[row].map { Float($0) } })

    static let expanded = Matrix(
        rows: (0..<200).map { row in
            var indicators = [Float](repeating: 0, count: 47)
            indicators[codes[row][0]] = 1
            indicators[7 + codes[row][1]] = 1
            return Array(Samples.features.row(row)) + indicators
        })

    /// Targets that the categories bear on.
    static func targets(_ task: LearningTask) -> [Float] {
        Samples.targets(task).enumerated().map { row, target in
            task == .regressor ? target + Float(codes[row][1] % 5) : codes[row][1] % 4 == 0 ? 0 : target
        }
    }

    static func trainer(_ task: LearningTask, _ settings: [String: String], coded isCoded: Bool) throws -> LinearTrainer {
        let features = isCoded ? coded : expanded
        let data = LabelledMatrix(features: features, targets: targets(task))
        let configuration = try LinearLearnerConfiguration(
            // Left to auto, categories would have a penalty of their own.
            parsing: settings.merging(["normalize_data": "false", "wd": settings["wd"] ?? "0.005"]) { $1 }, rowCount: 200,
            featureCount: features.columnCount,
            classCount: Samples.classCount(task), task: task, cardinalities: isCoded ? cardinalities : [])
        return try LinearTrainer(configuration: configuration, training: data, validation: data, seed: 3)
    }

    @Test(
        arguments: LearningTask.allCases,
        [
            [:], ["optimizer": "sgd", "momentum": "0.5", "wd": "0.01"], ["optimizer": "lbfgs", "wd": "0.01", "epochs": "150"],
            ["num_models": "4"], ["l1": "0.01", "mini_batch_size": "17"],
        ])
    func `the curve is that of the indicators`(task: LearningTask, settings: [String: String]) throws {
        let isExact = settings["optimizer"] == "lbfgs"
        let coded = try Self.trainer(task, settings, coded: true), whole = try Self.trainer(task, settings, coded: false)
        let rates = [coded, whole].map { $0.configuration.learningRate ?? .nan }
        #expect(isExact || abs(rates[0] / rates[1] - 1) < 1e-3)
        while !coded.isFinished || !whole.isFinished {
            let (left, right) = (coded.trainStep().loss, whole.trainStep().loss)
            // Codes take another way to the optimum of lbfgs: they have no matrix of curvature.
            if !isExact { #expect(abs(left - right) <= 2e-4 * max(1, abs(right)), "step \(coded.step)") }
        }
        for name in ["train:loss", "validation:loss"] {
            let (left, right) = (coded.value(name), whole.value(name))
            #expect(abs(left - right) <= (isExact ? 2e-3 : 2e-4) * max(1, right), "\(name)")
        }
        let own = try coded.currentModel().predictScores(Self.coded)
        let other = try whole.currentModel().predictScores(Self.expanded)
        for (left, right) in zip(own.elements, other.elements) {
            #expect(abs(left - right) <= (isExact ? 0.1 : 2e-3) * max(1, abs(right)))
        }
    }

    @Test(arguments: LearningTask.allCases)
    func `a run goes on from its snapshot, and a model from its file`(task: LearningTask) throws {
        let whole = try Self.trainer(task, [:], coded: true), second = try Self.trainer(task, [:], coded: true)
        for _ in 0..<whole.stepsPerEpoch + 3 { _ = whole.trainStep() }
        try second.restore(whole.snapshot())
        while !whole.isFinished { #expect(whole.trainStep() == second.trainStep()) }
        let model = whole.currentModel()
        #expect(model == second.currentModel())
        let read = try JSONDecoder().decode(LinearModel.self, from: try JSONEncoder().encode(model))
        #expect(try read.predictScores(Self.coded) == model.predictScores(Self.coded))
        #expect(model.coefficients.coefficients.count == model.scoreCount * (5 + 47))
    }

    @Test func `a million categories need no million columns`() throws {
        let count = 20_000, cardinality = 1_000_000
        // The target is a property of the category alone; each of 500 categories recurs 40 times.
        let codes = (0..<count).map { ($0 * 7919) % 500 * 1999 }
        let features = Matrix(rows: codes.map { [1, Float($0)] })
        let data = LabelledMatrix(features: features, targets: codes.map { Float($0 / 1999 % 10) })
        let learner = try Learner.named("linear-learner")
        let (trainer, _) = try learner.makeTrainer(
            TrainingRequest(
                hyperparameters: ["mini_batch_size": "1000", "epochs": "3", "learning_rate": "0.3"], task: .regressor,
                classCount: 1, training: data, validation: nil, seed: 1, cardinalities: [cardinality]))
        trainer.finish()
        #expect(trainer.value("train:r2") > 0.99)
    }

    @Test func `codes outside their categories are refused`() throws {
        let model = try Self.trainer(.regressor, ["epochs": "1"], coded: true).currentModel()
        for code in [-1, 40, 1.5] as [Float] {
            let row = Matrix(rows: [Array(Samples.features.row(0)) + [0, code]])
            #expect(throws: LearnerError.self) { try model.predictScores(row) }
        }
    }
}
