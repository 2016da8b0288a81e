import Numerics

/// Where a number's scale begins and how wide its unit is: `(value - origin) * scale`, computed in double precision, is what
/// single precision keeps of it.
///
/// Seconds since 1970, or values such as 1e15 + 3, differ in digits that single precision does not have; 1e40 and 1e-42 lie
/// outside of it. Of other numbers the origin is 0 and the scale 1, and nothing changes.
public struct NumberUnit: Sendable, Hashable, Codable {
    /// What is subtracted.
    public var origin: Double
    /// What the difference is then multiplied by: a power of two.
    public var scale: Double

    /// A unit; by default the numbers' own.
    public init(origin: Double = 0, scale: Double = 1) {
        (self.origin, self.scale) = (origin, scale)
    }

    /// A number in this unit.
    func value(_ number: Double) -> Double { (number - origin) * scale }

    /// Whether the arithmetic above makes sense.
    var isSound: Bool { origin.isFinite && scale.isNormal && scale > 0 }

    /// The numbers looked at for how far apart they lie.
    private static let sampleCount = 2048
    /// Rounding off more than this part of the spread is a loss.
    private static let tolerance = 1e-5
    /// Squares and sums of squares of what lies between these stay within single precision.
    private static let ordinary = 1e-15...1e15

    /// The unit for some numbers, without missing ones; nil when they are well kept as they are.
    ///
    /// - Parameter median: that of the numbers.
    static func learned(_ numbers: [Double], median: Double) -> NumberUnit? {
        let unit = NumberUnit(origin: losesDigits(numbers) ? median : 0)
        let reach = farthest(numbers, from: unit.origin)
        guard reach.isFinite, reach > 0 else { return nil }
        if ordinary.contains(reach) { return unit.origin == 0 ? nil : unit }
        // The power of two that brings the farthest number to between 1 and 2, as far as there is one.
        return NumberUnit(origin: unit.origin, scale: 1 / min(0x1p1021, max(0x1p-1021, reach.binade)))
    }

    /// The largest distance from a number, four at a time: columns may be long.
    private static func farthest(_ numbers: [Double], from origin: Double) -> Double {
        numbers.withUnsafeBufferPointer { numbers in
            var most = SIMD4<Double>.zero, place = 0
            while place + 4 <= numbers.count {
                let values = SIMD4(numbers[place], numbers[place + 1], numbers[place + 2], numbers[place + 3]) - origin
                let distances = values.replacing(with: -values, where: values .< 0)
                most.replace(with: distances, where: distances .> most)
                place += 4
            }
            return numbers[place...].reduce(most.max()) { max($0, abs($1 - origin)) }
        }
    }

    /// Whether single precision rounds off more than a trifle of the distances between most of the numbers.
    static func losesDigits(_ numbers: [Double]) -> Bool {
        let count = min(numbers.count, sampleCount)
        guard count > 1 else { return false }
        let sample = Statistics.sorted((0..<count).map { numbers[$0 * numbers.count / count] })
        var low = sample[count / 10], high = sample[count - 1 - count / 10]
        if low == high { (low, high) = (sample[0], sample[count - 1]) }
        guard high > low else { return false }
        // Brought to about 1 first, so that only digits count and not how large the numbers are.
        let scale = 1 / max(abs(low), abs(high)).binade
        guard scale.isFinite else { return false }
        let loss = sample.reduce(0.0) { most, number in
            guard number >= low, number <= high else { return most }
            return max(most, abs(number * scale - Double(Float(number * scale))))
        }
        return loss > (high - low) * scale * tolerance
    }
}
