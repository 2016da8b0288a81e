import Hyperparameters
import Numerics
/// K-means by mini-batches, then refined over all rows, with SageMaker's settings.
public enum KMeansLearner {
    /// The settings. Where Descent differs from SageMaker the summary says so.
    public static let hyperparameters: [Hyperparameter] = [
        .preset,
        .init("k", .integer(minimum: 1, maximum: 1_000_000), allowsAuto: true, default: "auto", "clusters: must be given"),
        .init(
            "epochs", .integer(minimum: 1, maximum: 1_000_000), default: "10", sageMaker: "1",
            "passes over the rows (SageMaker: 1)"),
        .init("mini_batch_size", .integer(minimum: 1, maximum: 100_000_000), default: "5000", "rows an update"),
        .init(
            "init_method", .choice(["random", "kmeans++"]), default: "kmeans++", sageMaker: "random",
            "first centres (SageMaker: random)"),
        .init(
            "extra_center_factor", .integer(minimum: 1, maximum: 1000), allowsAuto: true, default: "auto",
            "mini-batches move so many times k centres, of which k are made; auto = 4, less where rows are few"),
        .init(
            "half_life_time_size", .integer(minimum: 0, maximum: .max), default: "0",
            "rows after which an old row counts half; 0 = old rows count as new ones do"),
        .init(
            "local_lloyd_init_method", .choice(["random", "kmeans++"]), default: "kmeans++",
            "where making k centres of many begins"),
        .init(
            "local_lloyd_max_iter", .integer(minimum: 1, maximum: 1_000_000), default: "300",
            "most passes of making k centres of many, and then of refining them over all rows (preset sagemaker: without refining)"
        ),
        .init(
            "local_lloyd_tol", .number(minimum: 0, excludesMinimum: false, maximum: 1, excludesMaximum: false),
            default: "0.0001", "both end when the loss falls by a smaller part"),
        .init(
            "local_lloyd_num_trials", .integer(minimum: 1, maximum: 1000), allowsAuto: true, default: "auto",
            "attempts at making k centres of many, the best taken; auto = 10"),
        .init(
            "eval_metrics", .text(example: "msd,ssd"), default: "msd,ssd,silhouette_sampled", sageMaker: "msd",
            "mean and summed squared distance, and the silhouette of up to 1,000 rows (SageMaker: msd)"),
        .init(
            "normalize_data", .boolean, default: "true", sageMaker: "false",
            "features to mean 0 and deviation 1 (SageMaker: never)"),
    ]

    /// Where it is worth searching.
    static let searchRanges = [
        "extra_center_factor=int:2:10", "init_method=cat:random,kmeans++", "mini_batch_size=int:log:500:15000",
    ]

    /// What people change most, in the order in which forms show it.
    static let essentials = ["k", "epochs", "mini_batch_size"]
}
