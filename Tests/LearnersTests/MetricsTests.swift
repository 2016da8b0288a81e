import Numerics
import Testing

@testable import Learners

/// Expected numbers from scikit-learn 1.9.1 (`sklearn.metrics`); the probabilities are exact in binary.
@Suite struct MetricsTests {
    static func expect(_ found: [Metrics.Entry], _ expected: KeyValuePairs<String, Double>) {
        #expect(found.map(\.name) == expected.map(\.key))
        for (a, b) in zip(found, expected) { #expect(abs(a.value - b.value) < 1e-12, "\(a)") }
    }

    @Test func `regression metrics are scikit-learn's`() {
        Self.expect(
            Metrics.regression(expected: [3, -0.5, 2, 7, 4.25], predicted: [2.5, 0, 2, 8, 5]),
            ["mse": 0.4125, "rmse": 0.6422616289332564, "mae": 0.55, "r2": 0.9328175895765473])
        #expect(Metrics.regression(expected: [2, 2], predicted: [2, 2])[3].value == 1)
        #expect(Metrics.regression(expected: [2, 2], predicted: [1, 2])[3].value == 0)
    }

    @Test func `binary metrics are scikit-learn's, ties included`() {
        Self.expect(
            Metrics.binary(
                expected: [0, 0, 1, 1, 1, 0, 1, 0], probabilities: [0.125, 0.5, 0.5, 0.75, 0.25, 0.25, 0.875, 0.0625]),
            ["accuracy": 0.75, "precision": 0.75, "recall": 0.75, "f1": 0.75, "roc_auc": 0.875, "log_loss": 0.45994427169124497])
        // log_loss([1, 0], float32 [0, 0.5]): a probability of 0 counts as the smallest step of single precision.
        #expect(abs(Metrics.binary(expected: [1, 0], probabilities: [0, 0.5])[5].value - 8.317766189575195) < 1e-6)
        let one = Metrics.binary(expected: [0, 0], probabilities: [0.1, 0.2])
        #expect(one[1].value == 0 && one[2].value == 0 && one[3].value == 0)
        #expect(one[4].value.isNaN)
    }

    @Test func `multiclass metrics are scikit-learn's`() {
        Self.expect(
            Metrics.multiclass(
                expected: [0, 1, 2, 2, 1, 0],
                probabilities: [
                    0.5, 0.25, 0.25, 0.25, 0.5, 0.25, 0.25, 0.5, 0.25, 0.125, 0.125, 0.75, 0.75, 0.125, 0.125, 0.5, 0.25, 0.25,
                ], classCount: 3),
            ["accuracy": 0.6666666666666666, "f1": 0.6555555555555556, "log_loss": 0.9721432528218905])
    }

    @Test func `the area under the curve is the share of pairs in order`() {
        var random = RandomSource(seed: 6)
        for _ in 0..<20 {
            let labels = (0..<90).map { _ in Float(random.integer(below: 2)) }
            let scores = (0..<90).map { _ in Float(random.integer(below: 12)) - 6 + (random.uniform() < 0.1 ? .infinity : 0) }
            var area = 0.0, pairs = 0.0
            for (a, x) in zip(labels, scores) where a == 1 {
                for (b, y) in zip(labels, scores) where b == 0 {
                    area += x > y ? 1 : x == y ? 0.5 : 0
                    pairs += 1
                }
            }
            #expect(abs(Metrics.rocAUC(expected: labels, scores: scores) - area / pairs) < 1e-12)
        }
        #expect(Metrics.rocAUC(expected: [0, 1], scores: [-0.0, 0.0]) == 0.5)
        #expect(Metrics.rocAUC(expected: [0, 1], scores: [.nan, 0.0]).isNaN)
    }
}
