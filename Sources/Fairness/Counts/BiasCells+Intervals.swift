import CheckedNumbers
import Glibc
import Numerics

extension BiasCells {
    /// Draws of an interval.
    private static let drawCount = 1000

    /// The intervals in which metrics lie in 95 of 100 cases, had the rows been drawn anew; nil for those that too few draws have.
    ///
    /// - Source: Efron and Tibshirani (1993), with each cell's count drawn from Poisson's distribution, which is what drawing rows comes to
    ///   where they are many.
    public func intervals(_ metrics: [BiasMetric], reading: BiasReading, seed: UInt64 = 0) -> [BiasMetric: ClosedRange<Double>] {
        intervals(seed: seed) { drawn in
            var values: [BiasMetric: Double] = [:]
            for metric in metrics { values[metric] = drawn.value(metric, reading: reading).number }
            return values
        }
    }

    /// The same of any values of the counts.
    func intervals<Key: Hashable>(seed: UInt64, _ values: (BiasCells) -> [Key: Double]) -> [Key: ClosedRange<Double>] {
        var random = RandomSource(seed: seed), found: [Key: [Double]] = [:]
        let order = counts.sorted { $0.key.order.lexicographicallyPrecedes($1.key.order) }
        for _ in 0..<Self.drawCount {
            var drawn = self
            for (cell, count) in order { drawn.counts[cell] = random.poisson(count) }
            for (key, value) in values(drawn) { found[key, default: []].append(value) }
        }
        return found.compactMapValues { values in
            guard values.count >= Self.drawCount * 9 / 10 else { return nil }
            let sorted = values.sorted(), last = sorted.count - 1
            return sorted[last * 25 / 1000]...sorted[last - last * 25 / 1000]
        }
    }
}

extension BiasCells.Cell {
    fileprivate var order: [Int] { [isFacet ? 1 : 0, label ? 1 : 0, predicted ? 1 : 0, group, flip] }
}

extension RandomSource {
    /// A count with some mean.
    fileprivate mutating func poisson(_ mean: Double) -> Double {
        guard mean < 60 else { return max(0, (mean + mean.squareRoot() * normal()).rounded()) }
        var product = uniform(), count = 0.0
        let limit = exp(-mean)
        while product > limit {
            product *= uniform()
            count += 1
        }
        return count
    }
}
