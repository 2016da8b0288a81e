extension Learner {
    /// SageMaker's PCA.
    public static let pca = Learner(
        name: "pca", summary: "the directions in which rows differ most; takes no target", tasks: [.decomposition],
        hyperparameters: PCALearner.hyperparameters,
        makeTrainer: { request throws(LearnerError) in
            if let rows = request.distributed {
                let trainer = try DistributedPCATrainer(request, on: rows)
                return (trainer, trainer.resolved)
            }
            let trainer = try PCATrainer(request)
            return (trainer, trainer.resolved)
        },
        modelType: PCAModel.self, distributes: true, impliedTask: { _ in .decomposition },
        metrics: { _, _ in ["loss", "explained_variance_ratio"] }, essentials: PCALearner.essentials)
}
