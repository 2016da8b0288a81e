import Glibc

/// How far apart two distributions are.
public enum Distance {
    /// The greatest difference of the shares of values up to a point: from 0 to 1.
    ///
    /// - Source: Deequ's `numericalDistance`, which is the statistic of Kolmogorov and Smirnov.
    public static func ofNumbers(_ first: QuantileSketch, _ second: QuantileSketch) -> Double {
        walk(first, second).greatest
    }

    /// The area between the shares of values up to a point, in the unit of the values.
    ///
    /// - Source: Wasserstein's distance of order 1.
    public static func wasserstein(_ first: QuantileSketch, _ second: QuantileSketch) -> Double { walk(first, second).area }

    private static func walk(_ first: QuantileSketch, _ second: QuantileSketch) -> (greatest: Double, area: Double) {
        let left = first.weighted, right = second.weighted
        guard first.count > 0, second.count > 0 else { return (0, 0) }
        // Weights are whole: their sums are exact, and the shares of two constants are the same to the last bit.
        var (i, j, sumLeft, sumRight) = (0, 0, 0.0, 0.0), greatest = 0.0, area = 0.0
        let (countLeft, countRight) = (Double(first.count), Double(second.count))
        var last: Double?
        while i < left.count || j < right.count {
            let value = min(i < left.count ? left[i].value : .infinity, j < right.count ? right[j].value : .infinity)
            if let last { area += (value - last) * abs(sumLeft / countLeft - sumRight / countRight) }
            last = value
            while i < left.count, left[i].value == value { (sumLeft, i) = (sumLeft + left[i].weight, i + 1) }
            while j < right.count, right[j].value == value { (sumRight, j) = (sumRight + right[j].weight, j + 1) }
            greatest = max(greatest, abs(sumLeft / countLeft - sumRight / countRight))
        }
        return (greatest, area)
    }

    /// The greatest difference of the shares of a text: from 0 to 1. Texts that are counted together are one.
    public static func ofTexts(_ first: TextStatistics, _ second: TextStatistics) -> Double {
        let shares = Shares(first, second)
        return zip(shares.first, shares.second).reduce(0) { max($0, abs($1.0 - $1.1)) }
    }

    /// What is left of a distance when what chance brings is taken away: at least 0.
    ///
    /// - Source: Deequ's robust distance, whose 1.8 is what 3 of 1,000 pairs of samples from one distribution exceed.
    public static func robust(_ distance: Double, _ first: Int, _ second: Int) -> Double {
        guard first > 0, second > 0 else { return 0 }
        let (n, m) = (Double(first), Double(second))
        return max(0, distance - 1.8 * ((n + m) / (n * m)).squareRoot())
    }

    /// How likely counts of texts as these are, had nothing changed; nil where too few can be expected. Texts that the first does not have
    /// are not counted.
    ///
    /// - Source: Deequ's chi-square distance: what is expected is the first's shares; texts of few are counted together, of two so that
    ///   10 of each are expected, of more so that at most a fifth has less than 5.
    public static func chiSquaredChance(_ first: TextStatistics, _ second: TextStatistics) -> Double? {
        let (first, second) = TextStatistics.alike(first, second)
        let known = Dictionary(second.counts.map { ($0.value, Double($0.count)) }) { first, _ in first }
        var cells = first.counts.filter { $0.count > 0 }.map { (expected: Double($0.count), seen: known[$0.value] ?? 0) }
        let expectedSum = cells.reduce(0) { $0 + $1.expected }, seenSum = cells.reduce(0) { $0 + $1.seen }
        guard expectedSum > 0, seenSum > 0 else { return nil }
        for place in cells.indices { cells[place].expected *= seenSum / expectedSum }
        cells = grouped(cells)
        guard cells.count >= 2 else { return nil }
        let sum = cells.reduce(0) { $0 + ($1.seen - $1.expected) * ($1.seen - $1.expected) / $1.expected }
        return Chance.ofChiSquare(sum, freedom: Double(cells.count - 1))
    }

    private static func grouped(_ cells: [(expected: Double, seen: Double)]) -> [(expected: Double, seen: Double)] {
        func suffices(_ cells: [(expected: Double, seen: Double)]) -> Bool {
            let few = cells.count { $0.expected < (cells.count == 2 ? 10 : 5) }
            return cells.count == 2 ? few == 0 : few * 5 <= cells.count
        }
        var cells = cells.sorted { $0.expected < $1.expected }
        while cells.count >= 2, !suffices(cells) {
            let merged = (expected: cells[0].expected + cells[1].expected, seen: cells[0].seen + cells[1].seen)
            cells.removeFirst(2)
            let place = cells.firstIndex { $0.expected > merged.expected } ?? cells.count
            cells.insert(merged, at: place)
        }
        return cells
    }

    /// The population stability index: Σ (p − q) ln (p / q); shares of 0 count as 0.0001. From 0.1 on a shift is moderate, from 0.2 on large.
    public static func stabilityIndex(_ first: [Double], _ second: [Double]) -> Double {
        zip(first, second).reduce(0) { sum, pair in
            let p = pair.0 > 0 ? pair.0 : 1e-4, q = pair.1 > 0 ? pair.1 : 1e-4
            return sum + (p - q) * log(p / q)
        }
    }

    /// Jensen and Shannon's distance of shares, in nats: from 0 to √ln 2.
    public static func jensenShannon(_ first: [Double], _ second: [Double]) -> Double {
        let divergence = zip(first, second).reduce(0.0) { sum, pair in
            let middle = (pair.0 + pair.1) / 2
            func part(_ share: Double) -> Double { share > 0 ? share * log(share / middle) : 0 }
            return sum + (part(pair.0) + part(pair.1)) / 2
        }
        return max(0, divergence).squareRoot()
    }
}
