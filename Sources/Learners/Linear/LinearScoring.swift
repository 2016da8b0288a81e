import CheckedNumbers

/// How a linear model is measured: its loss in the target's own units, and the settings of its metrics.
public struct LinearScoring: Sendable, Hashable, Codable {
    /// What was minimised, in the target's own units.
    public var objective: LinearObjective
    /// What the loss of each class is multiplied by; empty = 1.
    public var classWeights: [Float] = []
    /// The k of `top_k_accuracy`.
    public var topK = 3
    /// The beta of `f_beta`; 1 leaves it out, since it is `f1`.
    public var beta = 1.0

    /// What the row's loss is multiplied by; nil = 1 for all.
    func lossWeights(targets: [Float], weights: [Float]?) -> [Float]? {
        guard !classWeights.isEmpty else { return weights }
        return targets.indices.map { classWeights[Int(nearestWithin: targets[$0])] * (weights?[$0] ?? 1) }
    }

    /// `loss`, then the metrics that cost one pass and at most one sort; with `details` all that there are.
    ///
    /// - Shape: scores [n, width] as the model gives them, expected [n], weights [n].
    func entries(
        task: LearningTask, scores: [Float], expected: [Float], weights: [Float]?, width: Int, threshold: Float, details: Bool
    ) -> [Metrics.Entry] {
        let loss = objective.mean(
            scores: scores, targets: expected, width: width, weights: lossWeights(targets: expected, weights: weights))
        var entries: [Metrics.Entry] = [("loss", loss)]
        switch task {
        case .regressor, .clustering, .decomposition:
            entries += Metrics.regression(expected: expected, predicted: scores, weights: weights)
            if details { entries += Metrics.regressionDetails(expected: expected, predicted: scores, weights: weights) }
        case .binaryClassifier:
            let isProbable = objective.loss.givesProbabilities
            let values = isProbable ? Probabilities.from(scores: scores, scoreCount: 1) : scores
            entries += Metrics.binary(expected: expected, probabilities: values, threshold: threshold, weights: weights)
            if details {
                entries += Metrics.binaryDetails(
                    expected: expected, probabilities: values, threshold: threshold, beta: beta, weights: weights)
            }
            // A hinge's scores are no probabilities.
            if !isProbable { entries.removeAll { $0.name == "log_loss" || $0.name == "brier" } }
        case .multiclassClassifier:
            let probabilities = Probabilities.from(scores: scores, scoreCount: width)
            entries += Metrics.multiclass(
                expected: expected, probabilities: probabilities, classCount: width, weights: weights)
            entries.append(
                (
                    "top_k_accuracy",
                    Metrics.topKAccuracy(expected: expected, scores: scores, classCount: width, k: topK, weights: weights)
                ))
            if details {
                entries += Metrics.multiclassDetails(
                    expected: expected, probabilities: probabilities, classCount: width, beta: beta, weights: weights)
            }
        }
        return entries
    }
}
