/// Minima, maxima and sums of ever longer stretches of a growing list of values, so that the extremes and the mean of any stretch
/// are found without reading all of it. Each level's bucket covers eight of the level below, all of them there; non-finite values
/// count for nothing.
struct MinMaxPyramid: Sendable {
    /// The extremes of a stretch of values. Empty when no finite value is in it.
    struct Extremes: Hashable, Sendable {
        var minimum = Double.infinity
        var maximum = -Double.infinity
        /// The smallest value above 0, for logarithmic axes.
        var minimumPositive = Double.infinity

        var isEmpty: Bool { minimum > maximum }

        mutating func add(_ value: Double) {
            guard value.isFinite else { return }
            minimum = min(minimum, value)
            maximum = max(maximum, value)
            if value > 0 { minimumPositive = min(minimumPositive, value) }
        }

        mutating func add(_ other: Extremes) {
            minimum = min(minimum, other.minimum)
            maximum = max(maximum, other.maximum)
            minimumPositive = min(minimumPositive, other.minimumPositive)
        }
    }

    /// The finite values of a stretch, added up.
    struct Total: Hashable, Sendable {
        var sum = 0.0
        var count = 0

        mutating func add(_ value: Double) {
            guard value.isFinite else { return }
            sum += value
            count += 1
        }

        mutating func add(_ other: Total) {
            sum += other.sum
            count += other.count
        }
    }

    static let shift = 3
    private static let mask = (1 << shift) - 1
    private(set) var values: [Double] = []
    private var levels: [[Extremes]] = []
    private var totals: [[Total]] = []

    mutating func append(_ value: Double) {
        values.append(value)
        if values.count & Self.mask == 0 { addBucket() }
    }

    /// A bucket of the last values, and of those of every level that are eight by that.
    private mutating func addBucket() {
        var bucket = Extremes(), total = Total()
        for value in values[(values.count - (1 << Self.shift))...] {
            bucket.add(value)
            total.add(value)
        }
        for level in 0... {
            if level == levels.count {
                levels.append([])
                totals.append([])
            }
            levels[level].append(bucket)
            totals[level].append(total)
            let count = levels[level].count
            guard count & Self.mask == 0 else { return }
            (bucket, total) = (Extremes(), Total())
            for place in (count - (1 << Self.shift))..<count {
                bucket.add(levels[level][place])
                total.add(totals[level][place])
            }
        }
    }

    mutating func reserveCapacity(_ count: Int) { values.reserveCapacity(count) }

    /// The extremes of the values in `range`.
    /// - Complexity: O(log n).
    func extremes(_ range: Range<Int>) -> Extremes {
        var result = Extremes()
        walk(range, value: { result.add(values[$0]) }, bucket: { result.add(levels[$0][$1]) })
        return result
    }

    /// The finite values in `range`, added up.
    /// - Complexity: O(log n).
    func total(_ range: Range<Int>) -> Total {
        var result = Total()
        walk(range, value: { result.add(values[$0]) }, bucket: { result.add(totals[$0][$1]) })
        return result
    }

    /// The mean of the finite values in `range`; NaN where there is none, or where their sum is beyond all numbers.
    func mean(_ range: Range<Int>) -> Double {
        let total = total(range)
        return total.count > 0 && total.sum.isFinite ? total.sum / Double(total.count) : .nan
    }

    /// Goes through a range: value by value at its ends, by the longest buckets that fit between.
    private func walk(_ range: Range<Int>, value: (Int) -> Void, bucket: (_ level: Int, _ place: Int) -> Void) {
        var lower = max(0, range.lowerBound)
        var upper = min(values.count, range.upperBound)
        let mask = Self.mask
        while lower < upper, lower & mask != 0 {
            value(lower)
            lower += 1
        }
        while upper > lower, upper & mask != 0 {
            upper -= 1
            value(upper)
        }
        lower >>= Self.shift
        upper >>= Self.shift
        var level = 0
        while lower < upper {
            guard level + 1 < levels.count else {
                for place in lower..<upper { bucket(level, place) }
                break
            }
            while lower < upper, lower & mask != 0 {
                bucket(level, lower)
                lower += 1
            }
            while upper > lower, upper & mask != 0 {
                upper -= 1
                bucket(level, upper)
            }
            lower >>= Self.shift
            upper >>= Self.shift
            level += 1
        }
    }
}
