/// Linear and logistic models trained by mini-batch gradient descent, with SageMaker Linear Learner's settings.
public enum LinearLearner {
    /// The settings. Where Descent differs from SageMaker the summary says so.
    public static let hyperparameters: [HyperparameterSpec] = [
        .init(
            "predictor_type", .choice(LearningTask.allCases.map(\.rawValue)), allowsAuto: true, default: "auto",
            "what to predict; auto follows the target"),
        .init(
            "num_classes", .integer(minimum: 2, maximum: 1_000_000), allowsAuto: true, default: "auto",
            "classes; auto counts them"),
        .init("epochs", .integer(minimum: 1, maximum: 1_000_000), default: "15", "most passes over the training rows"),
        .init(
            "mini_batch_size", .integer(minimum: 1, maximum: 100_000_000), allowsAuto: true, default: "auto",
            "rows an update; auto = rows / 64 within 8 and 1000 (SageMaker: always 1000, two updates an epoch on small files)"),
        .init(
            "loss", .choice(LinearLoss.allCases.map(\.rawValue)), allowsAuto: true, default: "auto",
            "what is minimised; auto = squared_loss, logistic or softmax_loss"),
        .init("optimizer", .choice(["adam", "sgd"]), allowsAuto: true, default: "auto", "auto = adam"),
        .init(
            "learning_rate", .positive, allowsAuto: true, default: "auto",
            "first step size; auto follows the number of updates (adam) or the features (sgd)"),
        .init("momentum", .fraction, allowsAuto: true, default: "auto", "sgd only; auto = 0"),
        .init("beta_1", .fraction, allowsAuto: true, default: "auto", "adam: memory of the mean gradient; auto = 0.9"),
        .init("beta_2", .fraction, allowsAuto: true, default: "auto", "adam: memory of the gradient's size; auto = 0.999"),
        .init(
            "bias_lr_mult", .positive, allowsAuto: true, default: "auto",
            "the bias's learning rate over the weights'; auto = 1"),
        .init("bias_wd_mult", .nonNegative, allowsAuto: true, default: "auto", "the bias's wd over the weights'; auto = 0"),
        .init("wd", .nonNegative, allowsAuto: true, default: "auto", "L2 penalty: wd/2 · |w|²; auto = 0"),
        .init("l1", .nonNegative, allowsAuto: true, default: "auto", "L1 penalty: l1 · Σ|w|, by soft thresholds; auto = 0"),
        .init("use_bias", .boolean, default: "true", "whether there is an intercept"),
        .init("use_lr_scheduler", .boolean, default: "true", "whether the learning rate falls step by step"),
        .init(
            "lr_scheduler_step", .integer(minimum: 1, maximum: .max), allowsAuto: true, default: "auto",
            "updates between two falls; auto = a hundredth of all, or 100 when rows are not shuffled"),
        .init(
            "lr_scheduler_factor", .factor, allowsAuto: true, default: "auto",
            "what a fall multiplies the rate by; auto = to a hundredth over the whole job, or 0.99 when rows are not shuffled"),
        .init("lr_scheduler_minimum_lr", .positive, allowsAuto: true, default: "auto", "where falling ends; auto = 1e-5"),
        .init("init_method", .choice(["uniform", "normal"]), default: "uniform", "how first weights are drawn"),
        .init("init_scale", .positive, default: "0.07", "uniform: drawn between ± this"),
        .init("init_sigma", .positive, default: "0.01", "normal: standard deviation"),
        .init("init_bias", .anyNumber, default: "0", "first bias, on the normalised target's scale"),
        .init("normalize_data", .boolean, allowsAuto: true, default: "true", "features to mean 0 and deviation 1"),
        .init(
            "normalize_label", .boolean, allowsAuto: true, default: "auto",
            "a regressor's target to mean 0 and deviation 1 while training; auto = true"),
        .init("shuffle", .boolean, default: "true", "rows in a new random order each epoch (SageMaker never shuffles)"),
        .init(
            "early_stopping_patience", .integer(minimum: 1, maximum: 1_000_000), default: "3",
            "epochs without improvement before stopping; more than epochs = never"),
        .init(
            "early_stopping_tolerance", .positive, default: "0.001",
            "an improvement smaller than this part of the best loss does not count"),
    ]

    /// Hyperparameters that may change while a job runs.
    public static let steerable = ["learning_rate", "wd", "l1", "momentum"]
}

/// What a linear model minimises.
public enum LinearLoss: String, Sendable, Hashable, Codable, CaseIterable {
    /// (s - y)².
    case squared = "squared_loss"
    /// Cross entropy of a probability 1 / (1 + e^-s).
    case logistic
    /// Cross entropy of probabilities e^s_k / Σ e^s.
    case softmax = "softmax_loss"

    static func automatic(for task: LearningTask) -> LinearLoss {
        switch task {
        case .regressor, .clustering: .squared
        case .binaryClassifier: .logistic
        case .multiclassClassifier: .softmax
        }
    }
}

extension Learner {
    /// SageMaker's Linear Learner.
    public static let linear = Learner(
        name: "linear-learner",
        summary: "linear regression, logistic regression and their multiclass form, by mini-batch gradient descent",
        tasks: LearningTask.allCases, hyperparameters: LinearLearner.hyperparameters,
        makeTrainer: { request throws(LearnerError) in
            let configuration = try LinearLearnerConfiguration(
                parsing: request.hyperparameters, rowCount: request.training.rowCount,
                featureCount: request.training.features.columnCount, classCount: request.classCount, task: request.task)
            let trainer = try LinearTrainer(
                configuration: configuration, training: request.training, validation: request.validation, seed: request.seed)
            return (trainer, trainer.configuration.resolved)
        },
        modelType: LinearModel.self)
}
