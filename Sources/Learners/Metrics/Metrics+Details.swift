import CheckedNumbers
import Glibc

extension Metrics {
    /// `mape` and `explained_variance` of predicted numbers.
    ///
    /// - Shape: expected [n], predicted [n], weights [n]; both less `origin`.
    /// - Range: a target of 0 makes mape NaN, since nothing is relative to it; explained variance of constant targets is 1 when the errors are
    ///   constant too, else 0.
    public static func regressionDetails(expected: [Float], predicted: [Float], weights: [Float]? = nil, origin: Double = 0)
        -> [Entry]
    {
        let count = WeightedRows.total(expected.count, weights)
        var relative = 0.0, errorSum = 0.0, targetSum = 0.0
        for row in expected.indices {
            let y = Double(expected[row]), error = Double(predicted[row]) - y, weight = WeightedRows.weight(row, weights)
            let own = y + origin
            relative += weight * abs(error) / (own == 0 && weight > 0 ? .nan : own == 0 ? 1 : abs(own))
            errorSum += weight * error
            targetSum += weight * y
        }
        var errorSquares = 0.0, targetSquares = 0.0
        for row in expected.indices {
            let y = Double(expected[row]), error = Double(predicted[row]) - y, weight = WeightedRows.weight(row, weights)
            errorSquares += weight * (error - errorSum / count) * (error - errorSum / count)
            targetSquares += weight * (y - targetSum / count) * (y - targetSum / count)
        }
        let isConstant = isConstant(expected, weights) || targetSquares == 0
        let errors = zip(predicted, expected).map { $0 - $1 }
        let explained =
            isConstant ? (errorSquares == 0 || self.isConstant(errors, weights) ? 1 : 0) : 1 - errorSquares / targetSquares
        return [("mape", relative / count), ("explained_variance", expected.isEmpty ? .nan : explained)]
    }

    /// `balanced_accuracy`, `mcc`, `pr_auc` (average precision), `brier`, and `f_beta` unless beta is 1.
    ///
    /// - Shape: expected [n] of 0 and 1, probabilities [n], weights [n].
    public static func binaryDetails(
        expected: [Float], probabilities: [Float], threshold: Float = 0.5, beta: Double = 1, weights: [Float]? = nil
    ) -> [Entry] {
        let predicted = Probabilities.classes(probabilities, scoreCount: 1, threshold: threshold)
        let matrix = ConfusionMatrix(expected: expected, predicted: predicted, classCount: 2, weights: weights)
        let ranked = RankedScores(expected: expected, scores: probabilities, weights: weights)
        var brier = 0.0
        for row in expected.indices {
            let error = Double(probabilities[row]) - Double(expected[row])
            brier += WeightedRows.weight(row, weights) * error * error
        }
        var entries: [Entry] = [
            ("balanced_accuracy", matrix.balancedAccuracy), ("mcc", matrix.matthewsCorrelation),
            ("pr_auc", ranked.averagePrecision), ("brier", brier / WeightedRows.total(expected.count, weights)),
        ]
        if beta != 1 { entries.append(("f_beta", matrix.fScores(beta: beta)[1])) }
        return entries
    }

    /// `balanced_accuracy`, `mcc`, macro `precision` and `recall`, the three weighted by class sizes, and macro `f_beta` unless
    /// beta is 1. What is micro-averaged is the accuracy.
    ///
    /// - Shape: expected [n] of class indices, probabilities [n, classCount], weights [n].
    public static func multiclassDetails(
        expected: [Float], probabilities: [Float], classCount: Int, beta: Double = 1, weights: [Float]? = nil
    ) -> [Entry] {
        let predicted = Probabilities.classes(probabilities, scoreCount: classCount, threshold: 0.5)
        let matrix = ConfusionMatrix(expected: expected, predicted: predicted, classCount: classCount, weights: weights)
        var entries: [Entry] = [
            ("balanced_accuracy", matrix.balancedAccuracy), ("mcc", matrix.matthewsCorrelation),
            ("precision", matrix.mean(matrix.precisions, .macro)), ("recall", matrix.mean(matrix.recalls, .macro)),
            ("precision_weighted", matrix.mean(matrix.precisions, .weighted)),
            ("recall_weighted", matrix.mean(matrix.recalls, .weighted)),
            ("f1_weighted", matrix.mean(matrix.fScores(beta: 1), .weighted)),
        ]
        if beta != 1 { entries.append(("f_beta", matrix.mean(matrix.fScores(beta: beta), .macro))) }
        return entries
    }

    /// `roc_auc` and `pr_auc` of each class against all others, their mean over the classes that occur.
    ///
    /// - Shape: expected [n] of class indices, scores [n, classCount], weights [n].
    /// - Range: NaN where fewer than two classes occur or a score is NaN.
    /// - Source: scikit-learn's roc_auc_score(multi_class="ovr") and average_precision_score of binarised labels, both macro.
    public static func multiclassAreas(
        expected: [Float], scores: [Float], classCount: Int, weights: [Float]? = nil
    ) -> [Entry] {
        var roc: [Double] = [], precision: [Double] = []
        for index in 0..<classCount {
            let own = expected.map { Int(nearestWithin: $0) == index ? Float(1) : 0 }
            guard own.indices.contains(where: { own[$0] == 1 && WeightedRows.weight($0, weights) > 0 }) else { continue }
            let ranked = RankedScores(
                expected: own, scores: stride(from: index, to: scores.count, by: classCount).map { scores[$0] },
                weights: weights)
            roc.append(ranked.rocAUC)
            precision.append(ranked.scores.isEmpty ? .nan : ranked.averagePrecision)
        }
        let mean = { (values: [Double]) in values.count < 2 ? Double.nan : values.reduce(0, +) / Double(values.count) }
        return [("roc_auc", mean(roc)), ("pr_auc", mean(precision))]
    }

    /// Share of rows whose class is among the k with the highest scores; of equal scores the later class ranks first, as
    /// scikit-learn's stable sort has it.
    ///
    /// - Shape: expected [n] of class indices, scores [n, classCount], weights [n].
    public static func topKAccuracy(
        expected: [Float], scores: [Float], classCount: Int, k: Int, weights: [Float]? = nil
    ) -> Double {
        var right = 0.0
        for row in expected.indices {
            let own = Int(nearestWithin: expected[row]), start = row * classCount, score = scores[start + own]
            var above = 0
            for index in 0..<classCount {
                let other = scores[start + index]
                above += other > score || (other == score && index > own) ? 1 : 0
            }
            right += above < k && !score.isNaN ? WeightedRows.weight(row, weights) : 0
        }
        return right / WeightedRows.total(expected.count, weights)
    }
}
