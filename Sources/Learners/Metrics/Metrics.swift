import CheckedNumbers
import Glibc

/// How good predictions are, by scikit-learn's names and definitions.
public enum Metrics {
    /// A metric's name and value.
    public typealias Entry = (name: String, value: Double)

    /// `mse`, `rmse`, `mae`, `r2` of predicted numbers.
    ///
    /// - Shape: expected [n], predicted [n], weights [n].
    /// - Range: without rows all are NaN, and r2 with one row too; r2 of constant targets is 1 when every prediction is exact, else
    ///   0, as scikit-learn's.
    public static func regression(expected: [Float], predicted: [Float], weights: [Float]? = nil) -> [Entry] {
        precondition(expected.count == predicted.count, "\(expected.count) targets, \(predicted.count) predictions")
        let count = WeightedRows.total(expected.count, weights)
        var sum = 0.0
        for (row, y) in expected.enumerated() { sum += WeightedRows.weight(row, weights) * Double(y) }
        let mean = sum / count
        var squares = 0.0, absolute = 0.0, total = 0.0
        for row in expected.indices {
            let y = Double(expected[row]), error = Double(predicted[row]) - y, weight = WeightedRows.weight(row, weights)
            squares += weight * error * error
            absolute += weight * abs(error)
            total += weight * (y - mean) * (y - mean)
        }
        let mse = squares / count
        // Whether targets differ is asked of them: rounding the mean makes small squares out of equal ones.
        let r2 = isConstant(expected, weights) || total == 0 ? (squares == 0 ? 1 : 0) : 1 - squares / total
        return [("mse", mse), ("rmse", mse.squareRoot()), ("mae", absolute / count), ("r2", expected.count < 2 ? .nan : r2)]
    }

    /// Whether all rows that count have one target.
    static func isConstant(_ expected: [Float], _ weights: [Float]?) -> Bool {
        guard let first = expected.indices.first(where: { WeightedRows.weight($0, weights) > 0 }) else { return true }
        return expected.indices.allSatisfy { expected[$0] == expected[first] || WeightedRows.weight($0, weights) == 0 }
    }

    /// `accuracy`, `precision`, `recall`, `f1`, `roc_auc`, `log_loss` of probabilities of the positive class 1.
    ///
    /// - Shape: expected [n] of 0 and 1, probabilities [n], weights [n].
    /// - Range: precision, recall and f1 are 0 when undefined; roc_auc is NaN with one class only.
    public static func binary(
        expected: [Float], probabilities: [Float], threshold: Float = 0.5, weights: [Float]? = nil
    ) -> [Entry] {
        precondition(expected.count == probabilities.count, "\(expected.count) targets, \(probabilities.count) probabilities")
        var truePositives = 0.0, falsePositives = 0.0, falseNegatives = 0.0, right = 0.0, loss = 0.0
        for row in expected.indices {
            let p = probabilities[row], weight = WeightedRows.weight(row, weights)
            let saysYes = p >= threshold, isYes = expected[row] > 0.5
            right += saysYes == isYes ? weight : 0
            truePositives += saysYes && isYes ? weight : 0
            falsePositives += saysYes && !isYes ? weight : 0
            falseNegatives += !saysYes && isYes ? weight : 0
            loss -= weight * clippedLog(isYes ? Double(p) : 1 - Double(p))
        }
        let count = WeightedRows.total(expected.count, weights)
        let precision = WeightedRows.share(truePositives, truePositives + falsePositives)
        let recall = WeightedRows.share(truePositives, truePositives + falseNegatives)
        let area = RankedScores.rocAUC(expected: expected, scores: probabilities, weights: weights)
        return [
            ("accuracy", right / count), ("precision", precision), ("recall", recall),
            ("f1", WeightedRows.share(2 * truePositives, 2 * truePositives + falsePositives + falseNegatives)), ("roc_auc", area),
            ("log_loss", loss / count),
        ]
    }

    /// `accuracy`, `f1` (macro, over the classes that occur or were predicted) and `log_loss` of class probabilities.
    ///
    /// - Shape: expected [n] of class indices, probabilities [n, classCount], weights [n].
    public static func multiclass(
        expected: [Float], probabilities: [Float], classCount: Int, weights: [Float]? = nil
    ) -> [Entry] {
        precondition(
            expected.count * classCount == probabilities.count,
            "\(expected.count) targets of \(classCount) classes, \(probabilities.count) probabilities")
        let predicted = Probabilities.classes(probabilities, scoreCount: classCount, threshold: 0.5)
        var hits = [Double](repeating: 0, count: classCount), occurred = hits, chosen = hits
        var loss = 0.0
        for row in expected.indices {
            let own = Int(nearestWithin: expected[row]), weight = WeightedRows.weight(row, weights)
            occurred[own] += weight
            chosen[predicted[row]] += weight
            if predicted[row] == own { hits[own] += weight }
            loss -= weight * clippedLog(Double(probabilities[row * classCount + own]))
        }
        let used = occurred.indices.filter { occurred[$0] + chosen[$0] > 0 }
        let scores = used.map { WeightedRows.share(2 * hits[$0], occurred[$0] + chosen[$0]) }
        let count = WeightedRows.total(expected.count, weights)
        return [
            ("accuracy", hits.reduce(0, +) / count), ("f1", WeightedRows.share(scores.reduce(0, +), Double(scores.count))),
            ("log_loss", loss / count),
        ]
    }

    /// Probabilities of 0 are lifted as scikit-learn lifts those of single precision.
    private static func clippedLog(_ probability: Double) -> Double {
        let least = Double(Float.ulpOfOne)
        return probability.isNaN ? .nan : log(max(least, min(1 - least, probability)))
    }
}
