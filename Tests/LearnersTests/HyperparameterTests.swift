import Testing

@testable import Learners

@Suite struct HyperparameterTests {
    static func configuration(
        _ given: [String: String], rowCount: Int = 1070, task: LearningTask = .regressor, classCount: Int = 1
    ) throws(LearnerError) -> LinearLearnerConfiguration {
        try LinearLearnerConfiguration(
            parsing: given, rowCount: rowCount, featureCount: 12, classCount: classCount, task: task)
    }

    static func message(_ given: [String: String], task: LearningTask = .regressor) -> String {
        do throws(LearnerError) {
            _ = try configuration(given, task: task, classCount: 3)
            return "accepted"
        } catch {
            return error.message
        }
    }

    @Test func `every auto is decided and every value listed`() throws {
        let resolved = try Self.configuration([:]).resolved
        #expect(Set(resolved.keys) == Set(LinearLearner.hyperparameters.map(\.name)))
        #expect(!resolved.values.contains("auto"))
        #expect(resolved["epochs"] == "89")
        #expect(resolved["mini_batch_size"] == "16")
        #expect(resolved["loss"] == "squared_loss")
        #expect(resolved["optimizer"] == "adam")
        #expect(resolved["beta_2"] == "0.999")
        #expect(resolved["wd"] == "0.001869")
        #expect(resolved["normalize_label"] == "true")
        let trained = try Learner.linear.makeTrainer(
            TrainingRequest(
                hyperparameters: ["optimizer": "sgd"], task: .binaryClassifier, classCount: 2,
                training: LabelledMatrix(features: Samples.features, targets: Samples.binary), validation: nil, seed: 1))
        #expect(!trained.resolved.values.contains("auto"))
    }

    @Test func `defaults are valid values`() {
        for spec in LinearLearner.hyperparameters { #expect(spec.accepts(spec.defaultValue), "\(spec.name)") }
        #expect(Set(LinearLearner.hyperparameters.map(\.name)).count == LinearLearner.hyperparameters.count)
    }

    @Test(arguments: [(40, 8), (1070, 16), (16_000, 250), (1_000_000, 1000), (5, 5)])
    func `the batch follows the rows`(rowCount: Int, batch: Int) throws {
        #expect(try Self.configuration([:], rowCount: rowCount).batchSize == batch)
        #expect(try Self.configuration(["mini_batch_size": "1000000"], rowCount: rowCount).batchSize == rowCount)
    }

    @Test func `wrong names and values are told with what is right`() {
        #expect(
            Self.message(["learing_rate": "1"])
                == "linear-learner has no hyperparameter 'learing_rate': did you mean 'learning_rate'?")
        #expect(Self.message(["epochs": "0"]) == "epochs = '0' is not valid: give auto or a whole number from 1 to 1000000")
        #expect(Self.message(["learning_rate": "-1"]) == "learning_rate = '-1' is not valid: give auto or a number over 0")
        #expect(Self.message(["momentum": "1"]) == "momentum = '1' is not valid: give auto or a number of at least 0 and below 1")
        #expect(
            Self.message(["optimizer": "adamw"])
                == "optimizer = 'adamw' is not valid: give auto or adam, sgd, rmsprop, adagrad, lbfgs"
        )
        #expect(Self.message(["use_bias": "1"]) == "use_bias = '1' is not valid: give true or false")
        #expect(Self.message(["wd": "nan"]) == "wd = 'nan' is not valid: give auto or a number of at least 0")
        #expect(
            Self.message(["loss": "logistic"])
                == "loss = 'logistic' is not valid for a regressor: give "
                + "auto or squared_loss or absolute_loss or quantile_loss or huber_loss or eps_insensitive_squared_loss or "
                + "eps_insensitive_absolute_loss"
        )
        #expect(Self.message(["quantile": "1"]) == "quantile = '1' is not valid: give a number over 0 and below 1")
        #expect(
            Self.message(["positive_example_weight_mult": "0"])
                == "positive_example_weight_mult = '0' is not valid: give auto or balanced or a number over 0")
        #expect(Self.message(["feature_dim": "11"]) == "feature_dim = '11' but the rows have 12 features: give auto")
        #expect(
            Self.message(["optimizer": "lbfgs", "l1": "0.1"])
                == "optimizer = 'lbfgs' takes no l1: set l1 = 0, or give another optimizer")
        #expect(
            Self.message(["optimizer": "lbfgs", "loss": "absolute_loss"])
                == "optimizer = 'lbfgs' takes smooth losses, absolute_loss has a kink: give another optimizer, "
                + "or loss = huber_loss"
        )
        #expect(
            Self.message(["optimizer": "lbfgs", "num_models": "2"])
                == "optimizer = 'lbfgs' trains one model: set num_models = 1, or give another optimizer")
        #expect(
            Self.message(["predictor_type": "regressor"], task: .binaryClassifier)
                == "predictor_type = 'regressor' does not fit a target for binary_classifier")
    }

    @Test func `learners are found by name`() throws {
        #expect(try Learner.named("linear-learner").hyperparameters == LinearLearner.hyperparameters)
        #expect(throws: LearnerError.self) { try Learner.named("linear") }
    }
}
