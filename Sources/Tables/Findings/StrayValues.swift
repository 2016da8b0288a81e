import Glibc
import Numerics

/// Numbers of a column that lie far outside the others.
struct StrayValues {
    /// Values more than ten interquartile ranges outside the quartiles.
    let count: Int
    /// The farthest of them.
    let example: Double
    /// How many times as large the standard deviation is with them as without.
    let widening: Double
    /// A value that stands for a missing one, and how often it comes.
    let sentinel: (value: Double, count: Int)?

    /// - Parameter present: the column's numbers without missing ones.
    /// - Returns: nil where none are far outside and none is a code.
    init?(_ present: [Double]) {
        let sorted = Statistics.sorted(present)
        guard let least = sorted.first, let most = sorted.last, least.isFinite, most.isFinite, sorted.count >= 20 else {
            return nil
        }
        let lower = Statistics.quantile(0.25, ofSorted: sorted), upper = Statistics.quantile(0.75, ofSorted: sorted)
        let range = upper - lower
        guard range.isFinite else { return nil }
        sentinel = Self.sentinel(sorted, range)
        let low = lower - 10 * range, high = upper + 10 * range
        guard range > 0, least < low || most > high else {
            guard let sentinel else { return nil }
            (count, example) = (sentinel.count, sentinel.value)
            widening = Self.widening(sorted) { $0 == sentinel.value }
            return
        }
        count = sorted.count { $0 < low || $0 > high }
        example = most > high ? most : least
        widening = Self.widening(sorted) { $0 < low || $0 > high }
    }

    private static func widening(_ sorted: [Double], _ isStray: (Double) -> Bool) -> Double {
        var all = Moments(), usual = Moments()
        for value in sorted {
            all.add(value)
            if !isStray(value) { usual.add(value) }
        }
        let ratio = all.populationDeviation / usual.populationDeviation
        return ratio.isFinite ? ratio : 1
    }

    /// The least or the largest value, where it comes again and again, lies apart from all others and looks like a code: nines only, or
    /// below 0 where no other value is.
    private static func sentinel(_ sorted: [Double], _ range: Double) -> (value: Double, count: Int)? {
        for isLeast in [true, false] {
            guard let value = isLeast ? sorted.first : sorted.last else { continue }
            let count =
                isLeast ? (sorted.firstIndex { $0 != value } ?? sorted.count) : sorted.reversed().prefix { $0 == value }.count
            guard count >= 3, count * 2 < sorted.count else { continue }
            let next = isLeast ? sorted[count] : sorted[sorted.count - count - 1]
            let gap = abs(value - next), isApart = gap > 3 * range && gap > 0
            if isNines(value), isApart || value < 0 && next >= 0 { return (value, count) }
            if value == -1, next > 1, gap > range / 4 { return (value, count) }
        }
        return nil
    }

    /// -99, 999, -9999.0, 99999, …
    private static func isNines(_ value: Double) -> Bool {
        let size = abs(value)
        guard size >= 99, size < 1e12, size == size.rounded() else { return false }
        let next = log10(size + 1)
        return next == next.rounded()
    }
}
