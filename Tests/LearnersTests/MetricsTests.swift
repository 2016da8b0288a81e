import Glibc
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
        // r2_score([1], [1]) and ([1], [2]) are nan; a constant that no rounding of its mean makes other than constant.
        #expect(Metrics.regression(expected: [1], predicted: [1])[3].value.isNaN)
        #expect(Metrics.regression(expected: [1], predicted: [2])[3].value.isNaN)
        let weights: [Float] = [0.1, 0.2, 0.3]
        #expect(Metrics.regression(expected: [0.1, 0.1, 0.1], predicted: [0.1, 0.1, 0.2], weights: weights)[3].value == 0)
        #expect(Metrics.regression(expected: [0.1, 0.1, 0.1], predicted: [0.1, 0.1, 0.1], weights: weights)[3].value == 1)
        // explained_variance_score([1], [2]) is 1; of constant targets with constant errors too, with others 0.
        #expect(Metrics.regressionDetails(expected: [1], predicted: [2])[1].value == 1)
        #expect(
            Metrics.regressionDetails(expected: [0.1, 0.1, 0.1], predicted: [0.2, 0.2, 0.2], weights: weights)[1].value == 1)
        #expect(
            Metrics.regressionDetails(expected: [0.1, 0.1, 0.1], predicted: [0.2, 0.2, 0.3], weights: weights)[1].value == 0)
        // average_precision_score([0, 0], [0.2, 0.6]) is 0, of positives alone 1.
        #expect(RankedScores(expected: [0, 0], scores: [0.2, 0.6]).averagePrecision == 0)
        #expect(RankedScores(expected: [1, 1], scores: [0.2, 0.6]).averagePrecision == 1)
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
            #expect(abs(RankedScores.rocAUC(expected: labels, scores: scores) - area / pairs) < 1e-12)
        }
        #expect(RankedScores.rocAUC(expected: [0, 1], scores: [-0.0, 0.0]) == 0.5)
        #expect(RankedScores.rocAUC(expected: [0, 1], scores: [.nan, 0.0]).isNaN)
    }

    static let weights: [Float] = [1, 2, 0.5, 1, 3, 1, 0.25, 2]
    static let expected: [Float] = [0, 0, 1, 1, 1, 0, 1, 0]
    static let probabilities: [Float] = [0.125, 0.5, 0.5, 0.75, 0.25, 0.25, 0.875, 0.0625]

    @Test func `weighted rows count as scikit-learn's sample_weight`() {
        Self.expect(
            Metrics.regression(expected: [3, -0.5, 2, 7, 4.25], predicted: [2.5, 0, 2, 8, 5], weights: [1, 2, 0.5, 1, 3]),
            ["mse": 0.4583333333333333, "rmse": 0.67700320038633, "mae": 0.6333333333333333, "r2": 0.9247468758551491])
        let found = Metrics.binary(expected: Self.expected, probabilities: Self.probabilities, weights: Self.weights)
        Self.expect(
            Array(found.dropLast()),
            [
                "accuracy": 0.5348837209302325, "precision": 0.4666666666666667, "recall": 0.3684210526315789,
                "f1": 0.4117647058823529, "roc_auc": 0.7192982456140351,
            ])
        // scikit-learn keeps single-precision probabilities single: its log loss is good to 1e-7.
        #expect(abs(found[5].value - 0.6291261869807576) < 1e-7)
        Self.expect(
            Metrics.multiclass(
                expected: Self.classes, probabilities: Self.classProbabilities, classCount: 3, weights: [1, 2, 0.5, 1, 3, 1]),
            ["accuracy": 0.5882352941176471, "f1": 0.634920634920635, "log_loss": 1.1754991294460015])
    }

    @Test func `regression details are scikit-learn's`() {
        Self.expect(
            Metrics.regressionDetails(expected: [3, -0.5, 2, 7, 4.25], predicted: [2.5, 0, 2, 8, 5]),
            ["mape": 0.2971988795518207, "explained_variance": 0.9527687296416938])
        Self.expect(
            Metrics.regressionDetails(
                expected: [3, -0.5, 2, 7, 4.25], predicted: [2.5, 0, 2, 8, 5], weights: [1, 2, 0.5, 1, 3]),
            ["mape": 0.3785247432306255, "explained_variance": 0.9657940344796132])
    }

    @Test func `binary details are scikit-learn's`() {
        Self.expect(
            Metrics.binaryDetails(expected: Self.expected, probabilities: Self.probabilities, beta: 2),
            [
                "balanced_accuracy": 0.75, "mcc": 0.5, "pr_auc": 0.8541666666666666, "brier": 0.15283203125, "f_beta": 0.75,
            ])
        Self.expect(
            Metrics.binaryDetails(
                expected: Self.expected, probabilities: Self.probabilities, beta: 2, weights: Self.weights),
            [
                "balanced_accuracy": 0.5175438596491228, "mcc": 0.036560566473805456, "pr_auc": 0.6993774759479343,
                "brier": 0.2292877906976744, "f_beta": 0.38461538461538464,
            ])
    }

    static let classes: [Float] = [0, 1, 2, 2, 1, 0]
    static let classProbabilities: [Float] = [
        0.5, 0.25, 0.25, 0.25, 0.5, 0.25, 0.25, 0.5, 0.25, 0.125, 0.125, 0.75, 0.75, 0.125, 0.125, 0.5, 0.25, 0.25,
    ]

    @Test func `multiclass details are scikit-learn's`() {
        Self.expect(
            Metrics.multiclassDetails(expected: Self.classes, probabilities: Self.classProbabilities, classCount: 3, beta: 2),
            [
                "balanced_accuracy": 0.6666666666666666, "mcc": 0.5222329678670935, "precision": 0.7222222222222222,
                "recall": 0.6666666666666666, "precision_weighted": 0.7222222222222222,
                "recall_weighted": 0.6666666666666666, "f1_weighted": 0.6555555555555556, "f_beta": 0.654882154882155,
            ])
        Self.expect(
            Metrics.multiclassDetails(
                expected: Self.classes, probabilities: Self.classProbabilities, classCount: 3, beta: 2,
                weights: [1, 2, 0.5, 1, 3, 1]),
            [
                "balanced_accuracy": 0.6888888888888888, "mcc": 0.4568249384504352, "precision": 0.7333333333333334,
                "recall": 0.6888888888888888, "precision_weighted": 0.7411764705882353,
                "recall_weighted": 0.5882352941176471, "f1_weighted": 0.5893557422969188, "f_beta": 0.6426536426536428,
            ])
        let top = { (k: Int, weights: [Float]?) in
            Metrics.topKAccuracy(
                expected: Self.classes, scores: Self.classProbabilities, classCount: 3, k: k, weights: weights)
        }
        #expect(abs(top(1, nil) - 0.6666666666666666) < 1e-12)
        #expect(abs(top(2, nil) - 0.8333333333333334) < 1e-12)
        #expect(abs(top(2, [1, 2, 0.5, 1, 3, 1]) - 0.6470588235294118) < 1e-12)
        #expect(top(3, nil) == 1)
    }

    @Test func `the confusion matrix counts what was taken for what`() {
        let predicted = Probabilities.classes(Self.classProbabilities, scoreCount: 3, threshold: 0.5)
        let matrix = ConfusionMatrix(expected: Self.classes, predicted: predicted, classCount: 3)
        #expect(matrix.counts == [2, 0, 0, 1, 1, 0, 0, 1, 1])
        #expect(ConfusionMatrix(expected: [1, 1], predicted: [1, 1], classCount: 3).matthewsCorrelation == 0)
    }

    @Test func `curves and calibration are scikit-learn's`() {
        // roc_curve(drop_intermediate=False), precision_recall_curve, calibration_curve(n_bins=4).
        let ranked = RankedScores(expected: Self.expected, scores: Self.probabilities)
        #expect(ranked.rocCurve.map(\.x) == [0, 0, 0, 0.25, 0.5, 0.75, 1])
        #expect(ranked.rocCurve.map(\.y) == [0, 0.25, 0.5, 0.75, 1, 1, 1])
        #expect(ranked.rocCurve.map(\.threshold) == [.infinity, 0.875, 0.75, 0.5, 0.25, 0.125, 0.0625])
        #expect(ranked.precisionRecallCurve.map(\.x) == [0.25, 0.5, 0.75, 1, 1, 1])
        #expect(ranked.precisionRecallCurve.map(\.y) == [1, 1, 0.75, 4.0 / 6, 4.0 / 7, 0.5])
        let bins = CalibrationBin.bins(expected: Self.expected, probabilities: Self.probabilities, count: 4)
        #expect(bins.map(\.positiveShare) == [0.25, 0.5, 1, 1])
        #expect(bins.map(\.meanProbability) == [0.171875, 0.5, 0.75, 0.875])
        #expect(RankedScores(expected: [0, 1], scores: [.nan, 1]).averagePrecision.isNaN)
        #expect(RankedScores.rocAUC(expected: [0, 1, 1], scores: [-.infinity, .infinity, 0]) == 1)
    }

    private static let dealt: [Float] = [
        0.7, 0.2, 0.1, 0.2, 0.5, 0.3, 0.1, 0.3, 0.6, 0.4, 0.35, 0.25, 0.3, 0.4, 0.3, 0.2, 0.2, 0.6, 0.5, 0.3, 0.2, 0.1, 0.8, 0.1,
    ]
    private static let dealtWeights: [Float] = [1, 2, 0.5, 1, 3, 1, 1, 0.25]

    // scikit-learn 1.9.1: roc_auc_score(multi_class="ovr", average="macro"), and the mean over the classes of
    // average_precision_score(y == k, p[:, k]), without and with sample_weight.
    @Test func `areas of many classes are scikit-learn's, each class against the rest`() {
        let found = { (weights: [Float]?) in
            Metrics.multiclassAreas(
                expected: [0, 1, 2, 1, 0, 2, 2, 1], scores: Self.dealt, classCount: 3, weights: weights)
        }
        Self.expect(found(nil), ["roc_auc": 0.8555555555555555, "pr_auc": 0.8333333333333334])
        Self.expect(found(Self.dealtWeights), ["roc_auc": 0.7553613725681538, "pr_auc": 0.7733182503770739])
        let one = Metrics.multiclassAreas(expected: [1, 1], scores: [0.5, 0.5, 0.25, 0.75], classCount: 2)
        #expect(one[0].value.isNaN && one[1].value.isNaN)
    }

    // scikit-learn 1.9.1 with zero_division=0, on y = [0, 1, 2, 1, 0, 2, 3, 1]: no prediction is ever 3. Log loss over y < 3.
    @Test(arguments: [false, true])
    func `rows of a class that training did not have count as wrong, and losses leave them out`(isWeighted: Bool) {
        let entries = Metrics.supervised(
            task: .multiclassClassifier, scores: Self.dealt.map { log($0) }, expected: [0, 1, 2, 1, 0, 2, 3, 1], scoreCount: 3,
            weights: isWeighted ? Self.dealtWeights : nil, scoring: Metrics.Scoring(hasDetails: true))
        let found = Dictionary(uniqueKeysWithValues: entries.map { ($0.name, $0.value) })
        let expected =
            isWeighted
            ? [
                "accuracy": 0.48717948717948717, "f1": 0.453781512605042, "precision": 0.44047619047619047,
                "recall": 0.4855769230769231, "mcc": 0.24759378423606915, "balanced_accuracy": 0.4855769230769231,
                "precision_weighted": 0.43345543345543347, "log_loss": 0.8259124778795421,
            ]
            : [
                "accuracy": 0.625, "f1": 0.5166666666666666, "precision": 0.5, "recall": 0.5416666666666666,
                "mcc": 0.47776654295295456, "balanced_accuracy": 0.5416666666666666, "precision_weighted": 0.5833333333333333,
                "log_loss": 0.6497731244754457,
            ]
        for (name, value) in expected { #expect(abs((found[name] ?? .nan) - value) < 1e-6, "\(name)") }
        #expect(found["loss"] == found["log_loss"])
    }

    // scikit-learn 1.9.1: y = [1, 0, 1, 2, 0, 2]; precision, recall and f1 of y == 1, the area over y < 2.
    @Test func `of a third class between two the positive one keeps its precision`() {
        let scores = [0.9, 0.2, 0.4, 0.7, 0.6, 0.1].map { Float(log($0 / (1 - $0))) }
        let entries = Metrics.supervised(
            task: .binaryClassifier, scores: scores, expected: [1, 0, 1, 2, 0, 2], scoreCount: 1,
            scoring: Metrics.Scoring(hasDetails: true))
        let found = Dictionary(uniqueKeysWithValues: entries.map { ($0.name, $0.value) })
        let expected = [
            "accuracy": 0.3333333333333333, "precision": 0.3333333333333333, "recall": 0.5, "f1": 0.4, "mcc": 0,
            "balanced_accuracy": 0.3333333333333333, "roc_auc": 0.75,
        ]
        for (name, value) in expected { #expect(abs((found[name] ?? .nan) - value) < 1e-6, "\(name)") }
    }

    @Test func `a relative error of nothing is none`() {
        #expect(Metrics.regressionDetails(expected: [0, 2], predicted: [1, 2])[0].value.isNaN)
        let mape = Metrics.regressionDetails(expected: [0, 2], predicted: [1, 3], weights: [0, 1])[0].value
        #expect(mape == 0.5)
    }
}
