import Events
import Learners
import Testing

@testable import Training

@Suite struct MetricDirectionTests {
    /// Two targets know which way metrics are better, one for what is trained here and one for everybody's logs; what both know, they
    /// must know alike.
    @Test func whatIsMeasuredHereIsBetterTheSameWayInSearchesAndComparisons() {
        let names =
            [LearningTask.regressor, .binaryClassifier].flatMap { Metrics.names($0) } + [
                "balanced_accuracy", "precision_weighted", "recall_weighted", "f1_weighted", "f_beta", "pr_auc", "mcc",
                "explained_variance", "explained_variance_ratio", "top_k_accuracy", "silhouette_sampled", "auc", "aucpr", "pre",
                "ndcg", "map", "interval-regression-accuracy", "mape", "brier", "msd", "ssd", "rmsle", "mphe", "error", "merror",
                "logloss", "mlogloss", "poisson-nloglik", "gamma-nloglik", "gamma-deviance", "tweedie-nloglik", "cox-nloglik",
                "aft-nloglik", "quantile", "ndcg@10", "map@5",
            ]
        for name in names {
            let direction = MetricName(split: "validation", metric: name).direction
            #expect(direction != .unknown && Metrics.isMinimised(name) == (direction == .minimised), "\(name)")
        }
    }
}
