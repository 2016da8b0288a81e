extension Metrics {
    /// What a trainer of a task measures at every evaluation, `loss` first: what costs one pass and at most one sort.
    ///
    /// What there is besides, `detailNames`, is told of finished models, and at every evaluation of the one metric of them that a job
    /// is judged by. Which way a metric is better is read from its name in `MetricDirections`.
    public static func names(_ task: LearningTask) -> [String] {
        switch task {
        case .regressor: ["loss", "mse", "rmse", "mae", "r2"]
        case .binaryClassifier: ["loss", "accuracy", "precision", "recall", "f1", "roc_auc", "log_loss"]
        case .multiclassClassifier: ["loss", "accuracy", "f1", "log_loss"]
        default: ["loss"]
        }
    }

    /// What is measured of finished models besides.
    public static func detailNames(_ task: LearningTask) -> [String] {
        switch task {
        case .regressor: ["mape", "explained_variance"]
        case .binaryClassifier: ["balanced_accuracy", "mcc", "pr_auc", "brier"]
        case .multiclassClassifier:
            [
                "top_k_accuracy", "balanced_accuracy", "mcc", "precision", "recall", "precision_weighted", "recall_weighted",
                "f1_weighted", "roc_auc", "pr_auc",
            ]
        default: []
        }
    }
}
