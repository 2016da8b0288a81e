import CLearnerKernels
import Numerics

/// Means and inverse deviations of features or targets.
enum Standardization {
    /// Over the first rows, in double precision. A constant feature gets 1, so that it becomes 0.
    ///
    /// - Parameter unscaled: features that get 1 too, such as indicators of categories: scaled, rare ones would tell more.
    /// - Shape: weights [at least rowCount].
    static func features(
        _ matrix: Matrix, rowCount: Int, weights: [Float]? = nil, unscaled: [Range<Int>] = []
    ) -> (means: [Float], inverses: [Float]) {
        let (means, deviations) = matrix.columnMoments(rowCount: rowCount, weights: weights)
        return features(means: means, deviations: deviations, unscaled: unscaled)
    }

    /// The same of means and deviations that are known.
    static func features(
        means: [Double], deviations: [Double], unscaled: [Range<Int>]
    ) -> (means: [Float], inverses: [Float]) {
        var inverses = zip(means, deviations).map { mean, deviation in
            let inverse = Float(1 / deviation)
            return deviation > abs(mean) * 1e-7 && inverse.isFinite ? inverse : 1
        }
        for column in unscaled.joined() where inverses.indices.contains(column) { inverses[column] = 1 }
        return (means.map { Float($0) }, inverses)
    }

    /// Mean and deviation of targets; deviation 1 if all are equal.
    ///
    /// - Shape: weights at least as many as values.
    static func target(_ values: ArraySlice<Float>, weights: [Float]? = nil) -> (mean: Double, deviation: Double) {
        var mean = 0.0, deviation = 0.0
        if let weights {
            let total = values.indices.reduce(0) { $0 + Double(weights[$1]) }
            mean = values.indices.reduce(0) { $0 + Double(weights[$1]) * Double(values[$1]) } / total
            let squares = values.indices.reduce(0) {
                $0 + Double(weights[$1]) * (Double(values[$1]) - mean) * (Double(values[$1]) - mean)
            }
            deviation = (squares / total).squareRoot()
        } else {
            var moments = Moments()
            for value in values { moments.add(Double(value)) }
            (mean, deviation) = (moments.mean, moments.populationDeviation)
        }
        return target(mean: mean, deviation: deviation)
    }

    /// The same of mean and deviation that are known.
    static func target(mean: Double, deviation: Double) -> (mean: Double, deviation: Double) {
        guard mean.isFinite else { return (0, 1) }
        return (mean, deviation > abs(mean) * 1e-7 ? deviation : 1)
    }
}

extension Matrix {
    /// Mean and population standard deviation of each column, over the first rows, in double precision.
    ///
    /// - Shape: weights [at least rowCount], not all 0.
    package func columnMoments(rowCount: Int, weights: [Float]? = nil) -> (means: [Double], deviations: [Double]) {
        var means = [Double](repeating: 0, count: columnCount), squares = means, scratch = means + means
        var total = Double(max(1, rowCount))
        elements.withUnsafeBufferPointer { elements in
            guard let base = elements.baseAddress else { return }
            guard let weights else { return dk_moments(base, rowCount, columnCount, &means, &squares, &scratch) }
            total = dk_weighted_moments(base, rowCount, columnCount, weights, &means, &squares)
        }
        return (means, squares.map { ($0 / (total > 0 ? total : 1)).squareRoot() })
    }
}
