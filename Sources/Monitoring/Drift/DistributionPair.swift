import CheckedNumbers

/// A column's values in the baseline and in a window, in the same bins, to be drawn above each other.
public struct DistributionPair: Sendable, Hashable {
    /// Of numbers one more than there are bins; nil for texts.
    public var edges: [Double]?
    /// The texts; empty for numbers.
    public var names: [String]
    /// - Range: 0 to 1; all of one side add up to 1, but for what lies beyond the most frequent texts.
    public var before: [Double], now: [Double]

    private static let bins = 40, mostTexts = 60
    /// What lies beyond these quantiles of both is counted in the first and the last bin, so that a single value does not flatten all others.
    private static let tail = 0.005

    /// - Returns: nil where one side has no values, or they are of two kinds.
    public init?(_ before: FeatureStatistics, _ now: FeatureStatistics) {
        if let left = before.numbers?.sketch, let right = now.numbers?.sketch {
            self.init(left, right)
        } else if let left = before.texts, let right = now.texts, before.present > 0, now.present > 0 {
            self.init(left, right, (before.present, now.present))
        } else {
            return nil
        }
    }

    private init?(_ left: QuantileSketch, _ right: QuantileSketch) {
        let sides = [left.weighted, right.weighted]
        guard let first = Self.quantile(Self.tail, sides), let last = Self.quantile(1 - Self.tail, sides) else { return nil }
        let width = (last - first) / Double(Self.bins)
        guard width.isFinite else { return nil }
        let count = width > 0 ? Self.bins : 1
        edges = width > 0 ? (0...count).map { first + width * Double($0) } : [first - 0.5, first + 0.5]
        names = []
        let shares = sides.map { side -> [Double] in
            var bins = [Double](repeating: 0, count: count), sum = 0.0
            for (value, weight) in side {
                let place = width > 0 ? min(count - 1, max(0, Int(roundedDownWithin: (value - first) / width))) : 0
                bins[place] += weight
                sum += weight
            }
            return bins.map { $0 / sum }
        }
        (before, now) = (shares[0], shares[1])
    }

    /// The least, and the greatest, of a quantile of both sides.
    private static func quantile(_ share: Double, _ sides: [[(value: Double, weight: Double)]]) -> Double? {
        let found = sides.compactMap { side -> Double? in
            let sum = side.reduce(0) { $0 + $1.weight }
            var below = 0.0
            for (value, weight) in side {
                below += weight
                if below >= share * sum { return value }
            }
            return side.last?.value
        }
        guard found.count == sides.count else { return nil }
        return share < 0.5 ? found.min() : found.max()
    }

    private init(_ left: TextStatistics, _ right: TextStatistics, _ rows: (Int, Int)) {
        var counts: [String: (Int, Int)] = [:]
        for entry in left.counts { counts[entry.value, default: (0, 0)].0 += entry.count }
        for entry in right.counts { counts[entry.value, default: (0, 0)].1 += entry.count }
        var shares: [(name: String, before: Double, now: Double)] = []
        for (name, count) in counts {
            shares.append((name, Double(count.0) / Double(rows.0), Double(count.1) / Double(rows.1)))
        }
        shares.sort { first, second in
            let (one, other) = (first.before + first.now, second.before + second.now)
            return one == other ? first.name < second.name : one > other
        }
        shares = Array(shares.prefix(Self.mostTexts))
        (edges, names) = (nil, shares.map { $0.name })
        (before, now) = (shares.map { $0.before }, shares.map { $0.now })
    }
}
