extension Learner {
    /// SageMaker's Linear Learner.
    public static let linear = Learner(
        name: "linear-learner",
        summary: "linear regression, logistic regression and their multiclass form, by mini-batch gradient descent",
        tasks: LearningTask.allCases, hyperparameters: LinearLearner.hyperparameters,
        makeTrainer: { request throws(LearnerError) in
            let configuration = try LinearLearnerConfiguration(
                parsing: request.hyperparameters, rowCount: request.stream?.rowCount ?? request.training.rowCount,
                featureCount: request.training.features.columnCount, classCount: request.classCount, task: request.task,
                cardinalities: request.cardinalities, unscaledFeatures: request.unscaledFeatures)
            let trainer = try LinearTrainer(
                configuration: configuration, training: request.training, validation: request.validation, seed: request.seed,
                stream: request.stream, detail: request.detail)
            return (trainer, trainer.configuration.resolved)
        },
        modelType: LinearModel.self, family: .linear, takesCodes: true, streams: true,
        earlyStopping: .init(patience: 20, tolerance: 0.0001, sageMakerPatience: 3, sageMakerTolerance: 0.001),
        metrics: LinearLearner.metrics, steerable: LinearLearner.steerable, lengthSetting: "epochs",
        essentials: LinearLearner.essentials, searchRanges: LinearLearner.searchRanges)
}
