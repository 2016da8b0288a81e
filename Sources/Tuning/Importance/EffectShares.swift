import CheckedNumbers

/// How the variance of a function over the unit cube is shared among its numbers and pairs of them, from values at points that
/// are spread evenly.
///
/// - Source: the functional analysis of variance, as Hutter et al. use it in "An Efficient Approach for Assessing Hyperparameter
///   Importance" (2014): the variance of the mean over all other numbers, less what the numbers of a pair explain alone. Means
///   are taken over cells; what their own chance adds is subtracted as in Kelley's epsilon squared.
struct EffectShares {
    /// Of each dimension, of each point the cell it lies in: finely for one number alone, coarsely for pairs.
    private let fine: [[Int]]
    private let coarse: [[Int]]
    private let fineCounts: [Int]
    private let coarseCounts: [Int]
    private static let fineCells = 16
    private static let coarseCells = 6

    /// - Parameter choiceCounts: of each dimension how many values there are; nil = a continuous range.
    init(points: [[Double]], choiceCounts: [Int?]) {
        fineCounts = choiceCounts.map { min($0 ?? Self.fineCells, 32) }
        // Words stay whole; a few numbers do too.
        coarseCounts = choiceCounts.map { $0.map { $0 <= Self.coarseCells ? $0 : Self.coarseCells } ?? Self.coarseCells }
        func cells(_ counts: [Int]) -> [[Int]] {
            counts.indices.map { index in
                points.map { min(Int(roundedDownWithin: $0[index] * Double(counts[index])), counts[index] - 1) }
            }
        }
        (fine, coarse) = (cells(fineCounts), cells(coarseCounts))
    }

    /// The shares of all variance; what is too small to be told from chance may be below 0.
    struct Shares {
        /// Of each number alone.
        var mains: [Double]
        /// Of each pair of numbers beyond that, by first and second.
        var pairs: [[Double]]
    }

    /// - Parameter values: at the points, in their order.
    func shares(of values: [Double]) -> Shares {
        let dimension = fine.count, mean = values.reduce(0, +) / Double(values.count)
        let centred = values.map { $0 - mean }
        let total = centred.reduce(0) { $0 + $1 * $1 }
        var shares = Shares(
            mains: [Double](repeating: 0, count: dimension),
            pairs: [[Double]](repeating: [Double](repeating: 0, count: dimension), count: dimension))
        guard total > 1e-12 * Double(values.count) else { return shares }
        let alone = (0..<dimension).map { share(centred, total, coarse[$0], coarseCounts[$0]) }
        for first in 0..<dimension {
            shares.mains[first] = share(centred, total, fine[first], fineCounts[first])
            for second in (first + 1)..<max(dimension, first + 1) {
                let width = coarseCounts[second]
                let cells = zip(coarse[first], coarse[second]).map { $0 * width + $1 }
                let both = share(centred, total, cells, coarseCounts[first] * width)
                shares.pairs[first][second] = both - alone[first] - alone[second]
            }
        }
        return shares
    }

    /// The share of the variance between cells.
    private func share(_ centred: [Double], _ total: Double, _ cells: [Int], _ count: Int) -> Double {
        var sums = [Double](repeating: 0, count: count), sizes = sums
        for (value, cell) in zip(centred, cells) {
            sums[cell] += value
            sizes[cell] += 1
        }
        var between = 0.0, used = 0
        for (sum, size) in zip(sums, sizes) where size > 0 {
            between += sum * sum / size
            used += 1
        }
        let rest = Double(centred.count - used)
        return rest > 0 ? (between - Double(used - 1) * (total - between) / rest) / total : 0
    }
}
