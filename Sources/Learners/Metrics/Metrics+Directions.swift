import MetricDirections

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

    /// Whether less of a metric is better, by the words of its name; nil for one that is not known. What stands behind `@` does not
    /// matter.
    public static func isMinimised(_ name: String) -> Bool? {
        switch MetricDirection(ofMetric: String(name.prefix { $0 != "@" })) {
        case .minimised: true
        case .maximised: false
        case .unknown: nil
        }
    }
}
