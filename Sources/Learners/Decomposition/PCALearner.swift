import Hyperparameters
import Numerics
/// Principal component analysis with SageMaker's settings.
public enum PCALearner {
    /// The settings. Where Descent differs from SageMaker the summary says so.
    public static let hyperparameters: [Hyperparameter] = [
        .preset,
        .init(
            "num_components", .integer(minimum: 1, maximum: 1_000_000), allowsAuto: true, default: "auto",
            "components; auto = as many as there are (SageMaker: must be given)"),
        .init(
            "algorithm_mode", .choice(["regular", "randomized"]), allowsAuto: true, default: "auto", sageMaker: "regular",
            "regular: exact, from the covariance; randomized: for many features; auto = regular up to 4096 features (SageMaker: regular)"
        ),
        .init("subtract_mean", .boolean, default: "true", "features to mean 0, in training and in prediction"),
        .init(
            "extra_components", .integer(minimum: -1, maximum: 1_000_000), default: "-1",
            "randomized: directions followed besides; -1 = 10, or num_components if that is more"),
        .init(
            "mini_batch_size", .integer(minimum: 1, maximum: 100_000_000), default: "1000",
            "rows a step (SageMaker: must be given)"),
        .init(
            "epochs", .integer(minimum: 1, maximum: 1000), default: "5", sageMaker: "1",
            "randomized: passes over the rows, each of which makes it more exact (SageMaker: 1)"),
        .init("normalize_data", .boolean, default: "true", sageMaker: "false", "features to deviation 1 (SageMaker: never)"),
    ]

    /// What people change most, in the order in which forms show it.
    static let essentials = ["num_components", "algorithm_mode"]

    /// Features from which the covariance is too large to keep.
    static let regularFeatureLimit = 4096
}
