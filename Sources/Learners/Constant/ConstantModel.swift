import CheckedNumbers
import Numerics

/// Predicts the same for every row: the mean of a number, the shares of classes. What any other model must beat.
public struct ConstantModel: LearnedModel, Hashable {
    public let task: LearningTask
    public let featureCount: Int
    /// A regressor's prediction; a classifier's log-odds, one of two classes or one a class.
    ///
    /// - Shape: [scoreCount].
    public let scores: [Double]
    public var threshold: Float { 0.5 }
    public var scoreCount: Int { scores.count }
    public var takesMissing: Bool { true }

    /// - Parameter data: of which the targets are learned from; at least one row.
    init(_ task: LearningTask, _ data: LabelledMatrix, classCount: Int) {
        self.task = task
        featureCount = data.features.columnCount
        scores = TrainingBaseline(data, classCount: task == .regressor ? nil : classCount)
            .scores(count: task == .multiclassClassifier ? classCount : 1)
    }

    public func predictScores(_ features: Matrix) throws(LearnerError) -> Matrix {
        guard features.columnCount == featureCount else {
            throw LearnerError(.shapeMismatch, "the model takes \(featureCount) features, the rows have \(features.columnCount)")
        }
        if let column = features.firstInfiniteColumn {
            throw LearnerError(.nonFiniteFeature, "feature \(column) (from 0) holds an infinite value: replace it")
        }
        let row = scores.map { Float($0) }
        return Matrix(
            rowCount: features.rowCount, columnCount: row.count, elements: (0..<features.rowCount).flatMap { _ in row })
    }

    private enum CodingKeys: String, CodingKey { case task, featureCount, scores }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        task = try container.decode(LearningTask.self, forKey: .task)
        featureCount = try container.decode(Int.self, forKey: .featureCount)
        scores = try container.decode([Double].self, forKey: .scores)
        try decoder.check(task.needsTarget, "a constant model predicts no \(task.rawValue)")
        try decoder.check((0...1 << 30).contains(featureCount), "\(featureCount) features")
        let isMany = task == .multiclassClassifier
        try decoder.check(isMany ? scores.count >= 2 : scores.count == 1, "\(scores.count) scores for a \(task.rawValue)")
    }
}
