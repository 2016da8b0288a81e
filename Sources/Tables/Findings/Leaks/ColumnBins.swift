import CheckedNumbers
import Numerics

/// A column's rows sorted into a few bins of like values; rows without a value have a bin of their own.
struct ColumnBins {
    /// A bin for each row.
    let bins: [Int32]
    let count: Int
    /// The rows' numbers, standardised, where there are more of them than bins; a missing one is 0.
    let numbers: [Double]?

    private static let limit = 32, categoryLimit = 64, gapLimit = 4

    /// - Parameter rows: at least one.
    init(_ column: Column, rows: [Int]) {
        switch column.storage {
        case .codes(let codes, let dictionary):
            let own = rows.map { codes[$0] }
            numbers = nil
            guard dictionary.count > Self.categoryLimit else {
                (bins, count) = (own.map { $0 + 1 }, dictionary.count + 1)
                return
            }
            var counts = [Int](repeating: 0, count: dictionary.count)
            for code in own where code >= 0 { counts[Int(code)] += 1 }
            // Rare ones share a bin: there is nothing to learn about each of them.
            var binOfCode = [Int32](repeating: 1, count: dictionary.count)
            for (rank, code) in counts.indices.sorted(by: { (counts[$0], $1) > (counts[$1], $0) }).prefix(Self.categoryLimit)
                .enumerated()
            {
                binOfCode[code] = Int32(rank + 2)
            }
            bins = own.map { $0 < 0 ? 0 : binOfCode[Int($0)] }
            count = Self.categoryLimit + 2
        case .numbers(let all):
            let own = rows.map { all[$0] }
            let sorted = Statistics.sorted(own.filter { !$0.isNaN })
            let distinct = Self.distinct(sorted), isFine = distinct.count > Self.limit
            let edges = isFine ? Self.edges(sorted) : distinct
            bins = own.map { value in
                if value.isNaN { return 0 }
                var low = 0, high = edges.count
                while low < high {
                    let middle = (low + high) / 2
                    if edges[middle] <= value { low = middle + 1 } else { high = middle }
                }
                return Int32(low)
            }
            count = edges.count + 1
            numbers = isFine ? Self.standardised(own) : nil
        }
    }

    /// The distinct values, or one more than there may be bins.
    private static func distinct(_ sorted: [Double]) -> [Double] {
        var distinct: [Double] = []
        for value in sorted where value != distinct.last {
            distinct.append(value)
            if distinct.count > limit { break }
        }
        return distinct
    }

    /// The least value of each bin: quantiles, and what lies behind the widest gaps.
    private static func edges(_ sorted: [Double]) -> [Double] {
        let bins = max(4, min(limit, sorted.count / 20))
        var edges: [Double] = []
        for bin in 0..<bins {
            let edge = sorted[bin * sorted.count / bins]
            if edge != edges.last { edges.append(edge) }
        }
        return Set(edges + behindGaps(sorted)).sorted()
    }

    /// The values behind the widest gaps between a twentieth of the values and the next to last one: where groups of values meet.
    private static func behindGaps(_ sorted: [Double]) -> [Double] {
        let inner = sorted.count / 20 + 1..<sorted.count - sorted.count / 20
        let usual = (sorted[inner.upperBound - 1] - sorted[inner.lowerBound]) / Double(inner.count)
        return inner.filter { sorted[$0] - sorted[$0 - 1] > 10 * usual }
            .sorted { sorted[$0] - sorted[$0 - 1] > sorted[$1] - sorted[$1 - 1] }.prefix(gapLimit).map { sorted[$0] }
    }

    private static func standardised(_ values: [Double]) -> [Double]? {
        var moments = Moments()
        for value in values where value.isFinite { moments.add(value) }
        let deviation = moments.populationDeviation
        guard deviation > 0, deviation.isFinite else { return nil }
        return values.map { $0.isFinite ? ($0 - moments.mean) / deviation : 0 }
    }
}
