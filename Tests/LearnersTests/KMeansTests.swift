import Glibc
import Numerics
import Testing

#if canImport(FoundationEssentials)
    import FoundationEssentials
#endif

@testable import Learners

@Suite struct KMeansTests {
    /// Three groups of 30 rows: sin(1.3 i + 0.7 j² + 0.1 i j) 0.8 + 5 cos(2.1 (i mod 3) + j) (1 + j) in single precision.
    static let groups = Matrix(
        rows: (0..<90).map { i in
            (0..<4).map { j in
                let (x, y) = (Double(i), Double(j))
                return Float(sin(1.3 * x + 0.7 * y * y + 0.1 * x * y) * 0.8 + 5 * cos(Double(i % 3) * 2.1 + y) * (1 + y))
            }
        })

    static func trainer(
        _ settings: [String: String], _ features: Matrix = groups, validation: Matrix? = nil, seed: UInt64 = 1
    ) throws(LearnerError) -> KMeansTrainer {
        try KMeansTrainer(
            TrainingRequest(
                hyperparameters: settings, task: .clustering, classCount: 1, training: LabelledMatrix(unlabelled: features),
                validation: validation.map { LabelledMatrix(unlabelled: $0) }, seed: seed))
    }

    @Test(arguments: ["random", "kmeans++"])
    func `the loss is scikit-learn's inertia a row`(method: String) throws {
        // scikit-learn 1.9.1: KMeans(3, n_init=10, tol=0).inertia_ / 90, with StandardScaler and without.
        for (normalised, expected) in [("true", 0.0357207572086779), ("false", 1.2745864534537534)] {
            let settings = ["k": "3", "normalize_data": normalised, "init_method": method, "local_lloyd_num_trials": "20"]
            let trainer = try Self.trainer(settings, validation: Self.groups)
            trainer.finish()
            #expect(abs(trainer.value("train:loss") / expected - 1) < 1e-5)
            #expect(trainer.value("validation:loss") == trainer.value("train:loss"))
            #expect(abs(trainer.value("train:ssd") / (expected * 90) - 1) < 1e-5)
        }
    }

    @Test func `rows of a group get one cluster and their distance to its centre`() throws {
        let trainer = try Self.trainer(["k": "3"])
        trainer.finish()
        let model = trainer.currentModel()
        let outputs = try model.outputs(Self.groups, classes: [])
        #expect(outputs.map(\.name) == ["prediction", "distance"])
        let labels = outputs[0].texts
        #expect(Set(labels.prefix(3)) == ["0", "1", "2"])
        #expect(labels.indices.allSatisfy { labels[$0] == labels[$0 % 3] })
        let distances = try model.predictScores(Self.groups)
        for row in 0..<90 { #expect(distances.row(row).min().map { "\($0)" } == outputs[1].texts[row]) }
    }

    @Test(arguments: [["k": "3"], ["k": "5", "mini_batch_size": "7", "init_method": "random"]])
    func `the same seed gives the same bytes, and a restored run continues bit for bit`(settings: [String: String]) throws {
        let whole = try Self.trainer(settings), second = try Self.trainer(settings)
        #expect(whole.snapshot() == second.snapshot())
        for _ in 0..<4 { _ = whole.trainStep() }
        try second.restore(whole.snapshot())
        _ = second.evaluate()
        while !whole.isFinished { #expect(whole.trainStep() == second.trainStep()) }
        #expect(second.isFinished)
        #expect(whole.currentModel() == second.currentModel())
        #expect(try Self.trainer(settings, seed: 2).snapshot() != Self.trainer(settings).snapshot())
    }

    @Test func `a damaged or foreign snapshot is refused and changes nothing`() throws {
        let trainer = try Self.trainer(["k": "3"])
        _ = trainer.trainStep()
        let good = trainer.snapshot(), other = try Self.trainer(["k": "3"], seed: 9), more = try Self.trainer(["k": "4"])
        for bytes in [[], Array(good.dropLast()), good + [0], other.snapshot(), more.snapshot()] {
            #expect(throws: LearnerError.self) { try trainer.restore(bytes) }
            #expect(trainer.snapshot() == good)
        }
    }

    @Test func `one row, equal rows and constant columns train without NaN`() throws {
        let constant = Matrix(rowCount: 50, columnCount: 2, elements: (0..<100).map { $0 % 2 == 0 ? 1e6 : Float($0 % 7) })
        for (features, k) in [(Matrix(rows: [[2, 3]]), 1), (Matrix(rowCount: 6, columnCount: 2), 3), (constant, 3)] {
            let trainer = try Self.trainer(["k": "\(k)"], features)
            trainer.finish()
            #expect(trainer.value("train:loss").isFinite)
            #expect(try trainer.currentModel().predictScores(features).firstNonFiniteColumn == nil)
        }
    }

    @Test func `a missing k, more clusters than rows and NaN are refused`() {
        var bad = Self.groups
        bad[3, 2] = .nan
        let faults = [
            TreeSamples.fault { () throws(LearnerError) in _ = try Self.trainer([:]) },
            TreeSamples.fault { () throws(LearnerError) in _ = try Self.trainer(["k": "91"]) },
            TreeSamples.fault { () throws(LearnerError) in _ = try Self.trainer(["k": "3"], bad) },
        ]
        #expect(faults.map { $0?.code } == [.invalidHyperparameter, .invalidHyperparameter, .nonFiniteFeature])
        #expect(faults[0]?.message == "k is not set: give the number of clusters, such as k=3")
    }

    @Test func `a model that was saved and loaded predicts the same`() throws {
        let trainer = try Self.trainer(["k": "3"])
        trainer.finish()
        let model = trainer.currentModel()
        let loaded = try JSONDecoder().decode(KMeansModel.self, from: JSONEncoder().encode(model))
        #expect(loaded == model)
        #expect(try loaded.outputs(Self.groups, classes: []) == model.outputs(Self.groups, classes: []))
        #expect(throws: LearnerError.self) { try model.predictScores(Matrix(rows: [[1, 2]])) }
    }
}
