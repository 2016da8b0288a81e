import CLearnerKernels
import CheckedNumbers
import Glibc
import Numerics

/// A trained linear model: standardised features times weights plus bias.
public struct LinearModel: LearnedModel, Hashable {
    /// What it predicts.
    public let task: LearningTask
    /// Features a row must have.
    public let featureCount: Int
    /// Classes; 1 for a regressor.
    public let classCount: Int
    /// Categories of the last features, whose values are codes from 0.
    public var cardinalities: [Int] = []
    /// Weights on standardised numbers and on the indicators of categories, score after score, and one bias a score.
    ///
    /// - Shape: weights [scores, weightCount], biases [scores].
    public internal(set) var weights: [Float], biases: [Float]
    /// What is subtracted from each feature, and what it is then multiplied by.
    public let featureMeans: [Float], featureInverses: [Float]
    /// A regressor's score times the deviation plus the mean is its prediction; 0 and 1 for classifiers.
    public let targetMean: Double, targetDeviation: Double
    /// How it is measured, and what it minimised.
    public let scoring: LinearScoring
    /// Probability, or raw score of a hinge, from which a binary classifier says yes.
    public var threshold: Float = LinearLoss.naturalThreshold

    /// False for regressors and for classifiers of hinge loss, whose scores are no log-odds.
    public var givesProbabilities: Bool { scoring.objective.loss.givesProbabilities }

    /// Scores a row: 1, or one a class.
    public var scoreCount: Int { biases.count }

    /// Weights a score has: one a number, one a category.
    public var weightCount: Int { featureCount - cardinalities.count + cardinalities.reduce(0, +) }

    /// Raw scores; a regressor's are its predictions.
    ///
    /// - Shape: features [n, featureCount], returns [n, scoreCount].
    /// - Throws: `shapeMismatch`, `nonFiniteFeature`.
    public func predictScores(_ features: Matrix) throws(LearnerError) -> Matrix {
        guard features.columnCount == featureCount else {
            throw LearnerError(
                .shapeMismatch, "the model takes \(featureCount) features, the rows have \(features.columnCount)")
        }
        if let column = features.firstNonFiniteColumn {
            throw LearnerError(.nonFiniteFeature, "feature \(column) (from 0) holds NaN or an infinite value: fill it in")
        }
        try features.checkCodes("prediction", cardinalities)
        let rows = FeatureRows(features, means: featureMeans, inverses: featureInverses, cardinalities: cardinalities)
        let scores = rows.scores(weights: rows.padded(weights), biases: biases, rows: nil)
        let isRegressor = task == .regressor
        return Matrix(
            rowCount: features.rowCount, columnCount: scoreCount,
            elements: isRegressor ? scores.map { Float(Double($0) * targetDeviation + targetMean) } : scores)
    }

    /// Intercepts and weights on the features as they were given, and on indicators of categories, in double precision. What was given is
    /// in the pipeline's units (`FeaturePipeline.units`) and less the target's origin (`TargetEncoding.origin`).
    ///
    /// - Shape: intercepts [scores], coefficients [scores, weightCount].
    public var coefficients: (intercepts: [Double], coefficients: [Double]) {
        var intercepts = biases.map { Double($0) * targetDeviation + targetMean }
        var slopes: [Double] = []
        for score in 0..<scoreCount {
            for feature in 0..<weightCount {
                let isNumber = feature < featureCount - cardinalities.count
                let inverse = isNumber ? Double(featureInverses[feature]) : 1
                let slope = Double(weights[score * weightCount + feature]) * inverse * targetDeviation
                slopes.append(slope)
                if isNumber { intercepts[score] -= slope * Double(featureMeans[feature]) }
            }
        }
        return (intercepts, slopes)
    }

    public func entries(scores: [Float], on data: LabelledMatrix, threshold: Float) -> [Metrics.Entry] {
        scoring.entries(
            task: task, scores: scores, expected: data.targets, weights: data.weights, width: scoreCount, threshold: threshold,
            hasDetails: true, targetOrigin: data.targetOrigin)
    }

    public var lossNote: String? {
        guard givesProbabilities, !scoring.classWeights.isEmpty else { return nil }
        return "loss counts rows by their class (positive_example_weight_mult, balance_multiclass_weights), log_loss does not"
    }
}

extension LinearModel {
    private enum CodingKeys: String, CodingKey {
        case task, featureCount, classCount, weights, biases, featureMeans, featureInverses, targetMean, targetDeviation
        case scoring, threshold, cardinalities
    }

    /// Reads models that were written before they said what they minimised: it was the automatic loss.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        task = try container.decode(LearningTask.self, forKey: .task)
        featureCount = try container.decode(Int.self, forKey: .featureCount)
        classCount = try container.decode(Int.self, forKey: .classCount)
        weights = try container.decode([Float].self, forKey: .weights)
        biases = try container.decode([Float].self, forKey: .biases)
        featureMeans = try container.decode([Float].self, forKey: .featureMeans)
        featureInverses = try container.decode([Float].self, forKey: .featureInverses)
        targetMean = try container.decode(Double.self, forKey: .targetMean)
        targetDeviation = try container.decode(Double.self, forKey: .targetDeviation)
        scoring =
            try container.decodeIfPresent(LinearScoring.self, forKey: .scoring)
            ?? LinearScoring(objective: LinearObjective(.automatic(for: task)))
        threshold = try container.decode(Float.self, forKey: .threshold)
        cardinalities = try container.decodeIfPresent([Int].self, forKey: .cardinalities) ?? []
        try checkParts(decoder)
    }

    private func checkParts(_ decoder: any Decoder) throws {
        try decoder.check(task.needsTarget, "a linear model predicts no \(task.rawValue)")
        let scores = task == .multiclassClassifier ? classCount : 1
        try decoder.check(task == .regressor || classCount >= 2, "a classifier of \(classCount) classes")
        try decoder.check(biases.count == scores, "\(biases.count) biases for \(scores) scores")
        // Places of weights are 32-bit numbers; codes are single-precision ones, which count up to 2^24.
        try decoder.check(
            cardinalities.allSatisfy { (1...1 << 24).contains($0) } && cardinalities.count <= 1 << 24
                && cardinalities.reduce(0, +) <= 1 << 30, "the numbers of categories are no numbers of categories")
        try decoder.check(
            (1...1 << 30).contains(featureCount) && cardinalities.count <= featureCount,
            "\(featureCount) features, \(cardinalities.count) of them categories")
        try decoder.check(
            weights.count == Int.size(scores, times: weightCount),
            "\(weights.count) weights for \(scores) scores of \(weightCount) weights")
        try decoder.check(
            featureMeans.count == featureCount && featureInverses.count == featureCount,
            "\(featureMeans.count) means and \(featureInverses.count) scales for \(featureCount) features")
        try decoder.check(
            LinearLoss.choices(for: task).contains(scoring.objective.loss),
            "\(scoring.objective.loss.rawValue) is no loss of a \(task.rawValue)")
        try decoder.check(
            scoring.classWeights.isEmpty || task != .regressor && scoring.classWeights.count == classCount,
            "\(scoring.classWeights.count) class weights for \(classCount) classes")
    }
}
