import CheckedNumbers

/// How long things took: counts in four buckets an octave from one microsecond to half a minute.
public struct LatencyHistogram: Sendable, Hashable {
    /// Buckets an octave.
    private static let resolution = 4
    private static let bucketCount = 25 * resolution

    var counts = [UInt32](repeating: 0, count: bucketCount)
    public internal(set) var count = 0
    /// - Units: nanoseconds.
    public internal(set) var sum: UInt64 = 0

    public init() {}

    public mutating func add(_ nanoseconds: UInt64) {
        counts[Self.bucket(nanoseconds)] &+= 1
        count += 1
        sum &+= nanoseconds
    }

    /// - Returns: microseconds; nil where there are none.
    public var mean: Double? { count > 0 ? Double(sum) / Double(count) / 1000 : nil }

    public mutating func add(_ other: LatencyHistogram) {
        for place in counts.indices { counts[place] &+= other.counts[place] }
        count += other.count
        sum &+= other.sum
    }

    /// A value that a share of them does not exceed, to a fifth of it.
    /// - Parameter share: from 0 to 1.
    /// - Returns: seconds; nil where there are none.
    public func quantile(_ share: Double) -> Double? {
        guard count > 0 else { return nil }
        let wanted = max(1, Int(roundedUpWithin: share * Double(count)))
        var seen = 0
        for (place, number) in counts.enumerated() {
            seen += Int(number)
            if seen >= wanted { return Self.upperBound(place) }
        }
        return Self.upperBound(counts.count - 1)
    }

    /// Buckets that something lies in, by ascending bound.
    /// - Returns: bounds in seconds.
    public var filled: [(bound: Double, count: Int)] {
        counts.indices.compactMap { counts[$0] == 0 ? nil : (Self.upperBound($0), Int(counts[$0])) }
    }

    /// Counts of those that took at most so long, an octave apart.
    /// - Returns: bounds in seconds.
    public var cumulative: [(bound: Double, count: Int)] {
        var seen = 0, all: [(bound: Double, count: Int)] = []
        for (place, number) in counts.enumerated() {
            seen += Int(number)
            if place % Self.resolution == Self.resolution - 1 { all.append((Self.upperBound(place), seen)) }
        }
        return all
    }

    /// What lies in a bucket is less than this.
    /// - Units: seconds.
    private static func upperBound(_ bucket: Int) -> Double {
        let octave = bucket / resolution, quarter = bucket % resolution
        return Double(UInt64(1000) << UInt64(octave)) * (1 + Double(quarter + 1) / Double(resolution)) * 1e-9
    }

    private static func bucket(_ nanoseconds: UInt64) -> Int {
        let micros = nanoseconds / 1000
        guard micros > 0 else { return 0 }
        let octave = 63 - micros.leadingZeroBitCount
        let base = UInt64(1000) << UInt64(octave)
        let quarter = Int((nanoseconds - base) * UInt64(resolution) / base)
        return min(octave * resolution + min(quarter, resolution - 1), bucketCount - 1)
    }
}
