import CheckedNumbers
import Numerics

/// Principal components: rows are projected on the directions in which the training rows differ most.
public struct PCAModel: LearnedModel, Hashable {
    public var task: LearningTask { .decomposition }
    public let featureCount: Int
    /// Components.
    public let scoreCount: Int
    public var threshold: Float { 0 }
    /// What is subtracted from each feature, and what it is then multiplied by.
    ///
    /// - Shape: [featureCount].
    public let featureMeans: [Double], featureInverses: [Double]
    /// Directions of length 1 at right angles, the most telling first; the largest entry of each is positive.
    ///
    /// - Shape: [scoreCount, featureCount].
    public let components: [Double]
    /// Roots of the summed squares of the training rows' projections.
    ///
    /// - Shape: [scoreCount].
    public let singularValues: [Double]
    /// Summed squares of the rows learned from, and their number.
    let totalSquares: Double, rowCount: Int

    /// Variance along each component, with divisor n - 1.
    public var explainedVariances: [Double] { singularValues.map { $0 * $0 / Double(max(1, rowCount - 1)) } }

    /// The part of the training rows' variance along each component.
    public var explainedVarianceRatios: [Double] { singularValues.map { totalSquares > 0 ? $0 * $0 / totalSquares : 0 } }

    /// Coordinates along the components.
    ///
    /// - Shape: features [n, featureCount], returns [n, scoreCount].
    /// - Throws: `shapeMismatch`, `nonFiniteFeature`.
    public func predictScores(_ features: Matrix) throws(LearnerError) -> Matrix {
        try check(features)
        var scores: [Float] = []
        scores.reserveCapacity(features.rowCount * scoreCount)
        measure(features) { scores += $0.map { Float($0) } }
        return Matrix(rowCount: features.rowCount, columnCount: scoreCount, elements: scores)
    }

    /// `projection_1`, `projection_2`, …
    public func outputs(_ features: Matrix, classes: [String]) throws(LearnerError) -> [OutputColumn] {
        let scores = try predictScores(features).elements
        return (0..<scoreCount).map { component in
            let own = stride(from: component, to: scores.count, by: scoreCount).map { scores[$0] }
            return OutputColumn("projection_\(component + 1)", .numbers(own))
        }
    }

    /// `loss`, the mean squared distance of a row from its reconstruction, and `explained_variance_ratio`, the part of the rows'
    /// squares that is not lost.
    public func metrics(on data: LabelledMatrix) throws(LearnerError) -> [Metrics.Entry] {
        try check(data.features)
        return measure(data.features, weights: data.weights).entries
    }

    private func check(_ features: Matrix) throws(LearnerError) {
        guard features.columnCount == featureCount else {
            throw LearnerError(
                .shapeMismatch, "the model takes \(featureCount) features, the rows have \(features.columnCount)")
        }
        if let column = features.firstNonFiniteColumn {
            throw LearnerError(.nonFiniteFeature, "feature \(column) (from 0) holds NaN or an infinite value: fill it in")
        }
    }

    @discardableResult
    private func measure(
        _ features: Matrix, weights: [Float]? = nil, _ take: ([Double]) -> Void = { _ in }
    ) -> Reconstruction {
        var result = Reconstruction()
        let rows = PrincipalRows(features, means: featureMeans, inverses: featureInverses, weights: weights)
        rows.forEachBlock { block, range in
            take(
                result.add(
                    block, count: range.count, weight: rows.weight(of: range), components: components, width: featureCount))
        }
        return result
    }
}

extension PCAModel {
    private enum CodingKeys: String, CodingKey {
        case featureCount, scoreCount, featureMeans, featureInverses, components, singularValues, totalSquares, rowCount
    }

    /// Reads a model and checks that its parts fit together.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        featureCount = try container.decode(Int.self, forKey: .featureCount)
        scoreCount = try container.decode(Int.self, forKey: .scoreCount)
        featureMeans = try container.decode([Double].self, forKey: .featureMeans)
        featureInverses = try container.decode([Double].self, forKey: .featureInverses)
        components = try container.decode([Double].self, forKey: .components)
        singularValues = try container.decode([Double].self, forKey: .singularValues)
        totalSquares = try container.decode(Double.self, forKey: .totalSquares)
        rowCount = try container.decode(Int.self, forKey: .rowCount)
        try decoder.check(
            featureCount > 0 && scoreCount > 0 && components.count == Int.size(scoreCount, times: featureCount),
            "\(components.count) numbers for \(scoreCount) components of \(featureCount) features")
        try decoder.check(
            featureMeans.count == featureCount && featureInverses.count == featureCount,
            "\(featureMeans.count) means and \(featureInverses.count) scales for \(featureCount) features")
        try decoder.check(
            singularValues.count == scoreCount, "\(singularValues.count) singular values for \(scoreCount) components")
        try decoder.check(rowCount >= 0, "\(rowCount) rows learned from")
    }
}

/// How well some components give rows back.
struct Reconstruction {
    private var rowWeight = 0.0
    /// Summed squares of the rows and of their projections.
    private(set) var squares = 0.0, kept = 0.0

    /// Takes rows in, which count so much together; returns their projections. - Shape: rows [count, width], components [k, width], returns [count, k].
    @discardableResult
    mutating func add(_ rows: [Double], count: Int, weight: Double, components: [Double], width: Int) -> [Double] {
        let componentCount = components.count / max(1, width)
        var block = [Double](repeating: 0, count: count * componentCount)
        MatrixProduct.multiply(
            rows, components, reading: .second, into: &block, rows: count, columns: componentCount, inner: width)
        for value in rows { squares += value * value }
        for value in block { kept += value * value }
        rowWeight += weight
        return block
    }

    /// Mean squared distance from row to reconstruction. The components are orthonormal, so it is what the projections lack.
    var loss: Double { max(0, squares - kept) / rowWeight }

    var entries: [Metrics.Entry] {
        [("loss", loss), ("explained_variance_ratio", squares > 0 ? kept / squares : 1)]
    }
}

/// Rows as components see them: shifted and scaled, in double precision, a block at a time; rows that count more are longer, by the
/// root of their weight, so that squares and products of them are weighted.
struct PrincipalRows {
    let features: Matrix
    let means: [Double], inverses: [Double]
    /// nil = all rows count the same. - Shape: [rows].
    let weights: [Float]?

    init(_ features: Matrix, means: [Double], inverses: [Double], weights: [Float]?) {
        self.features = features
        self.weights = weights
        self.means = means
        self.inverses = inverses
    }

    /// Some of the rows. - Shape: [rows.count, features].
    func block(_ rows: Range<Int>) -> [Double] {
        let width = features.columnCount
        return [Double](unsafeUninitializedCapacity: rows.count * width) { target, count in
            features.elements.withUnsafeBufferPointer { source in
                for (position, row) in rows.enumerated() {
                    let root = weights.map { Double($0[row]).squareRoot() } ?? 1
                    for column in 0..<width {
                        let value = Double(source[row * width + column])
                        target[position * width + column] = (value - means[column]) * inverses[column] * root
                    }
                }
            }
            count = rows.count * width
        }
    }

    /// How much some of the rows count together.
    func weight(of rows: Range<Int>) -> Double {
        weights.map { $0[rows].reduce(0) { $0 + Double($1) } } ?? Double(rows.count)
    }

    func forEachBlock(_ body: ([Double], Range<Int>) -> Void) {
        for start in stride(from: 0, to: features.rowCount, by: 1024) {
            let rows = start..<min(features.rowCount, start + 1024)
            body(block(rows), rows)
        }
    }
}
