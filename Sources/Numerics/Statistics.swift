import CKernels
import CheckedNumbers

/// Running count, mean and spread of numbers seen one at a time.
///
/// - Source: Welford, "Note on a method for calculating corrected sums of squares and products" (1962).
public struct Moments: Sendable, Hashable, Codable {
    /// Values seen.
    public private(set) var count = 0
    /// Their mean; 0 before the first.
    public private(set) var mean = 0.0
    private var squares = 0.0

    /// Nothing seen yet.
    public init() {}

    /// Counts one value in.
    public mutating func add(_ value: Double) {
        count += 1
        let delta = value - mean
        mean += delta / Double(count)
        squares += delta * (value - mean)
    }

    /// Standard deviation of a population (divisor n); 0 when empty.
    public var populationDeviation: Double { count == 0 ? 0 : (squares / Double(count)).squareRoot() }
}

/// Exact statistics of whole columns.
public enum Statistics {
    /// The values in ascending order.
    ///
    /// - Range: no NaN.
    public static func sorted(_ values: [Double]) -> [Double] {
        var result = values
        result.withUnsafeMutableBufferPointer { values in
            withUnsafeTemporaryAllocation(of: Double.self, capacity: max(1, values.count)) { scratch in
                guard let base = values.baseAddress, let temporary = scratch.baseAddress else { return }
                dk_sort_doubles(base, temporary, values.count)
            }
        }
        return result
    }

    /// The quantile of values in ascending order, between neighbours on a straight line; NaN when empty.
    ///
    /// - Range: fraction 0...1.
    /// - Source: type 7 of Hyndman and Fan (1996), numpy's default.
    public static func quantile(_ fraction: Double, ofSorted values: [Double]) -> Double {
        guard let last = values.last else { return .nan }
        let position = fraction * Double(values.count - 1)
        let below = max(0, Int(roundedDownWithin: position))
        guard below + 1 < values.count else { return last }
        let share = position - Double(below)
        return share == 0 ? values[below] : values[below] + (values[below + 1] - values[below]) * share
    }

    /// The median, without sorting everything; NaN when empty. The same value as the quantile 0.5.
    ///
    /// - Range: no NaN; fewer than 2³² values.
    public static func median(_ values: [Double]) -> Double {
        guard !values.isEmpty else { return .nan }
        return withUnsafeTemporaryAllocation(of: Double.self, capacity: values.count) { scratch in
            scratch.baseAddress.map { dk_median(values, $0, values.count) } ?? .nan
        }
    }

    /// The value that has half of the weight below it and half above: of whole weights, the median of values that are repeated so
    /// often; NaN when empty.
    ///
    /// - Range: no NaN; weights of at least 0, one for each value.
    public static func median(_ values: [Double], weights: [Float]) -> Double {
        precondition(values.count == weights.count, "\(values.count) values with \(weights.count) weights")
        let order = values.indices.filter { weights[$0] > 0 }.sorted { (values[$0], $0) < (values[$1], $1) }
        let total = order.reduce(0) { $0 + Double(weights[$1]) }
        // Single precision keeps weights to seven digits.
        let half = total / 2, tolerance = total * 1e-7
        var below = 0.0
        for (place, index) in order.enumerated() {
            below += Double(weights[index])
            if below > half + tolerance { return values[index] }
            if below >= half - tolerance, place + 1 < order.count { return (values[index] + values[order[place + 1]]) / 2 }
        }
        return order.last.map { values[$0] } ?? .nan
    }

    /// Where each value stands in ascending order, from 1; equal ones share the mean of their places.
    ///
    /// - Range: no NaN.
    public static func ranks(_ values: [Double]) -> [Double] {
        let order = values.indices.sorted { values[$0] < values[$1] }
        var ranks = [Double](repeating: 0, count: values.count), start = 0
        while start < order.count {
            var end = start + 1
            while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
            for place in start..<end { ranks[order[place]] = Double(start + end + 1) / 2 }
            start = end
        }
        return ranks
    }

    /// Pearson's correlation of two columns over the rows where both are present; 0 when either is constant.
    public static func correlation(_ first: [Double], _ second: [Double]) -> Double {
        precondition(first.count == second.count, "columns of \(first.count) and \(second.count) rows")
        var count = 0.0, meanFirst = 0.0, meanSecond = 0.0, squaresFirst = 0.0, squaresSecond = 0.0, products = 0.0
        for index in first.indices {
            let x = first[index], y = second[index]
            guard x.isFinite, y.isFinite else { continue }
            count += 1
            let deltaX = x - meanFirst, deltaY = y - meanSecond
            meanFirst += deltaX / count
            meanSecond += deltaY / count
            squaresFirst += deltaX * (x - meanFirst)
            squaresSecond += deltaY * (y - meanSecond)
            products += deltaX * (y - meanSecond)
        }
        let scale = (squaresFirst * squaresSecond).squareRoot()
        // Rounding may carry it over the edge.
        return scale > 0 ? max(-1, min(1, products / scale)) : 0
    }
}
