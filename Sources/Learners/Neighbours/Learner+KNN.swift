extension Learner {
    /// SageMaker's k nearest neighbours.
    public static let knn = Learner(
        name: "knn", summary: "asks the rows that lie nearest what they were: the mean, or the shares of classes",
        tasks: LearningTask.allCases, hyperparameters: NeighboursConfiguration.hyperparameters,
        makeTrainer: { request throws(LearnerError) in
            let trainer = try NeighboursTrainer(request)
            return (trainer, trainer.resolved)
        },
        modelType: NeighboursModel.self, family: .distances, takesTargetOrigin: { _ in true },
        essentials: NeighboursConfiguration.essentials, searchRanges: NeighboursConfiguration.searchRanges)
}
