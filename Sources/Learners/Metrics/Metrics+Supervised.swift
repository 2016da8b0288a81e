extension Metrics {
    /// How a supervised model is measured, beside what its task says.
    struct Scoring {
        /// Probability from which a binary classifier says yes; a raw score where there are no probabilities.
        var threshold: Float = 0.5
        /// The learner's own loss; nil = mean squared error, or cross entropy.
        var loss: Double?
        /// Whether a classifier's scores are log-odds.
        var givesProbabilities = true
        /// The k of `top_k_accuracy`; nil leaves it out.
        var topK: Int?
        /// Whether what is only told of finished models is measured, too.
        var hasDetails = false
        /// What a regressor's targets and predictions are less by than in the target's own units.
        var targetOrigin = 0.0
        /// The beta of `f_beta`; 1 leaves it out, since it is `f1`.
        var beta = 1.0
    }

    /// `loss` first, then scikit-learn's metrics for the task.
    ///
    /// - Shape: scores [n, scoreCount], a regressor's in the target's own units, a classifier's as log-odds where they give
    ///   probabilities; expected [n], weights [n].
    static func supervised(
        task: LearningTask, scores: [Float], expected: [Float], scoreCount: Int, weights: [Float]? = nil,
        scoring: Scoring = Scoring()
    ) -> [Entry] {
        guard task != .regressor else {
            var entries = regression(expected: expected, predicted: scores, weights: weights)
            entries.insert(("loss", scoring.loss ?? entries[0].value), at: 0)
            if scoring.hasDetails {
                entries += regressionDetails(
                    expected: expected, predicted: scores, weights: weights, origin: scoring.targetOrigin)
            }
            return entries
        }
        let values = scoring.givesProbabilities ? Probabilities.from(scores: scores, scoreCount: scoreCount) : scores
        let loss =
            scoring.loss ?? Probabilities.crossEntropy(scores: scores, targets: expected, width: scoreCount, weights: weights)
        let entries =
            scoreCount == 1
            ? binary(of: values, expected, weights, scoring)
            : multiclass(of: values, scores, expected, classCount: scoreCount, weights, scoring)
        return [("loss", loss)] + entries
    }

    private static func binary(
        of values: [Float], _ expected: [Float], _ weights: [Float]?, _ scoring: Scoring
    ) -> [Entry] {
        var entries = binary(expected: expected, probabilities: values, threshold: scoring.threshold, weights: weights)
        if scoring.hasDetails {
            entries += binaryDetails(
                expected: expected, probabilities: values, threshold: scoring.threshold, beta: scoring.beta, weights: weights)
        }
        // What is no probability has no such error.
        return scoring.givesProbabilities ? entries : entries.filter { $0.name != "log_loss" && $0.name != "brier" }
    }

    private static func multiclass(
        of probabilities: [Float], _ scores: [Float], _ expected: [Float], classCount: Int, _ weights: [Float]?,
        _ scoring: Scoring
    ) -> [Entry] {
        var entries = multiclass(expected: expected, probabilities: probabilities, classCount: classCount, weights: weights)
        if let topK = scoring.topK {
            let share = topKAccuracy(expected: expected, scores: scores, classCount: classCount, k: topK, weights: weights)
            entries.append(("top_k_accuracy", share))
        }
        if scoring.hasDetails {
            entries += multiclassDetails(
                expected: expected, probabilities: probabilities, classCount: classCount, beta: scoring.beta, weights: weights)
        }
        return entries
    }
}
