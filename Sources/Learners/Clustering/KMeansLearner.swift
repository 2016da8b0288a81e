import Numerics

/// K-means by mini-batches with a last refinement over all rows, with SageMaker's settings.
public enum KMeansLearner {
    /// The settings. Where Descent differs from SageMaker the summary says so.
    public static let hyperparameters: [HyperparameterSpec] = [
        .init("k", .integer(minimum: 1, maximum: 1_000_000), allowsAuto: true, default: "auto", "clusters: must be given"),
        .init("epochs", .integer(minimum: 1, maximum: 1_000_000), default: "10", "passes over the rows (SageMaker: 1)"),
        .init("mini_batch_size", .integer(minimum: 1, maximum: 100_000_000), default: "5000", "rows an update"),
        .init("init_method", .choice(["random", "kmeans++"]), default: "kmeans++", "first centres (SageMaker: random)"),
        .init("local_lloyd_max_iter", .integer(minimum: 1, maximum: 1_000_000), default: "300", "most passes of refining"),
        .init(
            "local_lloyd_tol", .number(minimum: 0, excludesMinimum: false, maximum: 1, excludesMaximum: false),
            default: "0.0001", "refining ends when the loss falls by a smaller part"),
        .init(
            "local_lloyd_num_trials", .integer(minimum: 1, maximum: 1000), allowsAuto: true, default: "auto",
            "beginnings tried on the first rows, the best taken; auto = 3"),
        .init("normalize_data", .boolean, default: "true", "features to mean 0 and deviation 1 (SageMaker: never)"),
    ]
}

extension Learner {
    /// SageMaker's K-Means.
    public static let kmeans = Learner(
        name: "kmeans", summary: "groups rows around k centres; takes no target", tasks: [.clustering],
        hyperparameters: KMeansLearner.hyperparameters,
        makeTrainer: { request throws(LearnerError) in
            let trainer = try KMeansTrainer(request)
            return (trainer, trainer.resolved)
        },
        modelType: KMeansModel.self, impliedTask: { _ in .clustering }, metrics: { _, _ in ["loss", "msd", "ssd"] })
}
