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

    @Test(arguments: [
        ["k": "3"], ["k": "5", "mini_batch_size": "7", "init_method": "random", "extra_center_factor": "1"],
        ["k": "4", "mini_batch_size": "23", "extra_center_factor": "3", "half_life_time_size": "40", "epochs": "2"],
    ])
    func `the same seed gives the same bytes, and a restored run continues bit for bit`(settings: [String: String]) throws {
        let whole = try Self.trainer(settings), second = try Self.trainer(settings)
        #expect(whole.snapshot() == second.snapshot())
        // In the middle of the mini-batches, and again in the middle of refining.
        for steps in [4, (Int(settings["epochs"] ?? "10") ?? 10) * whole.stepsPerEpoch] {
            for _ in 0..<steps { _ = whole.trainStep() }
            try second.restore(whole.snapshot())
            #expect(second.snapshot() == whole.snapshot())
            _ = second.evaluate()
        }
        while !whole.isFinished { #expect(whole.trainStep() == second.trainStep()) }
        #expect(second.isFinished)
        #expect(whole.step == whole.plannedSteps)
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

    @Test(arguments: ["1", "4"])
    func `refining ends where no row has a nearer centre and no centre is off its rows' mean`(factor: String) throws {
        let settings = [
            "k": "6", "local_lloyd_tol": "0", "mini_batch_size": "32", "extra_center_factor": factor, "normalize_data": "false",
        ]
        let trainer = try Self.trainer(settings, Samples.features)
        var refined: [Double] = []
        while !trainer.isFinished {
            _ = trainer.trainStep()
            if trainer.step % trainer.stepsPerEpoch == 0, trainer.step >= 10 * trainer.stepsPerEpoch {
                refined.append(trainer.value("train:loss"))
            }
        }
        #expect(refined.count > 2)
        for (before, after) in zip(refined, refined.dropFirst()) { #expect(after <= before) }
        let model = trainer.currentModel(), distances = try model.predictScores(Samples.features)
        let own = (0..<200).map { row in (0..<6).min { distances[row, $0] < distances[row, $1] } ?? 0 }
        for cluster in 0..<6 {
            let rows = (0..<200).filter { own[$0] == cluster }
            for feature in 0..<5 {
                let mean = rows.reduce(0.0) { $0 + Double(Samples.features[$1, feature]) } / Double(rows.count)
                let centre = Double(model.centres[cluster * 5 + feature]) + Double(model.featureMeans[feature])
                #expect(abs(centre - mean) < 1e-5)
            }
        }
        // scikit-learn 1.9.1: KMeans(6, n_init=50, tol=0).inertia_ is 1496.7311; one run ends within a tenth of it.
        #expect(trainer.value("train:ssd") < 1496.7311 * 1.1)
        #expect(trainer.value("train:ssd") > 1496.7311 * 0.9999)
    }

    @Test func `nearest centres are those of plain distances where rows lie far from zero and close together`() {
        var random = RandomSource(seed: 5)
        let rows = Matrix(rowCount: 700, columnCount: 7) { for index in $0.indices { $0[index] = 1000 + Float(random.normal()) } }
        let centres = Array(rows.elements.prefix(9 * 7).map { $0 + 0.01 })
        let found = ClusterCentres.assign(rows, to: centres)
        for row in 0..<700 {
            let squares = (0..<9).map { cluster in
                (0..<7).reduce(Float(0)) { sum, column in
                    let delta = rows[row, column] - centres[cluster * 7 + column]
                    return sum + delta * delta
                }
            }
            #expect(abs(found.squares[row] - Double(squares.min() ?? 0)) <= 1e-5 * found.squares[row])
            #expect(squares[found.clusters[row]] <= (squares.min() ?? 0) * (1 + 1e-5))
        }
    }

    @Test func `the silhouette is scikit-learn's`() {
        // scikit-learn 1.9.1: silhouette_score(X, arange(90) % 4), and with row 7 in a cluster of its own.
        var clusters = (0..<90).map { $0 % 4 }
        #expect(abs(ClusterMetric.silhouette(Self.groups, clusters) - -0.06978824508255513) < 1e-6)
        clusters[7] = 9
        #expect(abs(ClusterMetric.silhouette(Self.groups, clusters) - -0.34889379015300676) < 1e-6)
        #expect(ClusterMetric.silhouette(Self.groups, clusters.map { _ in 2 }).isNaN)
    }

    @Test func `evaluation gives the metrics that were asked for`() throws {
        let one = try Self.trainer(["k": "3", "eval_metrics": "[\"ssd\"]"], validation: Self.groups)
        #expect(one.evaluate().map(\.name) == ["train:loss", "train:ssd", "validation:loss", "validation:ssd"])
        let model = try Self.trainer(["k": "3"]).currentModel()
        #expect(
            try model.metrics(on: LabelledMatrix(unlabelled: Self.groups)).map(\.name) == [
                "loss", "msd", "ssd", "silhouette_sampled",
            ])
        let fault = TreeSamples.fault { () throws(LearnerError) in
            _ = try Self.trainer(["k": "3", "eval_metrics": "msd,inertia"])
        }
        #expect(
            fault?.message == "eval_metrics = 'msd,inertia' is not valid: give some of msd, ssd, silhouette_sampled")
    }

    @Test func `with a short half-life centres follow the rows that come last`() throws {
        let rows = Matrix(rowCount: 100, columnCount: 1) { for index in $0.indices { $0[index] = index < 50 ? 0 : 10 } }
        func centre(_ halfLife: String) throws -> Float {
            let settings = [
                "k": "1", "mini_batch_size": "1", "extra_center_factor": "1", "epochs": "1", "half_life_time_size": halfLife,
                "normalize_data": "false",
            ]
            let trainer = try Self.trainer(settings, rows)
            for _ in 0..<100 { _ = trainer.trainStep() }
            let model = trainer.currentModel()
            return model.centres[0] + model.featureMeans[0]
        }
        // Without fading a running mean of all rows; with a half-life of 1 each row counts half of the next.
        #expect(abs(try centre("0") - 5) < 1e-4)
        let order = try Self.trainer(["k": "1"], rows).feedingOrder
        var sum = 0.0, weight = 0.0
        for row in order { (sum, weight) = (sum / 2 + (row < 50 ? 0 : 10), weight / 2 + 1) }
        #expect(abs(Double(try centre("1")) - sum / weight) < 1e-3)
    }
}
