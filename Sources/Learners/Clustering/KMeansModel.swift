import CheckedNumbers
import Glibc
import Numerics

/// Cluster centres; a row belongs to the nearest.
public struct KMeansModel: LearnedModel, Hashable {
    public var task: LearningTask { .clustering }
    public let featureCount: Int
    /// Clusters.
    public var scoreCount: Int { clusterCount }
    public let clusterCount: Int
    public var threshold: Float { 0 }
    /// Centres of standardised features, one after another.
    ///
    /// - Shape: [clusterCount, featureCount].
    public let centres: [Float]
    /// What is subtracted from each feature, and what it is then multiplied by.
    public let featureMeans: [Float], featureInverses: [Float]
    /// What it is measured by; nil in models that were written before it could be chosen.
    let metrics: [ClusterMetric]?

    /// Euclidean distance to each centre, in standardised units.
    ///
    /// - Shape: features [n, featureCount], returns [n, clusterCount].
    /// - Throws: `shapeMismatch`, `nonFiniteFeature`.
    public func predictScores(_ features: Matrix) throws(LearnerError) -> Matrix {
        let rows = try standardised(features)
        return Matrix(rowCount: rows.rowCount, columnCount: clusterCount) { target in
            rows.elements.withUnsafeBufferPointer { elements in
                centres.withUnsafeBufferPointer { centres in
                    guard let elements = elements.baseAddress, let centres = centres.baseAddress else { return }
                    for index in target.indices {
                        let (row, cluster) = index.quotientAndRemainder(dividingBy: clusterCount)
                        target[index] = Float(
                            ClusterCentres.squaredDistance(
                                elements + row * featureCount, centres + cluster * featureCount, width: featureCount
                            ).squareRoot())
                    }
                }
            }
        }
    }

    /// `prediction`, the index of the nearest centre, and `distance` to it.
    public func outputs(_ features: Matrix, classes: [String]) throws(LearnerError) -> [OutputColumn] {
        let found = ClusterCentres.assign(try standardised(features), to: centres)
        return [
            OutputColumn("prediction", .labels(found.clusters.map(String.init))),
            OutputColumn("distance", .numbers(found.squares.map { Float($0.squareRoot()) })),
        ]
    }

    /// `loss`, the mean squared distance to the nearest centre, and what `eval_metrics` asked for.
    public func metrics(on data: LabelledMatrix) throws(LearnerError) -> [Metrics.Entry] {
        ClusterMetric.entries(metrics ?? [.msd, .ssd], try standardised(data.features), weights: data.weights, centres: centres)
    }

    private func standardised(_ features: Matrix) throws(LearnerError) -> Matrix {
        guard features.columnCount == featureCount else {
            throw LearnerError(
                .shapeMismatch, "the model takes \(featureCount) features, the rows have \(features.columnCount)")
        }
        if let column = features.firstNonFiniteColumn {
            throw LearnerError(.nonFiniteFeature, "feature \(column) (from 0) holds NaN or an infinite value: fill it in")
        }
        return ClusterCentres.standardised(features, means: featureMeans, inverses: featureInverses)
    }
}

extension KMeansModel {
    private enum CodingKeys: String, CodingKey {
        case featureCount, clusterCount, centres, featureMeans, featureInverses, metrics
    }

    /// Reads a model and checks that its parts fit together.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        featureCount = try container.decode(Int.self, forKey: .featureCount)
        clusterCount = try container.decode(Int.self, forKey: .clusterCount)
        centres = try container.decode([Float].self, forKey: .centres)
        featureMeans = try container.decode([Float].self, forKey: .featureMeans)
        featureInverses = try container.decode([Float].self, forKey: .featureInverses)
        metrics = try container.decodeIfPresent([ClusterMetric].self, forKey: .metrics)
        try decoder.check(
            featureCount > 0 && clusterCount > 0 && centres.count == Int.size(clusterCount, times: featureCount),
            "\(centres.count) numbers for \(clusterCount) centres of \(featureCount) features")
        try decoder.check(
            featureMeans.count == featureCount && featureInverses.count == featureCount,
            "\(featureMeans.count) means and \(featureInverses.count) scales for \(featureCount) features")
    }
}
