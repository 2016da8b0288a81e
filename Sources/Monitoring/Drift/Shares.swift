import CheckedNumbers
import Glibc
import Tables

/// Two distributions as shares of the same bins.
public struct Shares: Sendable, Hashable {
    public var first: [Double], second: [Double]

    /// The shares of texts that either has; at the end those that are counted together.
    public init(_ left: TextStatistics, _ right: TextStatistics) {
        var places: [String: Int] = [:]
        (first, second) = ([], [])
        let (left, right) = TextStatistics.alike(left, right)
        for (side, texts) in [left, right].enumerated() {
            for entry in texts.counts {
                let place = places[entry.value] ?? first.count
                if place == first.count {
                    places[entry.value] = place
                    first.append(0)
                    second.append(0)
                }
                if side == 0 { first[place] += Double(entry.count) } else { second[place] += Double(entry.count) }
            }
        }
        if left.others + right.others > 0 {
            first.append(Double(left.others))
            second.append(Double(right.others))
        }
        (first, second) = (Self.shares(first), Self.shares(second))
    }

    /// The shares of numbers in equally wide bins from the least of both to the greatest; where the first has few, those of each value.
    ///
    /// - Source: bins as evidently 0.7 has them: as many as Sturges (1926) has for the values of both, and none up to 20 distinct values.
    public init(_ left: QuantileSketch, _ right: QuantileSketch) {
        let values = [left.weighted, right.weighted]
        guard !Self.distinct(values[0], atMost: Self.fewValues) else {
            self = Shares(Self.texts(values[0]), Self.texts(values[1]))
            return
        }
        let ends = values.compactMap(\.first).map(\.value) + values.compactMap(\.last).map(\.value)
        let least = ends.min() ?? 0, most = ends.max() ?? 0
        let count = most > least ? Int(roundedUpWithin: log2(Double(max(1, left.count + right.count))) + 1) : 1
        let edges = (0...count).map { least + (most - least) * Double($0) / Double(count) }
        (first, second) = (Self.shares(Self.counts(values[0], edges)), Self.shares(Self.counts(values[1], edges)))
    }

    private static let fewValues = 20

    private static func distinct(_ values: [(value: Double, weight: Double)], atMost limit: Int) -> Bool {
        var count = 0, last: Double?
        for (value, _) in values where value != last {
            (count, last) = (count + 1, value)
            if count > limit { return false }
        }
        return true
    }

    private static func texts(_ values: [(value: Double, weight: Double)]) -> TextStatistics {
        var counts: [String: Int] = [:]
        for (value, weight) in values { counts[Column.text(of: value), default: 0] += Int(nearestWithin: weight) }
        return TextStatistics(counts)
    }

    private static func counts(_ values: [(value: Double, weight: Double)], _ edges: [Double]) -> [Double] {
        var counts = [Double](repeating: 0, count: edges.count - 1), bin = 0
        for (value, weight) in values {
            while bin + 1 < counts.count, value >= edges[bin + 1] { bin += 1 }
            counts[bin] += weight
        }
        return counts
    }

    private static func shares(_ counts: [Double]) -> [Double] {
        let sum = counts.reduce(0, +)
        return sum > 0 ? counts.map { $0 / sum } : counts
    }
}
