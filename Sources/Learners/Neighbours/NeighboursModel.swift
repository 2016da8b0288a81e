import CheckedNumbers
import Glibc
import Numerics

/// Rows whose outcomes are known: a row's prediction is the mean, or the shares, of the outcomes of those nearest to it.
public struct NeighboursModel: LearnedModel, Hashable {
    public let task: LearningTask
    public let featureCount: Int
    /// 1 for a regressor.
    package let classCount: Int
    /// Neighbours that are asked.
    package let count: Int
    package let metric: NeighbourMetric
    /// Whether a neighbour counts 1 by its distance, and those at no distance alone where there are some.
    package let weighsByDistance: Bool
    /// What is subtracted from each feature, and what it is then multiplied by.
    package let featureMeans: [Float], featureInverses: [Float]
    /// Scaled, and of length 1 where the metric is the cosine. - Shape: [n, featureCount].
    package let rows: [Float]
    /// Numbers or class indices. - Shape: [n].
    package let targets: [Float]
    /// How much each row counts; nil = all the same. - Shape: [n].
    package let weights: [Float]?

    public var scoreCount: Int { task == .multiclassClassifier ? classCount : 1 }
    public var threshold: Float { 0.5 }

    /// Shares that stand for certainty: the logarithms of others are no numbers.
    private static let certainty = 1e-12

    /// - Parameters:
    ///   - data: rows as they are, none of which has a weight of 0.
    ///   - unscaled: features that keep their deviation.
    init(
        _ configuration: NeighboursConfiguration, _ task: LearningTask, classCount: Int, _ data: LabelledMatrix,
        unscaled: [Range<Int>]
    ) {
        (self.task, featureCount) = (task, data.features.columnCount)
        self.classCount = task == .regressor ? 1 : classCount
        (count, metric, weighsByDistance) = (configuration.count, configuration.metric, configuration.weighsByDistance)
        // An angle is one at the origin, which a shift would move.
        let width = data.features.columnCount, isPlain = !configuration.normalises && configuration.metric == .cosine
        let scale =
            isPlain
            ? (means: [Float](repeating: 0, count: width), inverses: [Float](repeating: 1, count: width))
            : ClusterCentres.scale(data, normalises: configuration.normalises, unscaled: unscaled)
        (featureMeans, featureInverses) = (scale.means, scale.inverses)
        rows = Self.scaled(data.features, scale, configuration.metric).elements
        (targets, weights) = (data.targets, data.weights)
    }

    private static func scaled(
        _ features: Matrix, _ scale: (means: [Float], inverses: [Float]), _ metric: NeighbourMetric
    ) -> Matrix {
        let rows = ClusterCentres.standardised(features, means: scale.means, inverses: scale.inverses)
        guard metric == .cosine else { return rows }
        return Matrix(rowCount: rows.rowCount, columnCount: rows.columnCount) { target in
            for row in 0..<rows.rowCount {
                let own = rows.row(row), start = row * rows.columnCount
                let length = own.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
                for (place, value) in own.enumerated() { target[start + place] = length > 0 ? Float(Double(value) / length) : 0 }
            }
        }
    }

    /// - Throws: `shapeMismatch`, `nonFiniteFeature`.
    public func predictScores(_ features: Matrix) throws(LearnerError) -> Matrix {
        guard features.columnCount == featureCount else {
            throw LearnerError(.shapeMismatch, "the model takes \(featureCount) features, the rows have \(features.columnCount)")
        }
        if let column = features.firstNonFiniteColumn {
            throw LearnerError(.nonFiniteFeature, "feature \(column) (from 0) holds NaN or an infinite value: fill it in")
        }
        let queries = Self.scaled(features, (featureMeans, featureInverses), metric)
        let known = Matrix(rowCount: targets.count, columnCount: featureCount, elements: rows)
        var scores = [Float](repeating: 0, count: features.rowCount * scoreCount)
        NearestNeighbours(known, metric, count: count).find(queries) { query, neighbours in
            for (place, score) in answer(neighbours).enumerated() { scores[query * scoreCount + place] = score }
        }
        return Matrix(rowCount: features.rowCount, columnCount: scoreCount, elements: scores)
    }

    /// - Shape: returns [scoreCount].
    private func answer(_ neighbours: [NearestNeighbours.Neighbour]) -> [Float] {
        let meets = weighsByDistance && neighbours.contains { $0.distance == 0 }
        var total = 0.0, sum = 0.0, votes = [Double](repeating: 0, count: classCount)
        for one in neighbours {
            var counts = WeightedRows.weight(one.row, weights)
            if weighsByDistance { counts *= meets ? (one.distance == 0 ? 1 : 0) : 1 / one.distance }
            total += counts
            if task == .regressor {
                sum += counts * Double(targets[one.row])
            } else {
                votes[Int(nearestWithin: targets[one.row])] += counts
            }
        }
        switch task {
        case .regressor: return [Float(sum / total)]
        case .binaryClassifier:
            let share = max(Self.certainty, min(1 - Self.certainty, votes[1] / total))
            return [Float(log(share) - log1p(-share))]
        default: return votes.map { Float(log(max(Self.certainty, $0 / total))) }
        }
    }
}

extension NeighboursModel {
    private enum CodingKeys: String, CodingKey {
        case task, featureCount, classCount, count, metric, weighsByDistance, featureMeans, featureInverses, rows, targets,
            weights
    }

    /// Reads a model and checks that its parts fit together.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        task = try container.decode(LearningTask.self, forKey: .task)
        featureCount = try container.decode(Int.self, forKey: .featureCount)
        classCount = try container.decode(Int.self, forKey: .classCount)
        count = try container.decode(Int.self, forKey: .count)
        metric = try container.decode(NeighbourMetric.self, forKey: .metric)
        weighsByDistance = try container.decode(Bool.self, forKey: .weighsByDistance)
        featureMeans = try container.decode([Float].self, forKey: .featureMeans)
        featureInverses = try container.decode([Float].self, forKey: .featureInverses)
        rows = try container.decode([Float].self, forKey: .rows)
        targets = try container.decode([Float].self, forKey: .targets)
        weights = try container.decodeIfPresent([Float].self, forKey: .weights)
        try checkParts(decoder)
    }

    private func checkParts(_ decoder: any Decoder) throws {
        try decoder.check(task.needsTarget, "neighbours predict no \(task.rawValue)")
        let isSound = task == .regressor ? classCount == 1 : task == .binaryClassifier ? classCount == 2 : classCount >= 2
        try decoder.check(isSound && classCount <= 1 << 24, "a \(task.rawValue) of \(classCount) classes")
        try decoder.check((1...1 << 30).contains(featureCount), "\(featureCount) features")
        try decoder.check(
            featureMeans.count == featureCount && featureInverses.count == featureCount,
            "\(featureMeans.count) means and \(featureInverses.count) scales for \(featureCount) features")
        try decoder.check(
            targets.count <= Int(Int32.max) && rows.count == Int.size(targets.count, times: featureCount),
            "\(rows.count) numbers for \(targets.count) rows of \(featureCount) features")
        try decoder.check(
            (1...max(1, targets.count)).contains(count) && !targets.isEmpty, "\(count) neighbours of \(targets.count) rows")
        let limit = Float(classCount)
        try decoder.check(
            targets.allSatisfy { $0.isFinite && (task == .regressor || $0 >= 0 && $0 < limit && $0 == $0.rounded()) },
            "a row's target is none")
        try decoder.check(
            weights.map { $0.count == targets.count && $0.allSatisfy { $0 > 0 && $0.isFinite } } ?? true,
            "the rows' weights are none")
    }
}
