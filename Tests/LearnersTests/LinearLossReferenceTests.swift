import Numerics
import Testing

@testable import Learners

/// Against scikit-learn 1.9.1 (scipy's HiGHS for the linear programme) on `Samples`.
@Suite struct LinearLossReferenceTests {
    /// Small steps at the end: losses with kinks are followed by subgradients, which come close and never to rest. So the loss is
    /// compared, to a part in a thousand of the optimum's.
    static let patient = [
        "optimizer": "adam", "mini_batch_size": "50", "epochs": "1500", "learning_rate": "0.02",
        "lr_scheduler_minimum_lr": "1e-7", "lr_scheduler_factor": "0.9", "lr_scheduler_step": "60",
    ]

    @Test(arguments: [("0.5", 0.253046490005503), ("0.2", 0.14904079513751134), ("0.9", 0.0771889469743044)])
    func `quantile loss comes to QuantileRegressor's`(quantile: String, expected: Double) throws {
        let settings = Self.patient.merging(["loss": "quantile_loss", "quantile": quantile]) { $1 }
        let trainer = try Samples.trainer(.regressor, settings)
        trainer.finish()
        #expect(abs(trainer.value("train:loss") / expected - 1) < 1e-3)
        let predicted = try trainer.currentModel().predictScores(Samples.features).elements
        let below = zip(Samples.numbers, predicted).filter { $0 < $1 }.count
        // The share of targets below the prediction is the quantile, up to the six rows the fit may pass through.
        #expect(abs(Double(below) / 200 - (Double(quantile) ?? 0)) < 0.035)
    }

    @Test func `absolute loss is twice the median's quantile loss`() throws {
        let trainer = try Samples.trainer(.regressor, Self.patient.merging(["loss": "absolute_loss"]) { $1 })
        trainer.finish()
        #expect(abs(trainer.value("train:loss") / (2 * 0.253046490005503) - 1) < 1e-3)
    }

    @Test func `eps_insensitive_absolute_loss comes to the linear programme's optimum`() throws {
        let settings = Self.patient.merging(["loss": "eps_insensitive_absolute_loss", "loss_insensitivity": "0.25"]) { $1 }
        let trainer = try Samples.trainer(.regressor, settings)
        trainer.finish()
        #expect(abs(trainer.value("train:loss") / 0.2835840127100157 - 1) < 1e-3)
    }

    @Test func `hinge loss comes to SVC's optimum`() throws {
        // SVC(kernel="linear", C=0.05): with labels 0 and 1 a score is half of SVC's plus a half, so C = 2 / (n wd), wd = 0.05.
        let trainer = try Samples.trainer(
            .binaryClassifier, Self.patient.merging(["loss": "hinge_loss", "wd": "0.05"]) { $1 })
        trainer.finish()
        let model = trainer.currentModel()
        // The penalty makes the optimum strict; subgradients come to within 5e-3 of it.
        LinearReferenceTests.expectClose(
            model.weights.map(Double.init),
            [0.24532809974826425, -0.6916855424862737, 0.28167462120103753, 0.25235229624602806, -0.8853829681925207], 5e-3)
        #expect(abs(trainer.value("train:loss") - 0.05929427769946093) < 5e-4)
    }

    @Test func `huber loss gives HuberRegressor's coefficients at its scale`() throws {
        // HuberRegressor(epsilon=1.35, alpha=0) finds a scale of 0.553933; its coefficients minimise Huber's loss of delta = 1.35
        // times that. Its own optimiser stops at 1e-5 or so.
        let trainer = try Samples.trainer(
            .regressor, ["loss": "huber_loss", "optimizer": "lbfgs", "huber_delta": "\(1.35 * 0.5539325125569501)"])
        trainer.finish()
        let fit = trainer.currentModel().coefficients
        LinearReferenceTests.expectClose(fit.intercepts, [3.0082468881211235], 2e-4)
        LinearReferenceTests.expectClose(
            fit.coefficients,
            [1.512632106783094, -2.002496930005326, 0.49960928042086006, 0.25156640217841497, -1.000573366728921], 2e-4)
    }

    @Test(arguments: [("0.25", 0.26523585055945764), ("0.5", 0.1382133298558306)])
    func `eps_insensitive_squared_loss comes to the optimum that scipy finds`(epsilon: String, expected: Double) throws {
        // scikit-learn's loss of that name is (|e| - epsilon)² instead. scipy 1.17.1, minimize(method="Nelder-Mead"), restarted.
        let settings = Self.patient.merging(["loss": "eps_insensitive_squared_loss", "loss_insensitivity": epsilon]) { $1 }
        let trainer = try Samples.trainer(.regressor, settings)
        trainer.finish()
        #expect(abs(trainer.value("train:loss") / expected - 1) < 1e-3)
    }

    @Test(arguments: [
        (
            "3", 0.8007854140301206,
            [0.47071012341249174, -1.2952252030176374, 0.6099634753977584, 0.518864035248407, -1.847154383624475]
        ),
        (
            "balanced", 0.00102087239087497,
            [0.3599227815803478, -1.0451500797469098, 0.4945982992988521, 0.41220298409564277, -1.4864292907717027]
        ),
    ])
    func `positive weights are LogisticRegression's class_weight`(weight: String, bias: Double, weights: [Double]) throws {
        // LogisticRegression(C=1/(n wd), class_weight={0: 1, 1: 3 or negatives / positives}), wd = 0.05.
        let trainer = try Samples.trainer(
            .binaryClassifier, ["optimizer": "lbfgs", "wd": "0.05", "positive_example_weight_mult": weight])
        trainer.finish()
        LinearReferenceTests.expectClose(trainer.currentModel().weights.map(Double.init), weights)
        LinearReferenceTests.expectClose(trainer.currentModel().biases.map(Double.init), [bias])
    }

    @Test func `balanced classes are LogisticRegression's class_weight balanced`() throws {
        let trainer = try Samples.trainer(
            .multiclassClassifier, ["optimizer": "lbfgs", "wd": "0.05", "balance_multiclass_weights": "true"])
        trainer.finish()
        LinearReferenceTests.expectClose(
            trainer.currentModel().weights.map(Double.init),
            [
                -0.28140875508359886, 0.791861264222564, -0.3525337064682821, -0.22558334540375768, 1.0063046172223642,
                -0.04396344529775254, -0.008236653439471761, -0.020427097966637102, 0.051971614066774356, -0.02840179879471665,
                0.32537220038135145, -0.7836246107830923, 0.37296080443491914, 0.1736117313369832, -0.9779028184276474,
            ])
    }

    @Test func `row weights are LinearRegression's sample_weight`() throws {
        let trainer = try Samples.trainer(
            .regressor, ["optimizer": "lbfgs"], weights: (0..<200).map { Float(1 + $0 % 3) })
        trainer.finish()
        let fit = trainer.currentModel().coefficients
        LinearReferenceTests.expectClose(fit.intercepts, [3.006322941354947])
        LinearReferenceTests.expectClose(
            fit.coefficients,
            [1.515565446685908, -2.0034776061076336, 0.5005876542784762, 0.25081569522845815, -1.001127702981596])
    }
}
