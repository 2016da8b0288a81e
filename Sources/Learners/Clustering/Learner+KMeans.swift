extension Learner {
    /// SageMaker's K-Means.
    public static let kmeans = Learner(
        name: "kmeans", summary: "groups rows around k centres; takes no target", tasks: [.clustering],
        hyperparameters: KMeansLearner.hyperparameters,
        makeTrainer: { request throws(LearnerError) in
            if let rows = request.distributed {
                let trainer = try DistributedKMeansTrainer(request, on: rows)
                return (trainer, trainer.resolved)
            }
            let trainer = try KMeansTrainer(request)
            return (trainer, trainer.resolved)
        },
        modelType: KMeansModel.self, distributes: true, impliedTask: { _ in .clustering },
        metrics: { _, settings in
            let text = settings["eval_metrics"]
            return ["loss"] + ClusterMetric.allCases.map(\.rawValue).filter { text?.contains($0) ?? true }
        }, essentials: KMeansLearner.essentials, searchRanges: KMeansLearner.searchRanges)
}
