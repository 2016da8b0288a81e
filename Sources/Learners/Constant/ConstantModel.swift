import CheckedNumbers
import Glibc
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

    /// Learns from targets alone.
    ///
    /// - Shape: targets [n], weights [n]; n at least 1.
    init(_ task: LearningTask, targets: [Float], weights: [Float]?, classCount: Int, featureCount: Int) {
        self.task = task
        self.featureCount = featureCount
        let all = WeightedRows.total(targets.count, weights)
        guard task != .regressor else {
            let sum = targets.indices.reduce(0.0) { $0 + WeightedRows.weight($1, weights) * Double(targets[$1]) }
            scores = [sum / all]
            return
        }
        var totals = [Double](repeating: 0, count: classCount)
        for (row, target) in targets.enumerated() { totals[Int(nearestWithin: target)] += WeightedRows.weight(row, weights) }
        // A class without rows is not impossible, only unlikely.
        let logs = totals.map { log(max($0, 1e-6 * all) / all) }
        scores = classCount == 2 ? [logs[1] - logs[0]] : logs
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
