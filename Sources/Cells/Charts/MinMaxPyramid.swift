/// Minima and maxima of ever longer stretches of a growing list of values, so that the extremes of any stretch are found
/// without reading all of it. Each level's bucket covers eight of the level below; non-finite values count for nothing.
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
    private(set) var values: [Double] = []
    private var levels: [[Extremes]] = []

    mutating func append(_ value: Double) {
        let index = values.count
        values.append(value)
        var bucket = index >> Self.shift
        var level = 0
        // A level exists once the one below has more than one bucket.
        while level == 0 || bucket > 0 || level < levels.count {
            if level == levels.count { levels.append(level == 0 ? [] : [total(ofLevel: level - 1, before: index)]) }
            if bucket == levels[level].count { levels[level].append(Extremes()) }
            levels[level][bucket].add(value)
            bucket >>= Self.shift
            level += 1
        }
    }

    /// The extremes of the buckets a level holds so far: the first bucket of a new level above it.
    private func total(ofLevel level: Int, before index: Int) -> Extremes {
        var all = Extremes()
        for bucket in levels[level] { all.add(bucket) }
        return all
    }

    mutating func removeAll() {
        values.removeAll(keepingCapacity: true)
        levels.removeAll()
    }

    mutating func reserveCapacity(_ count: Int) { values.reserveCapacity(count) }

    /// The extremes of the values in `range`.
    /// - Complexity: O(log n).
    func extremes(_ range: Range<Int>) -> Extremes {
        var result = Extremes()
        var lower = max(0, range.lowerBound)
        var upper = min(values.count, range.upperBound)
        let mask = (1 << Self.shift) - 1
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
