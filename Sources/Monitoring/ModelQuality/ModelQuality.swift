import Glibc
import Numerics

/// A model's metrics over rows.
///
/// - Source: SageMaker developer guide, "Model quality metrics and Amazon CloudWatch monitoring".
public struct ModelQuality: Sendable, Hashable {
    public var problem: ModelQualityRows.Problem
    public var rowCount: Int
    /// Those that are defined, in the order in which they are told.
    public var values: [QualityValue]

    private static let draws = 5, bootstraps = 200, fewestForDeviation = 200

    public init(problem: ModelQualityRows.Problem, rowCount: Int, values: [QualityValue]) {
        (self.problem, self.rowCount, self.values) = (problem, rowCount, values)
    }

    /// Measures rows. The same rows and seed give the same errors.
    public init(_ rows: ModelQualityRows, seed: UInt64 = 0) {
        let whole = Self.metrics(rows)
        (problem, rowCount) = (rows.problem, rows.count)
        var random = RandomSource(seed: seed), drawn: [String: [Double]] = [:], resampled: [String: [Double]] = [:]
        if rows.count >= Self.fewestForDeviation {
            for _ in 0..<Self.draws {
                var order = Array(0..<rows.count)
                random.shuffle(&order)
                for metric in Self.metrics(rows.selecting(Array(order.prefix(rows.count * 4 / 5)))) {
                    drawn[metric.name, default: []].append(metric.value)
                }
            }
        }
        if rows.count > 1 {
            for _ in 0..<Self.bootstraps {
                let some = (0..<rows.count).map { _ in random.integer(below: rows.count) }
                for metric in Self.metrics(rows.selecting(some)) { resampled[metric.name, default: []].append(metric.value) }
            }
        }
        values = whole.map { metric in
            QualityValue(
                name: metric.name, value: metric.value, deviation: drawn[metric.name].flatMap(Self.deviation),
                error: resampled[metric.name].flatMap(Self.deviation), isScore: metric.isScore)
        }
    }

    public func value(_ name: String) -> QualityValue? { values.first { $0.name == name } }

    private static func deviation(_ values: [Double]) -> Double? {
        guard values.count > 1 else { return nil }
        var moments = Moments()
        for value in values { moments.add(value) }
        return moments.populationDeviation
    }

    // MARK: - Metrics

    private static func metrics(_ rows: ModelQualityRows) -> [(name: String, value: Double, isScore: Bool)] {
        guard rows.count > 0 else { return [] }
        let found =
            switch rows.problem {
            case .regression: regression(rows)
            case .binary: binary(rows)
            case .multiclass: multiclass(rows)
            }
        return found.filter { $0.value.isFinite }
    }

    private static func regression(_ rows: ModelQualityRows) -> [(name: String, value: Double, isScore: Bool)] {
        let count = Double(rows.count), mean = rows.truth.reduce(0, +) / count
        let errors = zip(rows.predicted, rows.truth).map { $0 - $1 }
        let squares = errors.reduce(0) { $0 + $1 * $1 }, spread = rows.truth.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return [
            ("mae", errors.reduce(0) { $0 + abs($1) } / count, false), ("mse", squares / count, false),
            ("rmse", (squares / count).squareRoot(), false), ("r2", spread > 0 ? 1 - squares / spread : .nan, true),
        ]
    }

    private static func binary(_ rows: ModelQualityRows) -> [(name: String, value: Double, isScore: Bool)] {
        var counts = [[0.0, 0.0], [0.0, 0.0]]
        for (truth, predicted) in zip(rows.trueClasses, rows.predictedClasses) { counts[truth][predicted] += 1 }
        let (tn, fp, fn, tp) = (counts[0][0], counts[0][1], counts[1][0], counts[1][1]), all = tn + fp + fn + tp
        let recall = tp / (tp + fn), precision = tp + fp > 0 ? tp / (tp + fp) : 0
        func score(_ beta: Double) -> Double {
            let weight = beta * beta, below = weight * precision + recall
            return below > 0 ? (1 + weight) * precision * recall / below : recall.isNaN ? .nan : 0
        }
        return [
            ("recall", recall, true), ("precision", precision, true), ("accuracy", (tp + tn) / all, true),
            ("true_positive_rate", recall, true), ("true_negative_rate", tn / (tn + fp), true),
            ("false_positive_rate", fp / (tn + fp), false), ("false_negative_rate", fn / (tp + fn), false),
            ("auc", areaUnderCurve(rows), true), ("f0_5", score(0.5), true), ("f1", score(1), true), ("f2", score(2), true),
        ]
    }

    /// The chance that a positive has a higher score than a negative; equal scores count half. NaN without scores or with one class.
    private static func areaUnderCurve(_ rows: ModelQualityRows) -> Double {
        guard rows.predicted.count == rows.trueClasses.count, rows.predicted.allSatisfy(\.isFinite) else { return .nan }
        let ranks = Statistics.ranks(rows.predicted)
        var positives = 0.0, rankSum = 0.0
        for (row, rank) in ranks.enumerated() where rows.trueClasses[row] == 1 {
            (positives, rankSum) = (positives + 1, rankSum + rank)
        }
        let negatives = Double(rows.count) - positives
        guard positives > 0, negatives > 0 else { return .nan }
        return (rankSum - positives * (positives + 1) / 2) / (positives * negatives)
    }

    private static func multiclass(_ rows: ModelQualityRows) -> [(name: String, value: Double, isScore: Bool)] {
        let classes = max(rows.classes.count, 1 + max(rows.trueClasses.max() ?? 0, rows.predictedClasses.max() ?? 0))
        var right = [Double](repeating: 0, count: classes), truth = right, predicted = right
        for (label, guess) in zip(rows.trueClasses, rows.predictedClasses) {
            truth[label] += 1
            predicted[guess] += 1
            if label == guess { right[label] += 1 }
        }
        let all = Double(rows.count)
        func weighted(_ score: (Double, Double) -> Double) -> Double {
            (0..<classes).reduce(0) { sum, place in
                guard truth[place] > 0 else { return sum }
                let recall = right[place] / truth[place], precision = predicted[place] > 0 ? right[place] / predicted[place] : 0
                return sum + truth[place] / all * score(precision, recall)
            }
        }
        func f(_ beta: Double) -> (Double, Double) -> Double {
            { precision, recall in
                let weight = beta * beta, below = weight * precision + recall
                return below > 0 ? (1 + weight) * precision * recall / below : 0
            }
        }
        return [
            ("accuracy", right.reduce(0, +) / all, true), ("weighted_recall", weighted { $1 }, true),
            ("weighted_precision", weighted { precision, _ in precision }, true), ("weighted_f0_5", weighted(f(0.5)), true),
            ("weighted_f1", weighted(f(1)), true), ("weighted_f2", weighted(f(2)), true),
        ]
    }
}
