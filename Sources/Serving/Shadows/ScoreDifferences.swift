import CheckedNumbers
import Glibc
import JSON

/// How far scores lie apart: counts in eight buckets an octave, so that any number of rows takes the same room.
public struct ScoreDifferences: Sendable, Hashable {
    private static let resolution = 8.0
    private static let largest = 1e100
    /// More nobody has counted: what is read and says so is damaged.
    private static let mostRows = 1 << 48
    /// Rows without a difference.
    private var zeros = 0
    private var counts: [Int: Int] = [:]
    public private(set) var count = 0
    public private(set) var max = 0.0
    private var sum = 0.0

    public init() {}

    /// - Parameter difference: zero or more. What is no number, infinite or larger counts as 1e100.
    public mutating func add(_ difference: Double) {
        let known = difference.isFinite ? min(difference, Self.largest) : Self.largest
        count += 1
        sum += known
        max = Swift.max(max, known)
        guard known > 0, let bucket = Int(exactly: (log2(known) * Self.resolution).rounded(.down)) else {
            zeros += 1
            return
        }
        counts[bucket, default: 0] += 1
    }

    public var mean: Double? { count > 0 ? sum / Double(count) : nil }

    /// A difference that a share of the rows does not exceed, to a tenth of it.
    /// - Parameter share: from 0 to 1.
    /// - Returns: nil where there are no rows.
    public func quantile(_ share: Double) -> Double? {
        guard count > 0 else { return nil }
        let wanted = Swift.max(1, Int(roundedUpWithin: share * Double(count)))
        var seen = zeros
        if seen >= wanted { return 0 }
        for (bucket, number) in counts.sorted(by: { $0.key < $1.key }) {
            seen += number
            if seen >= wanted { return Swift.min(max, exp2(Double(bucket + 1) / Self.resolution)) }
        }
        return max
    }

    public var json: JSONValue {
        .object([
            "count": .integer(count), "zeros": .integer(zeros), "sum": .number(sum), "max": .number(max),
            "counts": .array(counts.sorted { $0.key < $1.key }.map { .array([.integer($0.key), .integer($0.value)]) }),
        ])
    }

    public init?(json: JSONValue) {
        guard let count = json["count"]?.integer, let zeros = json["zeros"]?.integer, let sum = json["sum"]?.double,
            let max = json["max"]?.double, let pairs = json["counts"]?.array, (0...Self.mostRows).contains(count),
            (0...count).contains(zeros), sum.isFinite, max.isFinite
        else { return nil }
        (self.count, self.zeros, self.sum, self.max) = (count, zeros, sum, max)
        for pair in pairs {
            guard let numbers = pair.array, numbers.count == 2, let bucket = numbers[0].integer, let number = numbers[1].integer,
                (0...count).contains(number), counts[bucket] == nil
            else { return nil }
            counts[bucket] = number
        }
    }
}
