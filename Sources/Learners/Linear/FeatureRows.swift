import CLearnerKernels
import Glibc
import Numerics

/// Standardised features laid out for the kernels: rows padded with zeros to whole vector registers.
struct FeatureRows {
    let rowCount: Int
    let featureCount: Int
    /// Floats from one row to the next: 4, 8 or a multiple of 16.
    let stride: Int
    private let storage: Storage

    /// - Shape: features [n, d], means and inverses [d].
    init(_ features: Matrix, means: [Float], inverses: [Float]) {
        rowCount = features.rowCount
        featureCount = features.columnCount
        stride = FeatureRows.stride(featureCount)
        storage = Storage(count: max(1, rowCount * stride))
        features.elements.withUnsafeBufferPointer { elements in
            guard let base = elements.baseAddress else { return }
            dk_standardize(base, rowCount, featureCount, means, inverses, storage.base, stride)
        }
    }

    static func stride(_ featureCount: Int) -> Int {
        featureCount <= 4 ? 4 : featureCount <= 8 ? 8 : (featureCount + 15) / 16 * 16
    }

    var base: UnsafePointer<Float> { UnsafePointer(storage.base) }

    /// Weights [scores, featureCount] with rows of `stride`.
    func padded(_ weights: [Float]) -> [Float] {
        var result: [Float] = []
        for start in Swift.stride(from: 0, to: weights.count, by: featureCount) {
            result += weights[start..<start + featureCount]
            result += [Float](repeating: 0, count: stride - featureCount)
        }
        return result
    }

    /// The inverse of `padded`.
    func unpadded(_ weights: ArraySlice<Float>) -> [Float] {
        Swift.stride(from: weights.startIndex, to: weights.endIndex, by: stride).flatMap { weights[$0..<$0 + featureCount] }
    }

    /// Scores of some rows, or of all: [rows, scores].
    func scores(weights: [Float], biases: [Float], rows: [Int32]?) -> [Float] {
        let count = rows?.count ?? rowCount
        return [Float](unsafeUninitializedCapacity: count * biases.count) { buffer, initialized in
            if let target = buffer.baseAddress {
                if let rows {
                    dk_linear_scores(base, stride, rows, count, weights, biases, biases.count, target)
                } else {
                    dk_linear_scores(base, stride, nil, count, weights, biases, biases.count, target)
                }
            }
            initialized = count * biases.count
        }
    }

    private final class Storage {
        let base: UnsafeMutablePointer<Float>

        init(count: Int) {
            // On a cache line, so that a row of 16 floats is one line; much of it on big pages, which are quicker to get and to
            // find rows in.
            let isLarge = count * 4 >= 4 << 20
            let memory = UnsafeMutableRawPointer.allocate(byteCount: count * 4, alignment: isLarge ? 2 << 20 : 64)
            // Only advice: where there are no big pages it fails, and nothing is lost.
            if isLarge { madvise(memory, count * 4, MADV_HUGEPAGE) }
            base = memory.bindMemory(to: Float.self, capacity: count)
        }

        deinit { base.deallocate() }
    }
}

/// Means and inverse deviations of features or targets.
enum Standardization {
    /// Over the first rows, in double precision. A constant feature gets 1, so that it becomes 0.
    static func features(_ matrix: Matrix, rowCount: Int) -> (means: [Float], inverses: [Float]) {
        let width = matrix.columnCount
        var means = [Double](repeating: 0, count: width), squares = means, scratch = means + means
        matrix.elements.withUnsafeBufferPointer { elements in
            guard let base = elements.baseAddress else { return }
            dk_moments(base, rowCount, width, &means, &squares, &scratch)
        }
        let inverses = squares.indices.map { column in
            let deviation = (squares[column] / Double(max(1, rowCount))).squareRoot()
            let inverse = Float(1 / deviation)
            return deviation > abs(means[column]) * 1e-7 && inverse.isFinite ? inverse : 1
        }
        return (means.map { Float($0) }, inverses)
    }

    /// Mean and deviation of targets; deviation 1 if all are equal.
    static func target(_ values: ArraySlice<Float>) -> (mean: Double, deviation: Double) {
        var moments = Moments()
        for value in values { moments.add(Double(value)) }
        let deviation = moments.populationDeviation
        return (moments.mean, deviation > abs(moments.mean) * 1e-7 ? deviation : 1)
    }
}
