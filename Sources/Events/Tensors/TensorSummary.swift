/// What a tensor was like at a step, without the tensor.
///
/// Where `sampled` < `count`, mean, deviation, mean magnitude, zeros and histogram are of a sample; `l2` is that of all as the sample
/// tells it; minimum, maximum, NaNs and infinities are of all, unless whoever told them says otherwise. Moments, minimum and maximum are
/// of the finite values.
public struct TensorSummary: Sendable, Hashable {
    /// Such as `fc.weight`, `gradient/fc.weight`, `update/fc.weight`, `fc.output`.
    public var name: String
    public var collection: TensorCollection
    /// Lengths along its dimensions; empty where they are not known, and of a single number.
    public var shape: [Int] = []
    /// Elements.
    public var count: Int
    /// Elements that the moments are of.
    public var sampled: Int
    public var mean = 0.0
    public var standardDeviation = 0.0
    /// Mean of |x|.
    public var meanMagnitude = 0.0
    /// Square root of the sum of squares.
    public var l2 = 0.0
    /// nil where no value is finite.
    public var minimum: Double?
    public var maximum: Double?
    public var zeros = 0
    public var nans = 0
    public var infinities = 0
    public var histogram = MagnitudeHistogram()
    /// Of an update: its `l2` over that of the weights it changed.
    public var updateRatio: Double?
    /// Of activations, where it was looked at unit by unit.
    public var units: UnitActivity?

    /// How the units of a layer behave over the rows of a batch.
    public struct UnitActivity: Sendable, Hashable {
        public var count: Int
        /// Units that put out something else than zero (or than the least there is of their function) for less than 1 % of the rows.
        public var inactive: Int
        /// Units whose function is flat (its derivative below 1 % of its largest) for more than 99 % of the rows.
        public var saturated: Int

        public init(count: Int, inactive: Int, saturated: Int) {
            (self.count, self.inactive, self.saturated) = (count, inactive, saturated)
        }
    }

    public init(_ name: String, _ collection: TensorCollection, shape: [Int] = [], count: Int, sampled: Int? = nil) {
        (self.name, self.collection, self.shape, self.count) = (name, collection, shape, count)
        self.sampled = sampled ?? count
    }
}

extension TensorSummary {
    /// Sum of |x| over all elements, as the sample tells it.
    public var l1: Double { meanMagnitude * Double(count) }
    public var variance: Double { standardDeviation * standardDeviation }
    /// The largest |x|; nil where no value is finite.
    public var largestMagnitude: Double? {
        guard let minimum, let maximum else { return nil }
        return max(abs(minimum), abs(maximum))
    }

    /// Share of exact zeros in the sample, from 0 to 1.
    public var shareOfZeros: Double { Self.share(zeros, of: sampled) }
    public var shareOfNaNs: Double { Self.share(nans, of: count) }
    public var shareOfInfinities: Double { Self.share(infinities, of: count) }
    public var hasNonFinite: Bool { nans > 0 || infinities > 0 }

    private static func share(_ part: Int, of whole: Int) -> Double { whole > 0 ? Double(part) / Double(whole) : 0 }

    /// The value below which a share of the finite values lies: exact to a power of two and interpolated in it, within minimum and
    /// maximum.
    /// - Range: nil where no value is finite, and for shares outside 0...1.
    public func quantile(_ share: Double) -> Double? {
        guard let minimum, let maximum, minimum <= maximum else { return nil }
        guard let value = histogram.quantile(share, zeros: zeros, in: minimum...maximum) else { return nil }
        return share == 0 ? minimum : share == 1 ? maximum : min(max(value, minimum), maximum)
    }

    /// Share of units that are inactive; nil where units were not looked at.
    public var shareOfInactiveUnits: Double? { units.map { Self.share($0.inactive, of: $0.count) } }
    /// Share of units that are saturated; nil where units were not looked at.
    public var shareOfSaturatedUnits: Double? { units.map { Self.share($0.saturated, of: $0.count) } }
}
