extension Metrics {
    /// What a trainer of a task measures unless its learner says otherwise, `loss` first.
    ///
    /// There are two tiers. What is named here costs one pass and at most one sort, and is measured at every evaluation while a model
    /// trains: `regression`, `binary` and `multiclass`. What only `evaluate` tells of a finished model, where its learner has it
    /// measured, is in `regressionDetails`, `binaryDetails` and `multiclassDetails`. Which way a metric is better is read from its name
    /// in `MetricDirections`.
    public static func names(_ task: LearningTask) -> [String] {
        switch task {
        case .regressor: ["loss", "mse", "rmse", "mae", "r2"]
        case .binaryClassifier: ["loss", "accuracy", "precision", "recall", "f1", "roc_auc", "log_loss"]
        case .multiclassClassifier: ["loss", "accuracy", "f1", "log_loss"]
        default: ["loss"]
        }
    }
}
