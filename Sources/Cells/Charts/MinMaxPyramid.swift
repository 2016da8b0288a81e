/// Minima and maxima of ever longer stretches of a growing list of values, so that the extremes of any stretch are found
/// without reading all of it. Each level's bucket covers eight of the level below, all of them there; non-finite values count
/// for nothing.
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

    static let shift = 3
    private static let mask = (1 << shift) - 1
    private(set) var values: [Double] = []
    private var levels: [[Extremes]] = []

    mutating func append(_ value: Double) {
        values.append(value)
        if values.count & Self.mask == 0 { addBucket() }
    }

    /// A bucket of the last values, and of those of every level that are eight by that.
    private mutating func addBucket() {
        var bucket = Extremes()
        for value in values[(values.count - (1 << Self.shift))...] { bucket.add(value) }
        for level in 0... {
            if level == levels.count { levels.append([]) }
            levels[level].append(bucket)
            let count = levels[level].count
            guard count & Self.mask == 0 else { return }
            bucket = Extremes()
            for part in levels[level][(count - (1 << Self.shift))...] { bucket.add(part) }
        }
    }

    mutating func reserveCapacity(_ count: Int) { values.reserveCapacity(count) }

    /// The extremes of the values in `range`.
    /// - Complexity: O(log n).
    func extremes(_ range: Range<Int>) -> Extremes {
        var result = Extremes()
        var lower = max(0, range.lowerBound)
        var upper = min(values.count, range.upperBound)
        let mask = Self.mask
        while lower < upper, lower & mask != 0 {
            result.add(values[lower])
            lower += 1
        }
        while upper > lower, upper & mask != 0 {
            upper -= 1
            result.add(values[upper])
        }
        lower >>= Self.shift
        upper >>= Self.shift
        var level = 0
        while lower < upper {
            guard level + 1 < levels.count else {
                for bucket in lower..<upper { result.add(levels[level][bucket]) }
                break
            }
            while lower < upper, lower & mask != 0 {
                result.add(levels[level][lower])
                lower += 1
            }
            while upper > lower, upper & mask != 0 {
                upper -= 1
                result.add(levels[level][upper])
            }
            lower >>= Self.shift
            upper >>= Self.shift
            level += 1
        }
        return result
    }
}
