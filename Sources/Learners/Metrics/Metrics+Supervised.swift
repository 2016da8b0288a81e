import CheckedNumbers

extension Metrics {
    /// How a supervised model is measured, beside what its task says.
    struct Scoring {
        /// Probability from which a binary classifier says yes; a raw score where there are no probabilities.
        var threshold: Float = 0.5
        /// The learner's own mean loss of scores and targets with weights; nil = mean squared error, or cross entropy.
        var loss: ((_ scores: [Float], _ expected: [Float], _ weights: [Float]?) -> Double)?
        /// Whether a classifier's scores are log-odds.
        var givesProbabilities = true
        /// The k of `top_k_accuracy`.
        var topK = 3
        /// Whether what is only told of finished models is measured, too.
        var hasDetails = false
        /// One metric of those that is measured all the same.
        var detail: String?
        /// What a regressor's targets and predictions are less by than in the target's own units.
        var targetOrigin = 0.0
        /// The beta of `f_beta`; 1 leaves it out, since it is `f1`.
        var beta = 1.0

        /// Whether any of some metrics is wanted.
        fileprivate func wants(_ names: [String]) -> Bool { hasDetails || detail.map(names.contains) ?? false }
        /// What of some details was wanted.
        fileprivate func chosen(_ entries: [Entry]) -> [Entry] { hasDetails ? entries : entries.filter { $0.name == detail } }
    }

    /// `loss` first, then scikit-learn's metrics for the task. Rows of classes that training did not have (targets from
    /// `classCount` on) count as wrong where classes are compared; losses and areas are those of the other rows.
    ///
    /// - Shape: scores [n, scoreCount], a regressor's in the target's own units, a classifier's as log-odds where they give
    ///   probabilities; expected [n], weights [n].
    static func supervised(
        task: LearningTask, scores: [Float], expected: [Float], scoreCount: Int, weights: [Float]? = nil,
        scoring: Scoring = Scoring()
    ) -> [Entry] {
        guard task != .regressor else { return regressor(scores, expected, weights, scoring) }
        let classCount = max(2, scoreCount)
        guard expected.contains(where: { $0 >= Float(classCount) }) else {
            return classifier(scores, expected, scoreCount, weights, scoring)
        }
        let known = expected.indices.filter { expected[$0] < Float(classCount) }
        let entries = classifier(
            known.flatMap { scores[$0 * scoreCount..<($0 + 1) * scoreCount] }, known.map { expected[$0] }, scoreCount,
            weights.map { weights in known.map { weights[$0] } }, scoring)
        let predicted = Probabilities.classes(
            values(scores, scoreCount, scoring), scoreCount: scoreCount, threshold: scoring.threshold)
        let matrix = ConfusionMatrix(
            expected: expected, predicted: predicted,
            classCount: Int(nearestWithin: expected.max() ?? 0) + 1, weights: weights)
        let part = WeightedRows.total(known.count, weights.map { weights in known.map { weights[$0] } })
        let knownShare = part / WeightedRows.total(expected.count, weights)
        return entries.map { name, value in
            (
                name,
                matrix.value(of: name, isBinary: scoreCount == 1, beta: scoring.beta)
                    ?? (name == "top_k_accuracy" ? value * knownShare : value)
            )
        }
    }

    private static func regressor(
        _ scores: [Float], _ expected: [Float], _ weights: [Float]?, _ scoring: Scoring
    ) -> [Entry] {
        var entries = regression(expected: expected, predicted: scores, weights: weights)
        entries.insert(("loss", scoring.loss?(scores, expected, weights) ?? entries[0].value), at: 0)
        if scoring.wants(detailNames(.regressor)) {
            entries += scoring.chosen(
                regressionDetails(
                    expected: expected, predicted: scores, weights: weights, origin: scoring.targetOrigin))
        }
        return entries
    }

    /// Probabilities, or scores where there are none.
    private static func values(_ scores: [Float], _ scoreCount: Int, _ scoring: Scoring) -> [Float] {
        scoring.givesProbabilities ? Probabilities.from(scores: scores, scoreCount: scoreCount) : scores
    }

    private static func classifier(
        _ scores: [Float], _ expected: [Float], _ scoreCount: Int, _ weights: [Float]?, _ scoring: Scoring
    ) -> [Entry] {
        let values = values(scores, scoreCount, scoring)
        var entries =
            scoreCount == 1
            ? binary(of: values, expected, weights, scoring)
            : multiclass(of: values, scores, expected, classCount: scoreCount, weights, scoring)
        // From scores rather than from probabilities, so that no logarithm has to be clipped, and `log_loss` is the `loss` that
        // was minimised.
        let crossEntropy =
            scoring.givesProbabilities
            ? Probabilities.crossEntropy(scores: scores, targets: expected, width: scoreCount, weights: weights) : .nan
        if let place = entries.firstIndex(where: { $0.name == "log_loss" }) { entries[place].value = crossEntropy }
        return [("loss", scoring.loss?(scores, expected, weights) ?? crossEntropy)] + entries
    }

    private static func binary(
        of values: [Float], _ expected: [Float], _ weights: [Float]?, _ scoring: Scoring
    ) -> [Entry] {
        var entries = binary(expected: expected, probabilities: values, threshold: scoring.threshold, weights: weights)
        if scoring.wants(detailNames(.binaryClassifier) + ["f_beta"]) {
            entries += scoring.chosen(
                binaryDetails(
                    expected: expected, probabilities: values, threshold: scoring.threshold, beta: scoring.beta,
                    weights: weights))
        }
        // What is no probability has no such error.
        return scoring.givesProbabilities ? entries : entries.filter { $0.name != "log_loss" && $0.name != "brier" }
    }

    private static func multiclass(
        of probabilities: [Float], _ scores: [Float], _ expected: [Float], classCount: Int, _ weights: [Float]?,
        _ scoring: Scoring
    ) -> [Entry] {
        var entries = multiclass(expected: expected, probabilities: probabilities, classCount: classCount, weights: weights)
        if scoring.wants(["top_k_accuracy"]) {
            let share = topKAccuracy(
                expected: expected, scores: scores, classCount: classCount, k: scoring.topK, weights: weights)
            entries.append(("top_k_accuracy", share))
        }
        let areas = ["roc_auc", "pr_auc"]
        if scoring.wants(detailNames(.multiclassClassifier).filter { !areas.contains($0) } + ["f_beta"]) {
            entries += scoring.chosen(
                multiclassDetails(
                    expected: expected, probabilities: probabilities, classCount: classCount, beta: scoring.beta,
                    weights: weights))
        }
        if scoring.wants(areas) {
            entries += scoring.chosen(
                multiclassAreas(expected: expected, scores: probabilities, classCount: classCount, weights: weights))
        }
        return entries
    }
}

extension ConfusionMatrix {
    /// The metric of a name that follows from counts alone; nil for others. Of two classes, and more that training did not have,
    /// the second is the positive one.
    fileprivate func value(of name: String, isBinary: Bool, beta: Double) -> Double? {
        let pick = { (values: [Double]) in isBinary ? values[1] : self.mean(values, .macro) }
        return switch name {
        case "accuracy": accuracy
        case "precision": pick(precisions)
        case "recall": pick(recalls)
        case "f1": pick(fScores(beta: 1))
        case "f_beta": pick(fScores(beta: beta))
        case "balanced_accuracy": balancedAccuracy
        case "mcc": matthewsCorrelation
        case "precision_weighted": mean(precisions, .weighted)
        case "recall_weighted": mean(recalls, .weighted)
        case "f1_weighted": mean(fScores(beta: 1), .weighted)
        default: nil
        }
    }
}
