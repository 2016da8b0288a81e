import CLearnerKernels
import CheckedNumbers
import Glibc
import Numerics

/// Standardised features laid out for the kernels: rows padded with zeros to whole vector registers, and beside them the codes of
/// categories, whose indicators are nowhere written out.
struct FeatureRows {
    let rowCount: Int
    /// Weights a score has: one a number, one a category.
    let featureCount: Int
    /// Floats from one row to the next: 4, 8 or a multiple of 16.
    let stride: Int
    let numberCount: Int
    private let codedCount: Int
    /// Places of the weights of each column of categories, in the order of the columns.
    let categoryPlaces: [Range<Int>]
    private let storage: Storage
    /// Places of the weights of each row's categories. - Shape: [rowCount, codedCount].
    private let codes: [Int32]

    /// - Parameter cardinalities: categories of the last features, whose values are codes from 0.
    /// - Shape: features [n, d], means and inverses [at least d - cardinalities.count].
    init(_ features: Matrix, means: [Float], inverses: [Float], cardinalities: [Int] = []) {
        let width = features.columnCount
        rowCount = features.rowCount
        codedCount = cardinalities.count
        numberCount = width - codedCount
        featureCount = numberCount + cardinalities.reduce(0, +)
        stride = FeatureRows.stride(numberCount)
        storage = Storage(count: max(1, rowCount * stride))
        var offset = stride
        categoryPlaces = cardinalities.map { cardinality in
            defer { offset += cardinality }
            return offset..<offset + cardinality
        }
        let offsets = categoryPlaces.map { Int32($0.lowerBound) }
        let (rowCount, numberCount) = (rowCount, numberCount)
        codes = [Int32](unsafeUninitializedCapacity: rowCount * offsets.count) { codes, initialized in
            for row in 0..<(offsets.isEmpty ? 0 : rowCount) {
                for (index, offset) in offsets.enumerated() {
                    codes[row * offsets.count + index] =
                        offset + Int32(nearestWithin: features.elements[row * width + numberCount + index])
                }
            }
            initialized = rowCount * offsets.count
        }
        features.elements.withUnsafeBufferPointer { elements in
            guard let base = elements.baseAddress else { return }
            dk_standardize(base, width, rowCount, numberCount, means, inverses, storage.base, stride)
        }
    }

    /// Floats of a score's weights: those of numbers, padded, then those of categories.
    var weightStride: Int { stride + featureCount - numberCount }

    /// Where the weight of a feature stands among a score's.
    func place(of feature: Int) -> Int { feature < numberCount ? feature : feature - numberCount + stride }

    var hasCategories: Bool { codedCount > 0 }

    /// The place of the weight of a row's category in a column of categories.
    func categoryPlace(_ row: Int, _ column: Int) -> Int { Int(codes[row * codedCount + column]) }

    /// What a row holds besides zeros: places of weights and the values they are multiplied by.
    func nonZeros(ofRow row: Int) -> [(place: Int, value: Float)] {
        (0..<numberCount).map { ($0, base[row * stride + $0]) }
            + (0..<codedCount).map { (categoryPlace(row, $0), 1) }
    }

    /// The categories of the rows from `start` on, for the kernels; nil when there are none.
    func withCategories<Result>(from start: Int = 0, _ body: (UnsafePointer<dk_categories>?) -> Result) -> Result {
        guard hasCategories else { return body(nil) }
        return codes.withUnsafeBufferPointer { buffer in
            var categories = dk_categories(
                codes: buffer.baseAddress.map { $0 + start * codedCount }, count: codedCount, width: weightStride)
            return body(&categories)
        }
    }

    static func stride(_ featureCount: Int) -> Int {
        featureCount <= 4 ? 4 : featureCount <= 8 ? 8 : (featureCount + 15) / 16 * 16
    }

    var base: UnsafePointer<Float> { UnsafePointer(storage.base) }

    /// Weights [scores, featureCount] with rows of `weightStride`.
    func padded(_ weights: [Float]) -> [Float] {
        var result: [Float] = []
        for start in Swift.stride(from: 0, to: weights.count, by: featureCount) {
            result += weights[start..<start + numberCount]
            result += [Float](repeating: 0, count: stride - numberCount)
            result += weights[start + numberCount..<start + featureCount]
        }
        return result
    }

    /// The inverse of `padded`.
    func unpadded(_ weights: ArraySlice<Float>) -> [Float] {
        Swift.stride(from: weights.startIndex, to: weights.endIndex, by: weightStride).flatMap {
            weights[$0..<$0 + numberCount] + weights[$0 + stride..<$0 + weightStride]
        }
    }

    /// Scores of some rows, or of all: [rows, scores].
    func scores(weights: [Float], biases: [Float], rows: [Int32]?) -> [Float] {
        let count = rows?.count ?? rowCount
        return [Float](unsafeUninitializedCapacity: count * biases.count) { buffer, initialized in
            if let target = buffer.baseAddress {
                withCategories { categories in
                    rows.withOptionalPointer { rows in
                        dk_linear_scores(base, stride, categories, rows, count, weights, biases, biases.count, target)
                    }
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
