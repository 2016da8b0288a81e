/// How far values differ within groups and how far the groups' means differ, by the moments of a one-way analysis of variance.
///
/// - Source: Searle, Casella and McCulloch, "Variance components" (1992), section 3.6: groups of unequal size.
public struct GroupVariances: Sendable, Hashable {
    /// Variance of a value about its group's mean, and of groups' means about each other; below 0 where they differ less than chance.
    public let within: Double, between: Double
    /// What all weights are multiplied by to be 1 on average.
    public let unit: Double

    /// From sums over groups; nil when nothing can be told: no group has two rows, or there is but one.
    ///
    /// - Parameters:
    ///   - weights, sums: each group's weights, and its values times their weights.
    ///   - squares: all values squared times their weights.
    ///   - rowCount: rows summed.
    /// - Shape: weights and sums have one number a group.
    public init?(weights: [Double], sums: [Double], squares: Double, rowCount: Int) {
        precondition(weights.count == sums.count, "\(weights.count) weights and \(sums.count) sums of groups")
        let present = weights.indices.filter { weights[$0] > 0 }, freedom = Double(rowCount - present.count)
        let all = weights.reduce(0, +)
        guard freedom > 0, present.count > 1, all > 0 else { return nil }
        unit = Double(rowCount) / all
        let explained = present.reduce(0) { $0 + sums[$1] * sums[$1] / weights[$1] }
        within = unit * (squares - explained) / freedom
        let total = sums.reduce(0, +)
        let spread = unit * (explained - total * total / all) / Double(present.count - 1)
        let size = present.reduce(0) { $0 + weights[$1] * weights[$1] } / all
        between = (spread - within) / (unit * (all - size) / Double(present.count - 1))
        guard within.isFinite, between.isFinite else { return nil }
    }

    /// How many rows the mean of all groups should count for in the mean of one: the variance within over that between, which is
    /// best for normal values (empirical Bayes).
    public func smoothing(in range: ClosedRange<Double>) -> Double {
        let ratio = between > 0 ? max(0, within) / between : range.upperBound
        return min(max(ratio, range.lowerBound), range.upperBound)
    }
}

/// Values summed by group, each row in one.
public struct GroupSums: Sendable {
    /// Each group's weights, and its values times their weights.
    public let weights: [Double], sums: [Double]
    private let squares: Double, rowCount: Int

    /// - Parameters:
    ///   - codes: each row's group, from 0 to below `count`.
    ///   - rowWeights: how much each row counts; nil = all 1.
    public init(_ codes: [Int], count: Int, weights rowWeights: [Float]?, value: (Int) -> Double) {
        var weights = [Double](repeating: 0, count: count), sums = weights, squares = 0.0
        for (row, code) in codes.enumerated() {
            let weight = rowWeights.map { Double($0[row]) } ?? 1, own = value(row)
            weights[code] += weight
            sums[code] += weight * own
            squares += weight * own * own
        }
        (self.weights, self.sums, self.squares, rowCount) = (weights, sums, squares, codes.count)
    }

    /// The mean of all; NaN of nothing.
    public var mean: Double { sums.reduce(0, +) / weights.reduce(0, +) }

    /// How far they differ within groups and between them; nil when nothing can be told.
    public var variances: GroupVariances? {
        GroupVariances(weights: weights, sums: sums, squares: squares, rowCount: rowCount)
    }
}
