import CLearnerKernels
import Glibc
import Numerics

/// A trained linear model: standardised features times weights plus bias.
public struct LinearModel: Sendable, Hashable, Codable {
    /// What it predicts.
    public let task: LearningTask
    /// Features a row must have.
    public let featureCount: Int
    /// Classes; 1 for a regressor.
    public let classCount: Int
    /// Weights on standardised features, score after score, and one bias a score.
    ///
    /// - Shape: weights [scores, featureCount], biases [scores].
    public internal(set) var weights: [Float], biases: [Float]
    /// What is subtracted from each feature, and what it is then multiplied by.
    public let featureMeans: [Float], featureInverses: [Float]
    /// A regressor's score times the deviation plus the mean is its prediction; 0 and 1 for classifiers.
    public let targetMean: Double, targetDeviation: Double
    /// Probability from which a binary classifier says yes.
    public var threshold: Float = 0.5

    /// Scores a row: 1, or one a class.
    public var scoreCount: Int { biases.count }

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
        let rows = FeatureRows(features, means: featureMeans, inverses: featureInverses)
        let scores = rows.scores(weights: rows.padded(weights), biases: biases, rows: nil)
        let isRegressor = task == .regressor
        return Matrix(
            rowCount: features.rowCount, columnCount: scoreCount,
            elements: isRegressor ? scores.map { Float(Double($0) * targetDeviation + targetMean) } : scores)
    }

    /// Probabilities of the classes: of the positive one for a binary classifier, of each for a multiclass one.
    ///
    /// - Shape: features [n, featureCount], returns [n, 1] or [n, classCount].
    /// - Throws: as `predictScores`; `unsupported` for a regressor.
    public func predictProbabilities(_ features: Matrix) throws(LearnerError) -> Matrix {
        guard task != .regressor else {
            throw LearnerError(.unsupported, "a regressor has no probabilities: ask for its scores")
        }
        let scores = try predictScores(features)
        return Matrix(
            rowCount: scores.rowCount, columnCount: scores.columnCount,
            elements: Probabilities.from(scores: scores.elements, scoreCount: scoreCount))
    }

    /// Each row's class.
    ///
    /// - Throws: as `predictProbabilities`.
    public func predictClasses(_ features: Matrix) throws(LearnerError) -> [Int] {
        let probabilities = try predictProbabilities(features)
        return Probabilities.classes(probabilities.elements, scoreCount: scoreCount, threshold: threshold)
    }

    /// Intercepts and weights on the features as they were given, in double precision.
    ///
    /// - Shape: intercepts [scores], coefficients [scores, featureCount].
    public var coefficients: (intercepts: [Double], coefficients: [Double]) {
        var intercepts = biases.map { Double($0) * targetDeviation + targetMean }
        var slopes: [Double] = []
        for score in 0..<scoreCount {
            for feature in 0..<featureCount {
                let slope = Double(weights[score * featureCount + feature]) * Double(featureInverses[feature]) * targetDeviation
                slopes.append(slope)
                intercepts[score] -= slope * Double(featureMeans[feature])
            }
        }
        return (intercepts, slopes)
    }
}

/// From scores to probabilities to classes.
enum Probabilities {
    static func from(scores: [Float], scoreCount: Int) -> [Float] {
        guard scoreCount > 1 else { return scores.map { Float(1 / (1 + exp(-Double($0)))) } }
        var result = scores
        for start in stride(from: 0, to: scores.count, by: scoreCount) {
            let row = scores[start..<start + scoreCount]
            let most = Double(row.max() ?? 0)
            let powers = row.map { exp(Double($0) - most) }
            let sum = powers.reduce(0, +)
            for (offset, power) in powers.enumerated() { result[start + offset] = Float(power / sum) }
        }
        return result
    }

    /// The likeliest class; of equally likely ones the first.
    static func classes(_ values: [Float], scoreCount: Int, threshold: Float) -> [Int] {
        guard scoreCount > 1 else { return values.map { $0 >= threshold ? 1 : 0 } }
        return stride(from: 0, to: values.count, by: scoreCount).map { start in
            var best = 0
            for offset in 1..<scoreCount where values[start + offset] > values[start + best] { best = offset }
            return best
        }
    }
}
