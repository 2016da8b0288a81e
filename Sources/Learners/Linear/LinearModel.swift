import CLearnerKernels
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
