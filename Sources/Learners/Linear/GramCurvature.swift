import CLearnerKernels

/// The curvature of a loss over rows of features with a last column of ones: Σ h x xᵀ / n plus penalties, factored.
struct GramCurvature {
    /// Features up to which the matrix is worth making, and up to which it is made anew at each step.
    static let featureLimit = 512, refreshLimit = 160

    /// Lower triangle of Cholesky's factor. - Shape: [width, width].
    private var factor: [Double]
    private let width: Int

    /// - Shape: weights [scores, stride], biases [scores].
    init(
        _ data: LinearData, objective: LinearObjective, weights: [Float], biases: [Float], decay: Double, biasDecay: Double,
        usesBias: Bool
    ) {
        let rows = data.training, features = rows.featureCount
        width = features + 1
        // Squared loss is solved exactly, so it takes all rows; elsewhere a sample is as good.
        let isExact = objective.loss == .squared
        let picked = isExact ? nil : LinearData.spread(max(32_768, 32 * width), over: rows.rowCount)
        let count = picked?.count ?? rows.rowCount
        let isConstant = isExact || objective.loss == .softmax
        let scores = isConstant ? [] : rows.scores(weights: weights, biases: biases, rows: picked)
        let roots = isConstant && data.lossWeights == nil ? nil : Self.roots(data, objective, picked, scores)
        let padded = (width + 15) / 16 * 16
        var gram = [Double](repeating: 0, count: padded * padded), scratch = [Float](repeating: 0, count: 256 * padded)
        withOptional(roots) { roots in
            picked.withOptionalPointer { picked in
                dk_gram(rows.base, rows.stride, features, picked, count, roots, &gram, padded, &scratch)
            }
        }
        let scale = (roots == nil ? objective.loss.curvature : 1) / Double(count)
        factor = [Double](repeating: 0, count: width * width)
        for row in 0..<width {
            for column in 0...row { factor[row * width + column] = gram[column * padded + row] * scale }
            factor[row * width + row] += row == features ? biasDecay : decay
        }
        finish(usesBias: usesBias)
    }

    /// The curvature that a cluster summed up over its rows.
    ///
    /// - Shape: sums [width, width].
    init(sums: [Double], rowCount: Int, width: Int, decay: Double, biasDecay: Double, usesBias: Bool) {
        self.width = width
        factor = sums.map { $0 / Double(rowCount) }
        for row in 0..<width { factor[row * width + row] += row == width - 1 ? biasDecay : decay }
        finish(usesBias: usesBias)
    }

    private mutating func finish(usesBias: Bool) {
        if !usesBias {
            let features = width - 1
            for column in 0..<features { factor[features * width + column] = 0 }
            factor[features * width + features] = 1
        }
        decompose()
    }

    /// Roots of the rows' second derivatives times their weights.
    ///
    /// - Parameter scores: empty when the second derivative is the loss's own constant.
    private static func roots(
        _ data: LinearData, _ objective: LinearObjective, _ picked: [Int32]?, _ scores: [Float]
    ) -> [Float] {
        let count = picked?.count ?? data.training.rowCount
        return (0..<count).map { position in
            let row = picked.map { Int($0[position]) } ?? position
            // Rows far from where the loss bends count a little, so that the matrix stays invertible.
            let second =
                scores.isEmpty
                ? objective.loss.curvature
                : max(
                    objective.curvature(score: Double(scores[position]), target: Double(data.scaledTargets[row])),
                    0.002 * objective.loss.curvature)
            return Float((second * (data.lossWeights.map { Double($0[row]) } ?? 1)).squareRoot())
        }
    }

    /// Cholesky's factorisation in place; columns that others determine get a little of their own.
    private mutating func decompose() {
        let width = width
        let mean = (0..<width).reduce(0.0) { $0 + factor[$1 * width + $1] } / Double(width)
        let least = max(1e-30, mean * 1e-6)
        factor.withUnsafeMutableBufferPointer { factor in
            for row in 0..<width {
                for column in 0...row {
                    var sum = factor[row * width + column] + (row == column ? least * 0.01 : 0)
                    for index in 0..<column { sum -= factor[row * width + index] * factor[column * width + index] }
                    factor[row * width + column] =
                        row == column ? max(least, sum).squareRoot() : sum / factor[column * width + column]
                }
            }
        }
    }

    /// The inverse times a vector.
    func solve(_ right: [Double]) -> [Double] {
        var result = right
        for row in 0..<width {
            for column in 0..<row { result[row] -= factor[row * width + column] * result[column] }
            result[row] /= factor[row * width + row]
        }
        for row in (0..<width).reversed() {
            for below in row + 1..<max(row + 1, width) { result[row] -= factor[below * width + row] * result[below] }
            result[row] /= factor[row * width + row]
        }
        return result
    }
}
