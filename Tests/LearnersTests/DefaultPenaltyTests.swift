import Numerics
import Testing

@testable import Learners

/// `wd = auto` on features some of which are indicators of categories that are not scaled.
///
/// Expected numbers: scikit-learn 1.9.1, StandardScaler on `Samples.features`, beside it the indicators as 0 and 1;
/// LogisticRegression(C=1, tol=1e-12, max_iter=100000) and Ridge(1, tol=1e-14), whose coefficients are divided by the target's
/// population deviation.
@Suite struct DefaultPenaltyTests {
    /// `Samples.features` and indicators of a category of four values, the last of which only row 199 has.
    private static let features = Matrix(
        rows: (0..<200).map { row in
            let value = row == 199 ? 3 : row % 8 < 5 ? 0 : row % 8 < 7 ? 1 : 2
            return Array(Samples.features.row(row)) + (0..<4).map { Float($0 == value ? 1 : 0) }
        })

    private static func fitted(
        _ task: LearningTask, _ settings: [String: String] = [:], unscaled: [Range<Int>] = [5..<9]
    ) throws -> LinearModel {
        let data = LabelledMatrix(features: features, targets: Samples.targets(task))
        let configuration = try LinearLearnerConfiguration(
            parsing: settings.merging(["optimizer": "lbfgs"]) { $1 }, rowCount: 200, featureCount: 9,
            classCount: Samples.classCount(task), task: task, unscaledFeatures: unscaled)
        let trainer = try LinearTrainer(configuration: configuration, training: data, validation: nil, seed: 1)
        trainer.finish()
        return trainer.currentModel()
    }

    private static func expectClose(_ found: [Float], _ expected: [Double], _ tolerance: Double = 2e-3) {
        #expect(found.count == expected.count)
        for (a, b) in zip(found, expected) { #expect(abs(Double(a) - b) < tolerance, "\(a) for \(b)") }
    }

    @Test func `two classes are told apart as by scikit-learn's logistic regression`() throws {
        Self.expectClose(
            try Self.fitted(.binaryClassifier).weights,
            [
                0.9466587198603463, -2.6882662268137705, 1.012073516132988, 0.9299797044183631, -3.506666412824234,
                -0.13240772485505106, 0.1136310791073169, 0.018850739620016214, -7.41053737804337e-05,
            ])
    }

    @Test func `numbers are predicted as by scikit-learn's ridge regression`() throws {
        Self.expectClose(
            try Self.fitted(.regressor).weights,
            [
                0.21589224857964506, -0.5741022354775374, 0.21474541607257622, 0.14408897825523714, -0.7181071292868207,
                0.025254217645692967, 0.017516347283990482, 0.0197947089917802, -0.06256527392145965,
            ], 1e-4)
    }

    @Test func `three classes are told apart as by scikit-learn's multinomial regression`() throws {
        let found = try Self.fitted(.multiclassClassifier).predictProbabilities(Self.features)
        Self.expectClose(Array(found.row(0)), [0.041257185458698, 0.43774896518758194, 0.5209938493537202])
        Self.expectClose(Array(found.row(199)), [0.9867094242864354, 0.013279971504363162, 1.0604209201542586e-05])
    }

    @Test func `SageMaker's preset scales indicators and has no penalty, and what is set by hand holds`() throws {
        let plain = try Self.fitted(.regressor, ["preset": "sagemaker", "num_models": "1"])
        #expect(plain.featureInverses[8] > 10)
        #expect(try Self.fitted(.regressor).featureInverses[8] == 1)
        let resolved = try HyperparameterTests.configuration(["preset": "sagemaker", "epochs": "7"]).resolved
        #expect(resolved["wd"] == "0" && resolved["num_models"] == "32" && resolved["mini_batch_size"] == "1000")
        #expect(resolved["shuffle"] == "false" && resolved["lr_scheduler_factor"] == "0.99" && resolved["epochs"] == "7")
        #expect(!resolved.values.contains("auto"))
    }
}
