import Events
import Testing

/// Scikit-learn's and SageMaker's words, and XGBoost's own for `eval_metric`.
@Suite struct MeasuredDirectionTests {
    @Test(arguments: [
        "accuracy", "balanced_accuracy", "precision", "precision_weighted", "recall", "recall_weighted", "f1", "f1_weighted",
        "f_beta", "roc_auc", "pr_auc", "mcc", "r2", "explained_variance", "explained_variance_ratio", "top_k_accuracy",
        "silhouette_sampled", "auc", "aucpr", "pre", "ndcg", "map", "interval-regression-accuracy", "ndcg@10", "map@5",
    ])
    func whatIsMeasuredAndMaximised(name: String) { #expect(MetricName(name).direction == .maximised) }

    @Test(arguments: [
        "loss", "mse", "rmse", "mae", "mape", "log_loss", "brier", "msd", "ssd", "rmsle", "mphe", "error", "merror", "logloss",
        "mlogloss", "poisson-nloglik", "gamma-nloglik", "gamma-deviance", "tweedie-nloglik", "cox-nloglik", "aft-nloglik",
        "quantile", "loss@3",
    ])
    func whatIsMeasuredAndMinimised(name: String) { #expect(MetricName(name).direction == .minimised) }

    @Test func aNameThatSaysNothingIsNotKnown() { #expect(MetricName("foo").direction == .unknown) }
}
