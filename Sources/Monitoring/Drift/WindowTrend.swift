import Glibc

/// What is kept of a column of a window, for many windows to be looked at together.
public struct WindowMoments: Sendable, Hashable {
    public var mean: Double, deviation: Double
    public var count: Int

    public init(mean: Double, deviation: Double, count: Int) {
        (self.mean, self.deviation, self.count) = (mean, deviation, count)
    }
}

/// A column whose mean rises or falls from window to window, each too little to be seen by itself.
public struct WindowTrend: Sendable, Hashable {
    public var feature: String
    /// The mean of the first third of the windows, and of the last.
    public var first: Double, last: Double
    public var windowCount: Int
    /// How likely chance alone is to bring the last third so far from the baseline.
    public var chance: Double

    /// Fewer windows show no trend; more are not looked at.
    public static let fewest = 10, most = 24
    /// A change of the mean below so much of the baseline's standard deviation is not told, however sure it is.
    private static let leastChange = 0.1
    /// How likely chance may be to bring windows into such an order: what stays where it is does not move.
    private static let mostOrder = 0.05

    /// The columns that move slowly, the surest first: the last third of the windows together lies elsewhere than the baseline, and the windows are in order.
    ///
    /// - Parameters:
    ///   - windows: by column, the oldest first.
    ///   - falseAlarms: of how many comparisons in 1 chance may bring one.
    /// - Source: Welch's statistic for the place; for the order Mann (1945) and Kendall: the number of pairs of windows in order, with its normal limit
    ///   and a correction for continuity.
    public static func find(
        _ windows: [[String: WindowMoments]], baseline: DatasetStatistics, falseAlarms: Double
    ) -> [WindowTrend] {
        let windows = Array(windows.suffix(most)), features = baseline.features.filter { ($0.numbers?.deviation ?? 0) > 0 }
        guard windows.count >= fewest, !features.isEmpty else { return [] }
        let limit = falseAlarms / Double(features.count)
        return features.compactMap { feature -> WindowTrend? in
            let known = windows.compactMap { $0[feature.name] }.filter { $0.count > 0 }
            guard known.count >= fewest, let before = feature.numbers, chance(known.map(\.mean)) < mostOrder else { return nil }
            let first = pooled(known.prefix(known.count / 3)), last = pooled(known.suffix(known.count / 3))
            guard abs(last.mean - first.mean) >= leastChange * before.deviation else { return nil }
            let chance = Chance.ofMeans(
                (before.mean, last.mean), (before.deviation, last.deviation), (Double(feature.present), Double(last.count)))
            guard chance < limit else { return nil }
            return WindowTrend(
                feature: feature.name, first: first.mean, last: last.mean, windowCount: known.count, chance: chance)
        }.sorted { ($0.chance, $0.feature) < ($1.chance, $1.feature) }
    }

    private static func pooled(_ windows: ArraySlice<WindowMoments>) -> WindowMoments {
        let count = windows.reduce(0) { $0 + $1.count }, rows = Double(max(1, count))
        let mean = windows.reduce(0) { $0 + $1.mean * Double($1.count) } / rows
        let squares = windows.reduce(0) { sum, one in
            sum + Double(one.count) * (one.deviation * one.deviation + (one.mean - mean) * (one.mean - mean))
        }
        return WindowMoments(mean: mean, deviation: (squares / rows).squareRoot(), count: count)
    }

    /// How likely values are to be so much in order by chance alone.
    static func chance(_ values: [Double]) -> Double {
        var score = 0
        for later in values.indices {
            for earlier in 0..<later { score += values[later] > values[earlier] ? 1 : values[later] < values[earlier] ? -1 : 0 }
        }
        let count = Double(values.count)
        let variance = count * (count - 1) * (2 * count + 5) / 18
        return variance > 0 ? erfc(max(0, Double(abs(score) - 1)) / (2 * variance).squareRoot()) : 1
    }
}
