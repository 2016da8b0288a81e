/// Rows counted by what metrics of bias know of them. All metrics follow from the counts.
public struct BiasCells: Sendable, Hashable {
    public struct Cell: Sendable, Hashable {
        /// Whether the row belongs to the facet.
        public var isFacet: Bool
        /// Whether its label, and its prediction, is a positive one; no prediction = false.
        public var label: Bool, predicted: Bool
        /// Its stratum; 0 where there are none.
        public var group: Int
        /// Of rows of the facet: 1 where it is denied what its neighbours outside of the facet are granted, -1 the other way, else 0.
        public var flip: Int

        public init(isFacet: Bool, label: Bool, predicted: Bool = false, group: Int = 0, flip: Int = 0) {
            (self.isFacet, self.label, self.predicted) = (isFacet, label, predicted)
            (self.group, self.flip) = (group, flip)
        }
    }

    /// Rows in each cell; draws of an interval may have weights between.
    public var counts: [Cell: Double]
    public var hasPredictions: Bool, hasGroups: Bool, hasFlips: Bool

    /// - Shape: all [rows], where given.
    public init(facet: [Bool], labels: [Bool], predicted: [Bool]? = nil, groups: [Int]? = nil, flips: [Int]? = nil) {
        precondition(labels.count == facet.count, "\(labels.count) labels of \(facet.count) rows")
        (hasPredictions, hasGroups, hasFlips) = (predicted != nil, groups != nil, flips != nil)
        var counts: [Cell: Double] = [:]
        for row in facet.indices {
            let cell = Cell(
                isFacet: facet[row], label: labels[row], predicted: predicted?[row] ?? false, group: groups?[row] ?? 0,
                flip: flips?[row] ?? 0)
            counts[cell, default: 0] += 1
        }
        self.counts = counts
    }

    func count(where matches: (Cell) -> Bool) -> Double { counts.reduce(0) { $0 + (matches($1.key) ? $1.value : 0) } }

    public var rowCount: Double { count { _ in true } }
}

/// Rows of one group, by label and prediction.
public struct GroupCounts: Sendable, Hashable {
    public var truePositives = 0.0, falsePositives = 0.0, falseNegatives = 0.0, trueNegatives = 0.0

    public var rows: Double { truePositives + falsePositives + falseNegatives + trueNegatives }
    public var positives: Double { truePositives + falseNegatives }
    public var negatives: Double { falsePositives + trueNegatives }
    public var predictedPositives: Double { truePositives + falsePositives }
    public var predictedNegatives: Double { falseNegatives + trueNegatives }
}

extension BiasCells {
    /// The rows of the facet, or all others.
    public func group(isFacet: Bool) -> GroupCounts {
        var group = GroupCounts()
        for (cell, count) in counts where cell.isFacet == isFacet {
            switch (cell.label, cell.predicted) {
            case (true, true): group.truePositives += count
            case (false, true): group.falsePositives += count
            case (true, false): group.falseNegatives += count
            case (false, false): group.trueNegatives += count
            }
        }
        return group
    }
}
