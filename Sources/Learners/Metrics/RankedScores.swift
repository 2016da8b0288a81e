import CheckedNumbers
import Numerics

/// Scores of a binary classifier from the highest down, with the positives and negatives at or above each: what curves, areas
/// and thresholds come from.
public struct RankedScores: Sendable, Hashable {
    /// The distinct scores, falling.
    public private(set) var scores: [Float] = []
    /// Weight of the positive and of the negative rows that score at least so much.
    public private(set) var truePositives: [Double] = [], falsePositives: [Double] = []
    /// Weight of all positive and all negative rows.
    public var positives: Double { truePositives.last ?? 0 }
    public var negatives: Double { falsePositives.last ?? 0 }

    /// Ranks rows; empty when a score is NaN.
    ///
    /// - Shape: expected [n] of 0 and 1, scores [n], weights [n].
    /// - Complexity: a radix sort; with weights a comparison sort.
    public init(expected: [Float], scores: [Float], weights: [Float]? = nil) {
        self.scores.reserveCapacity(scores.count)
        truePositives.reserveCapacity(scores.count)
        falsePositives.reserveCapacity(scores.count)
        Self.rank(expected, scores, weights) { score, hits, misses in
            self.scores.append(score)
            truePositives.append(hits)
            falsePositives.append(misses)
        }
    }

    /// Area under the ROC curve: the chance that a positive scores above a negative, ties counting half. Exact without weights. The
    /// ranking is not kept, since this is measured at every evaluation.
    ///
    /// - Shape: expected [n] of 0 and 1, scores [n], weights [n].
    /// - Range: NaN with one class only or with a NaN score.
    public static func rocAUC(expected: [Float], scores: [Float], weights: [Float]? = nil) -> Double {
        var area = 0.0, positives = 0.0, negatives = 0.0
        rank(expected, scores, weights) { _, hits, misses in
            area += (misses - negatives) * (hits + positives) / 2
            (positives, negatives) = (hits, misses)
        }
        return positives > 0 && negatives > 0 ? area / (positives * negatives) : .nan
    }

    /// Area under the ROC curve of the ranking; NaN with one class only or with a NaN score.
    public var rocAUC: Double {
        var area = 0.0, last = (hits: 0.0, misses: 0.0)
        for (hits, misses) in zip(truePositives, falsePositives) {
            area += (misses - last.misses) * (hits + last.hits) / 2
            last = (hits, misses)
        }
        return positives > 0 && negatives > 0 ? area / (positives * negatives) : .nan
    }

    /// Hands out the distinct scores, falling, with the weight of the positive and of the negative rows that score at least so much;
    /// nothing when a score is NaN.
    private static func rank(
        _ expected: [Float], _ scores: [Float], _ weights: [Float]?,
        _ body: (_ score: Float, _ truePositives: Double, _ falsePositives: Double) -> Void
    ) {
        precondition(expected.count == scores.count, "\(expected.count) targets, \(scores.count) scores")
        guard !scores.contains(where: \.isNaN) else { return }
        var hits = 0.0, misses = 0.0
        if let weights {
            let rows = scores.indices.sorted { scores[$0] > scores[$1] }
            for (place, row) in rows.enumerated() {
                if expected[row] > 0.5 { hits += Double(weights[row]) } else { misses += Double(weights[row]) }
                // + 0 turns -0 into 0, which ties with it.
                if place + 1 == rows.count || scores[rows[place + 1]] != scores[row] { body(scores[row] + 0, hits, misses) }
            }
            return
        }
        // A float leaves the low bits of a double free: the class rides in the lowest, and sorts with its score. Infinite scores rank
        // beyond all finite ones; nothing finite lies between them and the largest float here.
        let limit = Float.greatestFiniteMagnitude
        let sorted = Statistics.sorted(
            zip(scores, expected).map { score, label in
                Double(bitPattern: Double(max(-limit, min(limit, score)) + 0).bitPattern | (label > 0.5 ? 1 : 0))
            })
        var place = sorted.count - 1
        while place >= 0 {
            let score = sorted[place].bitPattern & ~1
            while place >= 0, sorted[place].bitPattern & ~1 == score {
                let isPositive = Double(sorted[place].bitPattern & 1)
                hits += isPositive
                misses += 1 - isPositive
                place -= 1
            }
            body(Float(Double(bitPattern: score)), hits, misses)
        }
    }

    /// Area under the precision-recall curve as scikit-learn's average precision: Σ (recall gained) · precision; 0 without
    /// positives, as scikit-learn's, and NaN without rows.
    public var averagePrecision: Double {
        guard positives > 0 else { return scores.isEmpty ? .nan : 0 }
        var area = 0.0, last = 0.0
        for index in scores.indices {
            let precision = WeightedRows.share(truePositives[index], truePositives[index] + falsePositives[index])
            area += (truePositives[index] - last) / positives * precision
            last = truePositives[index]
        }
        return area
    }

    /// A point of a curve: what a threshold gives.
    public struct Point: Sendable, Hashable {
        public var x: Double, y: Double
        public var threshold: Float
    }

    /// False-positive rate and true-positive rate as the threshold falls, from (0, 0) at infinity.
    public var rocCurve: [Point] {
        [Point(x: 0, y: 0, threshold: .infinity)]
            + scores.indices.map {
                Point(x: falsePositives[$0] / negatives, y: truePositives[$0] / positives, threshold: scores[$0])
            }
    }

    /// Recall and precision as the threshold falls.
    public var precisionRecallCurve: [Point] {
        scores.indices.map {
            Point(
                x: truePositives[$0] / positives,
                y: WeightedRows.share(truePositives[$0], truePositives[$0] + falsePositives[$0]), threshold: scores[$0])
        }
    }
}

/// How often what was predicted with some probability came true.
public struct CalibrationBin: Sendable, Hashable {
    /// Mean probability predicted, and share of positives, over the bin's rows.
    public var meanProbability: Double, positiveShare: Double
    /// Weight of the bin's rows.
    public var weight: Double

    /// Rows in bins of equal width from 0 to 1; empty bins are left out.
    ///
    /// - Shape: expected [n] of 0 and 1, probabilities [n], weights [n].
    /// - Source: scikit-learn's `calibration_curve`, strategy uniform: a probability on an edge belongs to the bin below.
    public static func bins(
        expected: [Float], probabilities: [Float], count: Int, weights: [Float]? = nil
    ) -> [CalibrationBin] {
        precondition(count > 0, "\(count) bins")
        var sums = [(probability: Double, positive: Double, weight: Double)](repeating: (0, 0, 0), count: count)
        for row in expected.indices where !probabilities[row].isNaN {
            let bin = max(1, min(count, Int(roundedUpWithin: Double(probabilities[row]) * Double(count)))) - 1
            let weight = WeightedRows.weight(row, weights)
            sums[bin].probability += weight * Double(probabilities[row])
            sums[bin].positive += expected[row] > 0.5 ? weight : 0
            sums[bin].weight += weight
        }
        return sums.filter { $0.weight > 0 }.map {
            CalibrationBin(
                meanProbability: $0.probability / $0.weight, positiveShare: $0.positive / $0.weight, weight: $0.weight)
        }
    }
}
