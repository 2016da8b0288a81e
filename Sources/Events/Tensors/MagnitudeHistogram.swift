import CheckedNumbers
import JSON

/// How many values of a tensor have which magnitude, negative ones and positive ones apart, in powers of two.
///
/// Cell i counts values with 2^(firstExponent + i) <= |x| < 2^(firstExponent + i + 1); the first cell holds smaller ones too. Zeros and
/// what is not finite are counted elsewhere.
public struct MagnitudeHistogram: Sendable, Hashable {
    /// The most cells of a sign.
    public static let mostCells = 64
    /// Exponents that a double can have.
    private static let exponents = -1100...1100

    public private(set) var firstExponent: Int
    /// As long as `positive`.
    public private(set) var negative: [Int]
    public private(set) var positive: [Int]

    /// Nothing was counted.
    public init() { (firstExponent, negative, positive) = (0, [], []) }

    /// - Range: both lists equally long, at most 64 cells, without negative counts, and all of it no more than an integer holds;
    ///   nil otherwise.
    public init?(firstExponent: Int, negative: [Int], positive: [Int]) {
        guard negative.count == positive.count, negative.count <= Self.mostCells, Self.exponents.contains(firstExponent) else {
            return nil
        }
        var total = 0
        for count in negative + positive {
            let (sum, overflows) = total.addingReportingOverflow(count)
            guard count >= 0, !overflows else { return nil }
            total = sum
        }
        (self.firstExponent, self.negative, self.positive) = (firstExponent, negative, positive)
    }

    /// Counts of magnitudes by exponent from `exponent` on, however many: what is smaller than the last 64 cells reach goes into the
    /// first of those.
    public init(countedFrom exponent: Int, negative: [Int], positive: [Int]) {
        self.init()
        let cells = min(negative.count, positive.count)
        guard let last = (0..<cells).last(where: { negative[$0] + positive[$0] > 0 }),
            let lowest = (0..<cells).first(where: { negative[$0] + positive[$0] > 0 })
        else { return }
        let first = max(lowest, last - Self.mostCells + 1)
        firstExponent = exponent + first
        self.negative = Array(negative[first...last])
        self.positive = Array(positive[first...last])
        self.negative[0] += negative[..<first].reduce(0, +)
        self.positive[0] += positive[..<first].reduce(0, +)
    }

    /// Values that were counted.
    public var count: Int { negative.reduce(0, +) + positive.reduce(0, +) }

    /// Values whose magnitude is below 2^`exponent`, as far as cells tell them apart.
    public func count(below exponent: Int) -> Int {
        let cells = max(0, min(exponent - firstExponent, negative.count))
        return negative.prefix(cells).reduce(0, +) + positive.prefix(cells).reduce(0, +)
    }

    /// The mean of |x| over what was counted, as the middles of cells tell it: at most a few per cent off for smooth distributions.
    var meanMagnitude: Double {
        var sum = 0.0
        for (cell, counts) in zip(negative, positive).enumerated() {
            sum += Double(counts.0 + counts.1) * Double.power(of: firstExponent + cell) * 1.4427
        }
        return count > 0 ? sum / Double(count) : 0
    }

    /// The value below which a share of all lies, zeros among them: exact to its cell, and in it as if values lay evenly.
    /// - Parameters:
    ///   - share: from 0 to 1.
    ///   - zeros: how many zeros lie between negative and positive values.
    ///   - limits: the smallest and the largest value.
    /// - Range: nil where nothing was counted.
    func quantile(_ share: Double, zeros: Int, in limits: ClosedRange<Double>) -> Double? {
        let total = Double(count + zeros)
        guard total > 0, share >= 0, share <= 1 else { return nil }
        var rest = share * total
        for cell in negative.indices.reversed() where negative[cell] > 0 {
            let count = Double(negative[cell])
            if rest < count { return -magnitude(cell, 1 - rest / count, most: -limits.lowerBound) }
            rest -= count
        }
        if rest < Double(zeros) { return 0 }
        rest -= Double(zeros)
        for cell in positive.indices where positive[cell] > 0 {
            let count = Double(positive[cell])
            if rest < count { return magnitude(cell, rest / count, most: limits.upperBound) }
            rest -= count
        }
        return limits.upperBound
    }

    /// The share of values below a bound, evenly spread within each cell: what `quantile` is the way back from.
    ///
    /// - Returns: from 0 to 1; nil where nothing was counted.
    public func share(below bound: Double, zeros: Int, in limits: ClosedRange<Double>) -> Double? {
        let total = Double(count + zeros)
        guard total > 0 else { return nil }
        var below = bound > 0 ? Double(zeros) : 0
        for (cells, sign, most) in [(negative, -1.0, -limits.lowerBound), (positive, 1.0, limits.upperBound)] {
            for (cell, count) in cells.enumerated() where count > 0 {
                let low = magnitude(cell, 0, most: most), high = magnitude(cell, 1, most: most)
                // How much of the cell's magnitudes lies under that of the bound.
                let place = high > low ? min(max((sign * bound - low) / (high - low), 0), 1) : sign * bound > low ? 1 : 0
                below += Double(count) * (sign > 0 ? place : 1 - place)
            }
        }
        return below / total
    }

    /// A magnitude in a cell; `place` from 0, its lower end, to 1.
    private func magnitude(_ cell: Int, _ place: Double, most: Double) -> Double {
        let low = Double.power(of: firstExponent + cell), high = min(2 * low, most)
        return low + max(0, high - low) * place
    }
}

extension Double {
    /// 2 to the power of a whole number; 0 and infinity beyond what there is.
    static func power(of exponent: Int) -> Double { Double(sign: .plus, exponent: exponent, significand: 1) }
}

extension MagnitudeHistogram {
    /// `[firstExponent, [negative counts], [positive counts]]`.
    public var json: JSONValue {
        .array([.integer(firstExponent), .array(negative.map { .integer($0) }), .array(positive.map { .integer($0) })])
    }

    public init?(json: JSONValue) {
        guard let parts = json.array, parts.count == 3, let first = parts[0].integer, let negative = Self.counts(parts[1]),
            let positive = Self.counts(parts[2])
        else { return nil }
        self.init(firstExponent: first, negative: negative, positive: positive)
    }

    private static func counts(_ json: JSONValue) -> [Int]? {
        guard let elements = json.array, elements.count <= mostCells else { return nil }
        let counts = elements.compactMap(\.integer)
        return counts.count == elements.count ? counts : nil
    }
}
