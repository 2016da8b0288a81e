import Hyperparameters

/// Neural networks: multi-layer perceptrons, and small convolutional ones for images, trained by mini-batches.
public enum NeuralLearner {
    /// The settings; those that mean the same as the linear learner's have its names.
    public static let hyperparameters = task + shape + images + optimization + regularization + data

    private static let task: [Hyperparameter] = [
        .init(
            "predictor_type", .choice(LearningTask.allCases.map(\.rawValue)), allowsAuto: true, default: "auto",
            "what to predict; auto follows the target"),
        .init(
            "num_classes", .integer(minimum: 2, maximum: 1_000_000), allowsAuto: true, default: "auto",
            "classes; auto counts them"),
    ]

    private static let shape: [Hyperparameter] = [
        .init(
            "hidden_layers", .list(minimum: 1, maximum: 65_536), allowsAuto: true, default: "auto",
            "units of each hidden layer; auto = 128,64, for images 64; none = a linear model"),
        .init(
            "activation", .choice(Activation.allCases.filter { $0 != .identity }.map(\.rawValue)), default: "relu",
            "what hidden units do to their sums"),
        .init("batch_normalization", .boolean, default: "false", "hidden sums to mean 0 and deviation 1 over the batch"),
        .init(
            "embedding_width", .integer(minimum: 0, maximum: 4096), allowsAuto: true, default: "auto",
            "numbers a category becomes; 0 = indicators as they are, up to 64 of a column; auto = half the categories, at most 50, of columns with 10 or more"
        ),
    ]

    private static let images: [Hyperparameter] = [
        .init("image_shape", .imageShape, default: "none", "the features are the pixels of an image, row after row"),
        .init(
            "conv_layers", .list(minimum: 1, maximum: 4096), allowsAuto: true, default: "auto",
            "filters of each 3x3 convolution, 2x2 pooling behind each; auto = 16,32 for images"),
        .init("augment_shift", .nonNegative, default: "0", "images move by up to so many pixels"),
        .init("augment_rotate", .nonNegative, default: "0", "images turn by up to so many degrees"),
        .init("augment_flip", .boolean, default: "false", "half of the images are mirrored left to right"),
        .init("augment_noise", .nonNegative, default: "0", "deviation of noise on normalised features, images or not"),
    ]

    private static let optimization: [Hyperparameter] = [
        .init(
            "epochs", .integer(minimum: 1, maximum: 1_000_000), allowsAuto: true, default: "auto",
            "most passes over the training rows; auto follows the rows"),
        .init(
            "mini_batch_size", .integer(minimum: 1, maximum: 1_000_000), allowsAuto: true, default: "auto",
            "rows an update; auto = rows / 64 within 16 and 256"),
        .init("optimizer", .choice(NeuralOptimizer.allCases.map(\.rawValue)), default: "adamw", "how weights move"),
        .init(
            "learning_rate", .positive, allowsAuto: true, default: "auto",
            "highest step size; auto = 0.003, for sgd 0.05, for rmsprop 0.001"),
        .init("momentum", .fraction, allowsAuto: true, default: "auto", "sgd and rmsprop; auto = 0.9 for sgd, 0 for rmsprop"),
        .init("nesterov", .boolean, default: "false", "sgd: momentum that looks ahead"),
        .init("beta_1", .fraction, default: "0.9", "adam: memory of the mean gradient"),
        .init("beta_2", .fraction, default: "0.999", "adam and rmsprop: memory of the gradient's size"),
        .init("gradient_clip", .nonNegative, default: "0", "longest gradient (L2 norm over all weights); 0 = any"),
        .init(
            "lr_scheduler", .choice(LearningRateSchedule.Shape.allCases.map(\.rawValue)), default: "cosine",
            "how the learning rate runs over the job"),
        .init("warmup_steps", .integer(minimum: 0, maximum: .max), default: "0", "updates over which the rate rises first"),
        .init(
            "lr_scheduler_step", .integer(minimum: 1, maximum: .max), allowsAuto: true, default: "auto",
            "step: updates between two falls; auto = a third of all"),
        .init("lr_scheduler_factor", .factor, default: "0.1", "step, plateau: what a fall multiplies the rate by"),
        .init(
            "lr_scheduler_patience", .integer(minimum: 0, maximum: 1_000_000), default: "5",
            "plateau: epochs without a better loss before a fall"),
        .init("lr_scheduler_minimum_lr", .nonNegative, default: "0", "the rate never falls below this"),
        .init(
            "init_method", .choice(WeightInitialization.Method.allCases.map(\.rawValue)), allowsAuto: true, default: "auto",
            "how first weights are drawn; auto = he for images where layers rectify, else glorot"),
    ]

    private static let regularization: [Hyperparameter] = [
        .init(
            "dropout", .fraction, allowsAuto: true, default: "auto",
            "share of hidden units left out in each update; auto = 0.2 below 50,000 rows, else 0"),
        .init("l1", .nonNegative, default: "0", "L1 penalty: l1 · Σ|w|, by soft thresholds"),
        .init("wd", .nonNegative, default: "0", "L2 penalty: wd/2 · |w|², as part of the gradient"),
        .init(
            "weight_decay", .nonNegative, allowsAuto: true, default: "auto",
            "decoupled: each update shrinks weights by this times the rate; auto = 0.3 for adamw below 50,000 rows, 0.01 above, else 0"
        ),
        .init("label_smoothing", .fraction, default: "0", "classifiers: how far targets are pulled towards all classes alike"),
        .init(
            "class_weights", .choice(["none", "balanced"]), default: "none",
            "classifiers: balanced makes every class count the same, however many rows it has"),
    ]

    private static let data: [Hyperparameter] = [
        .init(
            "normalize_data", .boolean, allowsAuto: true, default: "true", "features to mean 0 and deviation 1; images as a whole"
        ),
        .init(
            "normalize_label", .boolean, allowsAuto: true, default: "auto",
            "a regressor's target to mean 0 and deviation 1 while training; auto = true"),
        .init("shuffle", .boolean, default: "true", "rows in a new random order each epoch"),
    ]

    /// Where it is worth searching.
    static let searchRanges = [
        "learning_rate=log:0.0001:0.1", "weight_decay=log:0.0001:1", "dropout=0:0.6", "mini_batch_size=int:log:16:512",
    ]

    /// What people change most, in the order in which forms show it.
    static let essentials = ["learning_rate", "epochs", "hidden_layers", "mini_batch_size", "optimizer", "dropout"]

    /// Hyperparameters that may change while a job runs.
    public static let steerable = ["learning_rate", "l1", "wd", "weight_decay", "dropout", "momentum"]
}
