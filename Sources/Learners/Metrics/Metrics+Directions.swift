extension Metrics {
    /// What a trainer of a task measures unless its learner says otherwise, `loss` first.
    public static func names(_ task: LearningTask) -> [String] {
        switch task {
        case .regressor: ["loss", "mse", "rmse", "mae", "r2"]
        case .binaryClassifier: ["loss", "accuracy", "precision", "recall", "f1", "roc_auc", "log_loss"]
        case .multiclassClassifier: ["loss", "accuracy", "f1", "log_loss"]
        default: ["loss"]
        }
    }

    /// Whether less of a metric is better; nil for one that is not known. What stands behind `@` does not matter.
    ///
    /// - Source: scikit-learn's and SageMaker's words; XGBoost's own for `eval_metric`.
    public static func isMinimised(_ name: String) -> Bool? {
        let family = String(name.prefix { $0 != "@" })
        return maximised.contains(family) ? false : minimised.contains(family) ? true : nil
    }

    private static let maximised: Set<String> = [
        "accuracy", "balanced_accuracy", "precision", "precision_weighted", "recall", "recall_weighted", "f1", "f1_weighted",
        "f_beta", "roc_auc", "pr_auc", "mcc", "r2", "explained_variance", "explained_variance_ratio", "top_k_accuracy",
        "silhouette_sampled",
        "auc", "aucpr", "pre", "ndcg", "map", "interval-regression-accuracy",
    ]

    private static let minimised: Set<String> = [
        "loss", "mse", "rmse", "mae", "mape", "log_loss", "brier", "msd", "ssd",
        "rmsle", "mphe", "error", "merror", "logloss", "mlogloss", "poisson-nloglik", "gamma-nloglik", "gamma-deviance",
        "tweedie-nloglik", "cox-nloglik", "aft-nloglik", "quantile",
    ]
}
