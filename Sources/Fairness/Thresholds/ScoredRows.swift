/// Rows with the score that a model gives them, the more the likelier positive, and what bias and quality come to at thresholds of it.
public struct ScoredRows: Sendable, Hashable {
    /// - Shape: all [rows].
    public var scores: [Double], labels: [Bool], facet: [Bool]

    /// - Shape: all [rows].
    public init(scores: [Double], labels: [Bool], facet: [Bool]) {
        precondition(
            scores.count == labels.count && labels.count == facet.count,
            "\(scores.count) scores, \(labels.count) labels and \(facet.count) facets")
        (self.scores, self.labels, self.facet) = (scores, labels, facet)
    }

    /// What a threshold brings.
    public struct Trade: Sendable, Hashable {
        /// Rows with this score or a higher one are predicted positive.
        public var threshold: Double
        /// The part of the rows that are predicted right.
        public var accuracy: Double
        /// Difference of positive predictions (others less facet), and the facet's part beside that of the others.
        public var difference: Double, impact: Double
    }

    /// The trade at equally spaced thresholds from the lowest score to the highest; empty where all scores are one.
    ///
    /// - Complexity: rows × log(rows).
    public func trades(_ count: Int = 101) -> [Trade] {
        let known = scores.filter(\.isFinite)
        guard let low = known.min(), let high = known.max(), low < high, count > 1 else { return [] }
        return trades(at: (0..<count).map { low + (high - low) * Double($0) / Double(count - 1) })
    }

    /// The trade at given thresholds.
    public func trades(at thresholds: [Double]) -> [Trade] {
        let groups = [false, true].map { isFacet in Group(self, isFacet: isFacet) }
        return thresholds.map { threshold in
            let (others, own) = (groups[0].counts(from: threshold), groups[1].counts(from: threshold))
            let rates = [others, own].map { $0.rows > 0 ? $0.predictedPositives / $0.rows : 0 }
            let right = own.truePositives + own.trueNegatives + others.truePositives + others.trueNegatives
            return Trade(
                threshold: threshold, accuracy: right / max(1, own.rows + others.rows), difference: rates[0] - rates[1],
                impact: rates[0] > 0 ? rates[1] / rates[0] : rates[1] > 0 ? .infinity : 0)
        }
    }

    /// One group's scores, ascending, and how many labels below each place are positive.
    struct Group {
        let scores: [Double]
        let positivesBefore: [Int]

        init(_ rows: ScoredRows, isFacet: Bool) {
            let own = rows.scores.indices.filter { rows.facet[$0] == isFacet && !rows.scores[$0].isNaN }
                .sorted { (rows.scores[$0], $0) < (rows.scores[$1], $1) }
            scores = own.map { rows.scores[$0] }
            var sums = [0]
            for row in own { sums.append(sums[sums.count - 1] + (rows.labels[row] ? 1 : 0)) }
            positivesBefore = sums
        }

        func counts(from threshold: Double) -> GroupCounts {
            var low = 0, high = scores.count
            while low < high {
                let middle = (low + high) / 2
                if scores[middle] >= threshold { high = middle } else { low = middle + 1 }
            }
            let positives = positivesBefore[scores.count], missed = positivesBefore[low]
            return GroupCounts(
                truePositives: Double(positives - missed), falsePositives: Double(scores.count - low - positives + missed),
                falseNegatives: Double(missed), trueNegatives: Double(low - missed))
        }
    }
}
