import JSON

/// How long steps took: how many of them by duration, in eight bins an octave.
///
/// Any number of steps takes the room of a few bins, and quantiles are right to 6 %.
public struct StepDurations: Sendable, Hashable {
    /// How many steps by bin: bin b holds durations of 2^i (1 + j/8) to 2^i (1 + (j+1)/8) nanoseconds, i being b/8 and j its remainder.
    public private(set) var counts: [Int: Int] = [:]
    public private(set) var count = 0

    public static let binCount = 512

    public init() {}

    /// - Parameter seconds: what is not positive counts as a nanosecond.
    public mutating func add(seconds: Double, count more: Int = 1) { add(bin: Self.bin(of: seconds), count: more) }

    public mutating func add(bin: Int, count more: Int) {
        counts[bin, default: 0] += more
        count += more
    }

    public static func += (sum: inout StepDurations, other: StepDurations) {
        sum.counts.merge(other.counts, uniquingKeysWith: +)
        sum.count += other.count
    }

    /// The bin of a duration: a float's exponent and its next three bits.
    @inlinable public static func bin(of seconds: Double) -> Int {
        let nanoseconds = seconds * 1e9
        guard nanoseconds >= 1 else { return 0 }
        return min(binCount - 1, Int(truncatingIfNeeded: nanoseconds.bitPattern >> 49) - firstBits)
    }

    /// What `bin(of:)` sees of one nanosecond.
    @usableFromInline static let firstBits = 1023 << 3

    /// The middle of a bin, in seconds.
    public static func seconds(ofBin bin: Int) -> Double {
        func edge(_ bin: Int) -> Double { Double(bitPattern: UInt64(clamping: bin + firstBits) << 49) }
        return (edge(bin) + edge(bin + 1)) / 2 * 1e-9
    }

    /// The duration that a share of the steps stays under; nil without steps.
    /// - Parameter share: 0 to 1.
    /// - Units: seconds.
    public func quantile(_ share: Double) -> Double? {
        guard count > 0 else { return nil }
        let wanted = share * Double(count)
        var seen = 0
        for (bin, count) in counts.sorted(by: { $0.key < $1.key }) {
            seen += count
            if Double(seen) >= wanted { return Self.seconds(ofBin: bin) }
        }
        return nil
    }

    /// The median distance of the steps from a duration.
    /// - Units: seconds.
    public func medianDistance(from middle: Double) -> Double? {
        guard count > 0 else { return nil }
        let distances = counts.map { (abs(Self.seconds(ofBin: $0.key) - middle), $0.value) }.sorted { $0.0 < $1.0 }
        var seen = 0
        for (distance, number) in distances {
            seen += number
            if 2 * seen >= count { return distance }
        }
        return nil
    }

    /// How many steps took longer.
    public func count(longerThan seconds: Double) -> Int {
        let bin = Self.bin(of: seconds)
        return counts.reduce(0) { $0 + ($1.key > bin ? $1.value : 0) }
    }

    package var json: JSONValue { .object(counts.sorted { $0.key < $1.key }.map { .init(String($0.key), .integer($0.value)) }) }

    /// Bins that make no sense are left out.
    package init(json: JSONValue?) {
        for member in json?.members ?? [] {
            guard let bin = Int(member.name), (0..<Self.binCount).contains(bin), let number = member.value.integer,
                number > 0, number < 1 << 48
            else { continue }
            counts[bin, default: 0] += number
            count += number
        }
    }
}
