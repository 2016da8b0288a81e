import Hyperparameters

/// Linear models for every loss of the kind, trained by mini-batches or all rows at a time, with SageMaker Linear Learner's settings.
public enum LinearLearner {
    /// The settings. Where Descent differs from SageMaker the summary says so.
    public static let hyperparameters: [Hyperparameter] = [
        .preset,
        .init(
            "predictor_type", .choice(LearningTask.allCases.map(\.rawValue)), allowsAuto: true, default: "auto",
            "what to predict; auto follows the target"),
        .init(
            "num_classes", .integer(minimum: 2, maximum: 1_000_000), allowsAuto: true, default: "auto",
            "classes; auto counts them"),
        .init(
            "feature_dim", .integer(minimum: 1, maximum: 10_000_000), allowsAuto: true, default: "auto",
            "features a row; auto counts them"),
        .init(
            "epochs", .integer(minimum: 1, maximum: 1_000_000), allowsAuto: true, default: "auto", sageMaker: "15",
            "most passes over the training rows; auto = enough for 6,000 updates within 15 and 100, with lbfgs 100 (SageMaker: 15)"
        ),
        .init(
            "mini_batch_size", .integer(minimum: 1, maximum: 100_000_000), allowsAuto: true, default: "auto", sageMaker: "1000",
            "rows an update; auto = rows / 64 within 8 and 1000 (SageMaker: always 1000, two updates an epoch on small files)"),
        .init(
            "loss", .choice(LinearLoss.allCases.map(\.rawValue)), allowsAuto: true, default: "auto",
            "what is minimised; auto = squared_loss, logistic or softmax_loss"),
        .init("margin", .nonNegative, default: "1", "hinge_loss: how far apart the classes' scores are wanted"),
        .init("quantile", .openFraction, default: "0.5", "quantile_loss: the share of targets below the prediction"),
        .init(
            "loss_insensitivity", .positive, default: "0.01",
            "eps_insensitive losses: errors up to this, in the target's own units, cost nothing"),
        .init(
            "huber_delta", .positive, default: "1",
            "huber_loss: from this error on, in the target's own units, the loss is a straight line"),
        .init(
            "optimizer", .choice(LinearOptimizer.allCases.map(\.rawValue)), allowsAuto: true,
            default: "auto",
            "auto = adam; lbfgs takes all rows at each step and stops at the optimum: for smooth losses without l1 (squared_loss: exact in one step)"
        ),
        .init(
            "learning_rate", .positive, allowsAuto: true, default: "auto",
            "first step size; auto follows the number of updates, many features and rare classes (adam), or the features (sgd)"),
        .init("momentum", .fraction, allowsAuto: true, default: "auto", "sgd only; auto = 0"),
        .init("beta_1", .fraction, allowsAuto: true, default: "auto", "adam: memory of the mean gradient; auto = 0.9"),
        .init(
            "beta_2", .fraction, allowsAuto: true, default: "auto",
            "adam and rmsprop: memory of the gradient's size; auto = 0.999 or 0.9"),
        .init(
            "bias_lr_mult", .positive, allowsAuto: true, default: "auto", sageMaker: "10",
            "the bias's learning rate over the weights'; auto = 1 (SageMaker: 10)"),
        .init("bias_wd_mult", .nonNegative, allowsAuto: true, default: "auto", "the bias's wd over the weights'; auto = 0"),
        .init(
            "wd", .nonNegative, allowsAuto: true, default: "auto", sageMaker: "0",
            "L2 penalty: wd/2 · |w|²; auto = 1 / rows, for squared losses 2 / rows: scikit-learn's C = 1 and alpha = 1, of many categories as their spread asks for (SageMaker: 0)"
        ),
        .init("l1", .nonNegative, allowsAuto: true, default: "auto", "L1 penalty: l1 · Σ|w|, by soft thresholds; auto = 0"),
        .init("use_bias", .boolean, default: "true", "whether there is an intercept"),
        .init("use_lr_scheduler", .boolean, default: "true", "whether the learning rate falls step by step"),
        .init(
            "lr_scheduler_step", .integer(minimum: 1, maximum: .max), allowsAuto: true, default: "auto", sageMaker: "100",
            "updates between two falls; auto = a hundredth of all, or 100 when rows are not shuffled"),
        .init(
            "lr_scheduler_factor", .factor, allowsAuto: true, default: "auto", sageMaker: "0.99",
            "what a fall multiplies the rate by; auto = to a hundredth over the whole job, or 0.99 when rows are not shuffled"),
        .init("lr_scheduler_minimum_lr", .positive, allowsAuto: true, default: "auto", "where falling ends; auto = 1e-5"),
        .init("init_method", .choice(["uniform", "normal"]), default: "uniform", "how first weights are drawn"),
        .init(
            "init_scale", .nonNegative, allowsAuto: true, default: "auto", sageMaker: "0.07",
            "uniform: drawn between ± this; auto = 0, since what is minimised has one lowest place (SageMaker: 0.07)"),
        .init("init_sigma", .positive, default: "0.01", "normal: standard deviation"),
        .init("init_bias", .anyNumber, default: "0", "first bias, on the normalised target's scale"),
        .init(
            "normalize_data", .boolean, allowsAuto: true, default: "true",
            "features to mean 0 and deviation 1, indicators of categories to mean 0 (SageMaker: these to deviation 1 too)"),
        .init(
            "normalize_label", .boolean, allowsAuto: true, default: "auto",
            "a regressor's target to mean 0 and deviation 1 while training; auto = true"),
        .init(
            "unbias_data", .boolean, allowsAuto: true, default: "auto",
            "features to mean 0; auto = with normalize_data and use_bias"),
        .init(
            "unbias_label", .boolean, allowsAuto: true, default: "auto",
            "a regressor's target to mean 0 while training; auto = with normalize_label and use_bias"),
        .init(
            "num_point_for_scaler", .integer(minimum: 1, maximum: .max), allowsAuto: true, default: "auto", sageMaker: "10000",
            "first rows that means and deviations come from; auto = all (SageMaker: 10,000)"),
        .init(
            "num_models", .integer(minimum: 1, maximum: 1000), allowsAuto: true, default: "auto", sageMaker: "32",
            "models with neighbouring settings trained in one pass, the best one kept; auto = 1 (SageMaker: 32)"),
        .init(
            "positive_example_weight_mult", .positive, allowsAuto: true, words: ["balanced"], default: "1",
            "what positive rows weigh; balanced and auto = negative rows over positive ones"),
        .init(
            "balance_multiclass_weights", .boolean, default: "false", "whether every class weighs the same in the loss"),
        .init(
            "binary_classifier_model_selection_criteria",
            .choice([
                "accuracy", "f_beta", "precision_at_target_recall", "recall_at_target_precision", "loss_function", "f1",
                "cross_entropy_loss",
            ]), allowsAuto: true, default: "auto", sageMaker: "accuracy",
            "what threshold and best model are chosen by; f1 = f_beta with 1, cross_entropy_loss = loss_function; auto = loss_function, which leaves the threshold at 0.5, or accuracy where scores are no probabilities or classes are weighted (SageMaker: accuracy)"
        ),
        .init("target_recall", .openFraction, default: "0.8", "for precision_at_target_recall"),
        .init("target_precision", .openFraction, default: "0.8", "for recall_at_target_precision"),
        .init("f_beta", .positive, default: "1", "beta of F-beta: how much more recall counts than precision"),
        .init(
            "num_calibration_samples", .integer(minimum: 1, maximum: .max), allowsAuto: true, default: "auto",
            "validation rows the threshold is found on; auto = all"),
        .init("accuracy_top_k", .integer(minimum: 1, maximum: 1_000_000), default: "3", "the k of top_k_accuracy"),
        .init(
            "streaming", .boolean, allowsAuto: true, default: "auto",
            "whether rows stay in the file and are read again each epoch; auto = when they would fill the memory there is"),
        .init(
            "shuffle_buffer_rows", .integer(minimum: 1, maximum: .max), allowsAuto: true, default: "auto",
            "streaming: rows in memory at a time, shuffled among each other; auto follows the memory there is"),
        .init(
            "shuffle_block_bytes", .integer(minimum: 0, maximum: .max), allowsAuto: true, default: "auto",
            "streaming: bytes of the file read in one piece, pieces coming in random order; auto = 16 pieces a buffer; 0 = all"),
        .init(
            "sample_rows", .integer(minimum: 1, maximum: .max), allowsAuto: true, default: "auto",
            "streaming: rows that encodings, scales and train: metrics come from; auto follows the memory there is"),
        .init(
            "shuffle", .boolean, default: "true", sageMaker: "false",
            "rows in a new random order each epoch (SageMaker never shuffles)"),
    ]

    /// Where it is worth searching.
    static let searchRanges = ["learning_rate=log:0.0001:1", "wd=log:1e-7:1", "l1=log:1e-7:1", "mini_batch_size=int:log:8:1024"]

    /// What people change most, in the order in which forms show it.
    static let essentials = ["learning_rate", "epochs", "mini_batch_size", "optimizer", "wd", "l1"]

    /// Hyperparameters that may change while a job runs.
    public static let steerable = ["learning_rate", "wd", "l1", "momentum"]

    /// Those of them that a job with these settings can change: the full-batch method has no steps to size.
    static func steerable(_ settings: [String: String]) -> [String] { settings["optimizer"] == "lbfgs" ? ["wd"] : steerable }

    /// A hinge's scores are no probabilities.
    static func metrics(_ task: LearningTask, _ settings: [String: String]) -> [String] {
        let beta = settings["f_beta"].flatMap { Double($0) } ?? 1
        let names = Metrics.names(task) + Metrics.detailNames(task) + (task != .regressor && beta != 1 ? ["f_beta"] : [])
        return settings["loss"] == LinearLoss.hinge.rawValue ? names.filter { $0 != "log_loss" && $0 != "brier" } : names
    }
}
