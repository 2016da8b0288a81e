import Numerics

/// A table's rows as points in space, for neighbours to be found and lines to be laid: standardised numbers, indicators of categories.
struct PlainFeatures {
    /// - Shape: [rows, count]; each number within 4 standard deviations of its mean, a missing one at the median.
    let values: [Double]
    let count: Int

    private static let limit = 64, levelLimit = 20, clip = 4.0
    /// Rows that a level must have, and how much an indicator counts beside a number.
    private static let leastOfLevel = 5, indicatorWeight = 0.7

    /// - Returns: nil where no column tells rows apart.
    init?(_ columns: [Column], rows: [Int]) {
        var features: [[Double]] = []
        for column in columns {
            guard features.count < Self.limit else { break }
            switch column.storage {
            case .numbers(let numbers): features += [Self.standardised(rows.map { numbers[$0] })].compactMap { $0 }
            case .codes(let codes, let dictionary) where dictionary.count <= Self.levelLimit:
                for level in dictionary.indices {
                    let indicator = rows.map { codes[$0] == level ? 1.0 : 0 }
                    let count = indicator.count { $0 == 1 }
                    guard count >= Self.leastOfLevel, count < rows.count else { continue }
                    features += [Self.standardised(indicator)?.map { $0 * Self.indicatorWeight }].compactMap { $0 }
                }
            case .codes: continue
            }
        }
        features = Array(features.prefix(Self.limit))
        guard !features.isEmpty else { return nil }
        count = features.count
        values = rows.indices.flatMap { row in features.map { $0[row] } }
    }

    private static func standardised(_ values: [Double]) -> [Double]? {
        let present = values.filter(\.isFinite)
        guard present.count >= 20 else { return nil }
        let median = Statistics.median(present)
        let filled = values.map { $0.isFinite ? $0 : median }
        var moments = Moments()
        for value in filled { moments.add(value) }
        let deviation = moments.populationDeviation
        guard deviation > 0, deviation.isFinite else { return nil }
        return filled.map { max(-clip, min(clip, ($0 - moments.mean) / deviation)) }
    }
}

/// The rows that are next to each row.
struct NearestRows {
    /// - Shape: [rows, count], the nearest first; the row itself is left out.
    let neighbours: [Int32]
    let count: Int

    /// - Parameter count: fewer where there are not so many.
    init(_ features: PlainFeatures, rowCount: Int, count: Int) {
        let kept = min(count, rowCount - 1)
        var products = [Double](repeating: 0, count: rowCount * rowCount)
        MatrixProduct.multiply(
            features.values, features.values, reading: .second, into: &products, rows: rowCount, columns: rowCount,
            inner: features.count)
        var neighbours = [Int32](repeating: 0, count: rowCount * kept)
        var best = [(distance: Double, row: Int32)](repeating: (.infinity, 0), count: kept)
        products.withUnsafeBufferPointer { products in
            for row in 0..<rowCount {
                for place in best.indices { best[place] = (.infinity, 0) }
                var farthest = Double.infinity
                for other in 0..<rowCount where other != row {
                    // Squared distance, less what is the same of all.
                    let distance = products[other * rowCount + other] - 2 * products[row * rowCount + other]
                    guard distance < farthest else { continue }
                    var place = kept - 1
                    while place > 0, best[place - 1].distance > distance {
                        best[place] = best[place - 1]
                        place -= 1
                    }
                    best[place] = (distance, Int32(truncatingIfNeeded: other))
                    farthest = best[kept - 1].distance
                }
                for place in 0..<kept { neighbours[row * kept + place] = best[place].row }
            }
        }
        (self.neighbours, self.count) = (neighbours, kept)
    }

    func rows(nextTo row: Int, _ count: Int) -> ArraySlice<Int32> {
        neighbours[row * self.count..<row * self.count + min(count, self.count)]
    }
}
