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
        precondition(expected.count == scores.count, "\(expected.count) targets, \(scores.count) scores")
        guard !scores.contains(where: \.isNaN) else { return }
        self.scores.reserveCapacity(scores.count)
        truePositives.reserveCapacity(scores.count)
        falsePositives.reserveCapacity(scores.count)
        if let weights {
            for row in scores.indices.sorted(by: { scores[$0] > scores[$1] }) {
                add(scores[row] + 0, isPositive: expected[row] > 0.5, weight: Double(weights[row]))
            }
        } else {
            // A float leaves the low bits of a double free: the class rides in the lowest, and sorts with its score.
            let limit = Float.greatestFiniteMagnitude
            let marked = scores.indices.map { row in
                let score = max(-limit, min(limit, scores[row])) + 0
                return Double(bitPattern: Double(score).bitPattern | (expected[row] > 0.5 ? 1 : 0))
            }
            for value in Statistics.sorted(marked).reversed() {
                add(
                    Float(Double(bitPattern: value.bitPattern & ~1)), isPositive: value.bitPattern & 1 == 1, weight: 1)
            }
        }
    }

    private mutating func add(_ score: Float, isPositive: Bool, weight: Double) {
        if scores.last != score {
            truePositives.append(positives)
            falsePositives.append(negatives)
            scores.append(score)
        }
        if isPositive { truePositives[scores.count - 1] += weight } else { falsePositives[scores.count - 1] += weight }
    }

    /// Area under the ROC curve; NaN with one class only.
    public var rocAUC: Double {
        guard positives > 0, negatives > 0 else { return .nan }
        var area = 0.0, lastTrue = 0.0, lastFalse = 0.0
        for index in scores.indices {
            area += (falsePositives[index] - lastFalse) * (truePositives[index] + lastTrue) / 2
            (lastTrue, lastFalse) = (truePositives[index], falsePositives[index])
        }
        return area / (positives * negatives)
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
