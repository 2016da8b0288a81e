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
        // Rows of classes that training did not have are not among those that losses are taken of.
        return targets.indices.map { row in
            let index = Int(nearestWithin: targets[row])
            return classWeights.indices.contains(index) ? classWeights[index] * (weights?[row] ?? 1) : 0
        }
    }

    /// `loss`, then the metrics that cost one pass and at most one sort; with `hasDetails` all that there are.
    ///
    /// - Parameter detail: one of the others that is measured all the same.
    /// - Shape: scores [n, width] as the model gives them, expected [n], weights [n].
    func entries(
        task: LearningTask, scores: [Float], expected: [Float], weights: [Float]?, width: Int, threshold: Float,
        hasDetails: Bool, detail: String? = nil, targetOrigin: Double = 0
    ) -> [Metrics.Entry] {
        var loss: (([Float], [Float], [Float]?) -> Double)?
        // Where the loss is plain cross entropy it is measured as for every learner, and once.
        if !objective.loss.givesProbabilities || !classWeights.isEmpty {
            loss = { scores, expected, weights in
                objective.mean(
                    scores: scores, targets: expected, width: width, weights: lossWeights(targets: expected, weights: weights),
                    total: WeightedRows.total(expected.count, weights))
            }
        }
        return Metrics.supervised(
            task: task, scores: scores, expected: expected, scoreCount: width, weights: weights,
            scoring: Metrics.Scoring(
                threshold: threshold, loss: loss, givesProbabilities: objective.loss.givesProbabilities, topK: topK,
                hasDetails: hasDetails, detail: detail, targetOrigin: targetOrigin, beta: beta))
    }
}
