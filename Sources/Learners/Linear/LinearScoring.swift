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
        task: LearningTask, scores: [Float], expected: [Float], weights: [Float]?, width: Int, threshold: Float, details: Bool,
        targetOrigin: Double = 0
    ) -> [Metrics.Entry] {
        let loss = objective.mean(
            scores: scores, targets: expected, width: width, weights: lossWeights(targets: expected, weights: weights))
        return Metrics.supervised(
            task: task, scores: scores, expected: expected, scoreCount: width, weights: weights,
            scoring: Metrics.Scoring(
                threshold: threshold, loss: loss, givesProbabilities: objective.loss.givesProbabilities, topK: topK,
                hasDetails: details, targetOrigin: targetOrigin, beta: beta))
    }
}
