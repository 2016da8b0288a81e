import Numerics
import Testing

#if canImport(FoundationEssentials)
    import FoundationEssentials
#endif

@testable import Learners

@Suite struct PCATests {
    static func trainer(
        _ settings: [String: String], _ features: Matrix = Samples.features, validation: Matrix? = nil, seed: UInt64 = 1
    ) throws(LearnerError) -> PCATrainer {
        try PCATrainer(
            TrainingRequest(
                hyperparameters: settings, task: .decomposition, classCount: 1, training: LabelledMatrix(unlabelled: features),
                validation: validation.map { LabelledMatrix(unlabelled: $0) }, seed: seed))
    }

    static func finished(_ settings: [String: String], _ features: Matrix = Samples.features) throws -> PCAModel {
        let trainer = try trainer(settings, features)
        trainer.finish()
        return trainer.currentModel()
    }

    private func expect(_ found: [Double], _ expected: [Double], within tolerance: Double = 1e-10, line: Int = #line) {
        #expect(found.count == expected.count)
        for (a, b) in zip(found, expected) { #expect(abs(a - b) < tolerance, "\(a) for \(b), line \(line)") }
    }

    // scikit-learn 1.9.1 in double precision on the same single-precision rows: PCA(3, svd_solver="full"), on the rows as they are
    // and after StandardScaler, and numpy's svd of the rows without subtracting means.
    @Test(arguments: ["1000", "200", "33", "1"])
    func `components, singular values and ratios are scikit-learn's, whatever the batches`(batch: String) throws {
        let model = try Self.finished(["num_components": "3", "normalize_data": "false", "mini_batch_size": batch])
        expect(model.singularValues, [50.115549485749575, 40.064737802199986, 29.875936827637602])
        expect(model.explainedVariances, [12.620946232455351, 8.066247312356946, 4.485284428788908])
        expect(model.explainedVarianceRatios, [0.4559758175095811, 0.2914213914506851, 0.16204658482109194])
        expect(
            model.components,
            [
                0.0018347204627516007, -0.003392513563473293, -0.044779945971423124, -0.0867587397208899, 0.9952149527480908,
                -0.008066414786075109, 0.02510597728952894, 0.07454195843501295, 0.9927978979225082, 0.09000251757677366,
                -0.008792867774717819, 0.01892718781841273, 0.9959481968717634, -0.07877585725282506, 0.03802631325211822,
            ])
        let rows = try model.predictScores(Samples.features).elements.prefix(6).map { Double($0) }
        expect(
            rows,
            [
                -4.272263920338234, 3.547086445732226, 0.24828895435903942, 4.997818801626449, -2.44188000571843,
                -2.623078832157625,
            ], within: 1e-6)
    }

    @Test func `scaled features have the components of scikit-learn's StandardScaler and PCA`() throws {
        let model = try Self.finished(["num_components": "3"])
        expect(model.singularValues, [14.997304322985224, 14.307601107842071, 13.835639421993658])
        expect(
            Array(model.components.prefix(5)),
            [-0.41268027054234924, 0.4144407679922889, 0.49246966686462523, 0.5266584263592267, -0.3715351575478739])
    }

    @Test func `without subtracting means they are those of the singular value decomposition`() throws {
        let model = try Self.finished(["num_components": "3", "subtract_mean": "false", "normalize_data": "false"])
        expect(model.singularValues, [60.01904916712266, 43.891073750640516, 31.160864114680706])
        expect(
            Array(model.components.prefix(5)),
            [-0.00122019203560843, 0.08511295706470773, 0.17639648359607954, 0.36291531460639903, 0.91100551626769788])
        #expect(model.featureMeans == [0, 0, 0, 0, 0])
    }

    @Test func `loss is the mean squared distance to the reconstruction, on both splits`() throws {
        let first = Samples.features.selecting(rows: Array(0..<150))
        let last = Samples.features.selecting(rows: Array(150..<200))
        let settings = ["num_components": "3", "normalize_data": "false", "mini_batch_size": "40"]
        let trainer = try Self.trainer(settings, first, validation: last)
        trainer.finish()
        // scikit-learn 1.9.1: PCA(3).fit(X[:150]); ((X - p.inverse_transform(p.transform(X)))[150:] ** 2).sum(1).mean()
        #expect(abs(trainer.value("validation:loss") - 2.554110907242565) < 1e-9)
        let model = trainer.currentModel()
        let explained = model.explainedVarianceRatios.reduce(0, +)
        #expect(abs(trainer.value("train:explained_variance_ratio") - explained) < 1e-10)
        let variance = model.explainedVariances.reduce(0, +) * 149 / 150 / explained
        #expect(abs(trainer.value("train:loss") - variance * (1 - explained)) < 1e-9)
        let measured = try model.metrics(on: LabelledMatrix(unlabelled: last))
        #expect(measured.map(\.name) == ["loss", "explained_variance_ratio"])
        #expect(measured[0].value == trainer.value("validation:loss"))
    }

    /// 400 rows of 60 features that lie near 6 directions.
    static let wide: Matrix = {
        var random = RandomSource(seed: 3)
        let directions = (0..<6 * 60).map { _ in random.normal() }
        return Matrix(rowCount: 400, columnCount: 60) { target in
            for row in 0..<400 {
                let place = (0..<6).map { random.normal() * Double(8 - $0) }
                for column in 0..<60 {
                    let sum = (0..<6).reduce(0.0) { $0 + place[$1] * directions[$1 * 60 + column] }
                    target[row * 60 + column] = Float(sum + 0.3 * random.normal())
                }
            }
        }
    }()

    @Test func `randomized finds what regular finds, closer with every pass`() throws {
        let exact = try Self.finished(["num_components": "6"], Self.wide)
        var settings = ["num_components": "6", "algorithm_mode": "randomized", "extra_components": "4", "mini_batch_size": "64"]
        let model = try Self.finished(settings, Self.wide)
        expect(model.singularValues, exact.singularValues, within: 1e-6)
        expect(model.components, exact.components, within: 1e-5)
        settings["epochs"] = "1"
        let coarse = try Self.finished(settings, Self.wide)
        #expect(zip(coarse.singularValues, exact.singularValues).allSatisfy { $0 < $1 })
        let trainer = try Self.trainer(settings.merging(["epochs": "3"]) { $1 }, Self.wide)
        var losses: [Double] = []
        while !trainer.isFinished {
            _ = trainer.trainStep()
            if trainer.step % trainer.stepsPerEpoch == 0 { losses.append(trainer.value("train:loss")) }
        }
        #expect(losses.count == 3)
        #expect(losses[0] > losses[1] && losses[1] > losses[2])
    }

    static let contracts: [[String: String]] = [
        ["num_components": "2", "mini_batch_size": "17"],
        ["num_components": "2", "mini_batch_size": "17", "algorithm_mode": "randomized", "extra_components": "1", "epochs": "3"],
    ]

    @Test(arguments: contracts)
    func `the same seed gives the same bytes, and a restored run continues bit for bit`(settings: [String: String]) throws {
        let whole = try Self.trainer(settings), second = try Self.trainer(settings)
        #expect(whole.snapshot() == second.snapshot())
        for _ in 0..<7 { _ = whole.trainStep() }
        try second.restore(whole.snapshot())
        #expect(second.snapshot() == whole.snapshot())
        _ = second.evaluate()
        while !whole.isFinished { #expect(whole.trainStep() == second.trainStep()) }
        #expect(second.isFinished)
        #expect(whole.step == whole.plannedSteps)
        #expect(whole.currentModel() == second.currentModel())
        #expect(whole.trainStep().rowCount == 0)
    }

    @Test(arguments: contracts)
    func `a damaged or foreign snapshot is refused and changes nothing`(settings: [String: String]) throws {
        let trainer = try Self.trainer(settings)
        _ = trainer.trainStep()
        let good = trainer.snapshot(), other = try Self.trainer(settings, seed: 9)
        let more = try Self.trainer(settings.merging(["num_components": "3"]) { $1 })
        for bytes in [[], Array(good.dropLast()), good + [0], other.snapshot(), more.snapshot()] {
            #expect(throws: LearnerError.self) { try trainer.restore(bytes) }
            #expect(trainer.snapshot() == good)
        }
    }

    @Test(arguments: ["regular", "randomized"])
    func `one row, equal rows and fewer directions than components train without NaN`(mode: String) throws {
        let thin = Matrix(rowCount: 40, columnCount: 4) { for index in $0.indices { $0[index] = Float(index / 4 % 5) } }
        for features in [Matrix(rows: [[2, 3]]), Matrix(rowCount: 6, columnCount: 3), thin] {
            let trainer = try Self.trainer(["algorithm_mode": mode, "mini_batch_size": "3"], features)
            trainer.finish()
            #expect(trainer.failure == nil)
            #expect(trainer.value("train:loss") < 1e-9)
            #expect(trainer.value("train:explained_variance_ratio") > 0.999)
            let model = trainer.currentModel()
            #expect(try model.predictScores(features).firstNonFiniteColumn == nil)
            // Right angles and length 1, whatever the rows are.
            let width = model.featureCount
            for a in 0..<model.scoreCount {
                for b in 0...a {
                    let products = (0..<width).map { model.components[a * width + $0] * model.components[b * width + $0] }
                    #expect(abs(products.reduce(0, +) - (a == b ? 1 : 0)) < 1e-9)
                }
            }
        }
    }

    @Test func `too many components and NaN are refused`() {
        var bad = Samples.features
        bad[3, 2] = .nan
        let faults = [
            TreeSamples.fault { () throws(LearnerError) in _ = try Self.trainer(["num_components": "6"]) },
            TreeSamples.fault { () throws(LearnerError) in _ = try Self.trainer([:], bad) },
        ]
        #expect(faults.map { $0?.code } == [.invalidHyperparameter, .nonFiniteFeature])
        #expect(faults[0]?.message == "num_components = '6' is more than 200 rows of 5 features have: give 1 to 5")
    }

    @Test func `a model that was saved and loaded predicts the same`() throws {
        let model = try Self.finished(["num_components": "2"])
        let loaded = try JSONDecoder().decode(PCAModel.self, from: JSONEncoder().encode(model))
        #expect(loaded == model)
        let outputs = try loaded.outputs(Samples.features, classes: [])
        #expect(outputs.map(\.name) == ["projection_1", "projection_2"])
        #expect(outputs == (try model.outputs(Samples.features, classes: [])))
        #expect(throws: LearnerError.self) { try model.predictScores(Matrix(rows: [[1, 2]])) }
    }
}
