import Numerics
import Testing

@testable import Learners

/// K-means and PCA of rows that count for more or less.
@Suite struct WeightedRowsTests {
    private static let weights = (0..<200).map { Float($0 % 3) }

    private static func trained<Model>(
        _ learner: Learner, _ settings: [String: String], weights: [Float]?, as type: Model.Type
    ) throws -> (trainer: any Trainer, model: Model) {
        let data = LabelledMatrix(
            features: Samples.features, targets: [Float](repeating: 0, count: 200), weights: weights)
        let made = try learner.makeTrainer(
            TrainingRequest(
                hyperparameters: settings, task: learner.tasks[0], classCount: 1, training: data, validation: data, seed: 1))
        while !made.trainer.isFinished { _ = made.trainer.trainStep() }
        return (made.trainer, try #require(made.trainer.model as? Model))
    }

    // scikit-learn 1.9.1: features to weighted mean 0 and deviation 1, rows repeated by weight, PCA(2). A component's sign is free.
    @Test func `components are those of rows repeated by their weight`() throws {
        let (trainer, model) = try Self.trained(.pca, ["num_components": "2"], weights: Self.weights, as: PCAModel.self)
        let expected = [
            -0.3159843398551989, 0.28826760018029396, 0.5019369827652953, 0.5665973967145796, -0.49404690366533105,
            0.6030113025290663, -0.6389244111231973, 0.22273046686550638, 0.1077964931589516, -0.4085633623877445,
        ]
        for start in [0, 5] {
            let sign = model.components[start] * expected[start] < 0 ? -1.0 : 1
            for index in start..<start + 5 { #expect(abs(model.components[index] - sign * expected[index]) < 1e-5) }
        }
        for (found, ratio) in zip(model.explainedVarianceRatios, [0.22027825262285555, 0.20782353840872986]) {
            #expect(abs(found - ratio) < 1e-6)
        }
        #expect(abs(trainer.value("train:explained_variance_ratio") - 0.4281017910315854) < 1e-6)
        #expect(trainer.value("validation:loss") == trainer.value("train:loss"))
    }

    // scikit-learn 1.9.1: KMeans(3, n_init=50).fit(features, sample_weight=weights).inertia_ over the weights' sum.
    @Test func `clusters come as near to their rows as scikit-learn's`() throws {
        let (trainer, model) = try Self.trained(
            .kmeans, ["k": "3", "local_lloyd_tol": "0"], weights: Self.weights, as: KMeansModel.self)
        #expect(abs(trainer.value("train:loss") / 3.46282809817621 - 1) < 0.02)
        // Each centre is the weighted mean of its rows.
        let rows = ClusterCentres.standardised(Samples.features, means: model.featureMeans, inverses: model.featureInverses)
        let found = ClusterCentres.assign(rows, to: model.centres)
        var sums = ClusterCentres.Sums(centres: model.centres, width: 5)
        sums.add(rows, found, weights: Self.weights.map(Double.init))
        for (mean, centre) in zip(sums.means(instead: model.centres), model.centres) { #expect(abs(mean - centre) < 1e-5) }
    }

    @Test(arguments: [Learner.kmeans, .pca])
    func `weights of a power of two change no bit, and a model is measured as while it trains`(learner: Learner) throws {
        let settings = learner.name == "kmeans" ? ["k": "3"] : ["num_components": "2"]
        let equal = try Self.trained(learner, settings, weights: [Float](repeating: 1, count: 200), as: (any LearnedModel).self)
        let plain = try Self.trained(learner, settings, weights: nil, as: (any LearnedModel).self)
        for (a, b) in zip(equal.trainer.evaluate(), plain.trainer.evaluate()) {
            #expect(a.name == b.name)
            #expect(abs(a.value - b.value) < 1e-4 * abs(b.value), "\(a.name)")
        }
        let weighted = try Self.trained(learner, settings, weights: Self.weights, as: (any LearnedModel).self)
        let heavier = try Self.trained(
            learner, settings, weights: Self.weights.map { $0 * 8 }, as: (any LearnedModel).self)
        let data = LabelledMatrix(
            features: Samples.features, targets: [Float](repeating: 0, count: 200), weights: Self.weights)
        for (a, b) in zip(weighted.trainer.evaluate(), heavier.trainer.evaluate()) where !a.name.hasSuffix("ssd") {
            #expect(abs(a.value - b.value) < 1e-6 * abs(b.value), "\(a.name)")
        }
        for (name, value) in try weighted.model.metrics(on: data) {
            #expect(abs(value - weighted.trainer.value("train:\(name)")) < 1e-6 * abs(value), "\(name)")
        }
    }
}
