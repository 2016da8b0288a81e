extension Learner {
    /// SageMaker's Linear Learner.
    public static let linear = Learner(
        name: "linear-learner",
        summary: "linear regression, logistic regression and their multiclass form, by mini-batch gradient descent",
        tasks: LearningTask.allCases, hyperparameters: LinearLearner.hyperparameters,
        makeTrainer: { request throws(LearnerError) in
            let isDistributed = request.distributed != nil
            let configuration = try LinearLearnerConfiguration(
                parsing: isDistributed ? try LinearLearner.onCluster(request.hyperparameters) : request.hyperparameters,
                rowCount: request.stream?.rowCount ?? request.distributed?.rowCount ?? request.training.rowCount,
                featureCount: request.training.features.columnCount, classCount: request.classCount, task: request.task,
                cardinalities: request.cardinalities, unscaledFeatures: request.unscaledFeatures)
            let trainer = try LinearTrainer(
                configuration: configuration, training: request.training, validation: request.validation, seed: request.seed,
                stream: request.stream, distributed: request.distributed, detail: request.detail)
            return (trainer, trainer.configuration.resolved)
        },
        modelType: LinearModel.self, family: .linear, takesCodes: true, streams: true,
        distributes: true,
        earlyStopping: .init(patience: 20, tolerance: 0.0001, sageMakerPatience: 3, sageMakerTolerance: 0.001),
        metrics: LinearLearner.metrics, steerable: LinearLearner.steerable, lengthSetting: "epochs",
        essentials: LinearLearner.essentials, searchRanges: LinearLearner.searchRanges)
}

extension LinearLearner {
    /// Settings where rows are spread over a cluster: all rows at each step, to the optimum.
    ///
    /// - Throws: `invalidHyperparameter` for what goes by mini-batches.
    static func onCluster(_ settings: [String: String]) throws(LearnerError) -> [String: String] {
        let unset: Set<String> = ["auto"]
        try LearnerError.refuse(
            settings,
            allowing: [
                "optimizer": ["auto", "lbfgs"], "learning_rate": unset, "mini_batch_size": unset, "momentum": unset,
                "beta_1": unset, "beta_2": unset, "num_point_for_scaler": unset, "num_models": ["auto", "1"],
                "bias_lr_mult": unset, "lr_scheduler_step": unset, "lr_scheduler_factor": unset,
                "lr_scheduler_minimum_lr": unset, "l1": ["auto", "0"], "preset": ["descent"],
            ], learner: "linear-learner")
        return settings.merging(["optimizer": "lbfgs"]) { $1 }
    }
}
