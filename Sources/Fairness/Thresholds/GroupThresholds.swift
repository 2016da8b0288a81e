import CheckedNumbers

/// A threshold of its own for a facet's rows and one for all others, by which both have the same part of positive predictions.
///
/// Who predicts with them has to know which group a row belongs to.
public struct GroupThresholds: Sendable, Hashable {
    /// Rows with this score or a higher one are predicted positive.
    public var own: Double, others: Double

    /// Parts of positive predictions that are tried, and how far the groups' may lie apart.
    private static let rateCount = 200, tolerance = 0.01

    /// Of the pairs that give both groups the same part of positive predictions, none and all left out, the one that is right most often.
    ///
    /// Where many rows share a score the parts may not come as near as a hundredth; then the pair is taken that comes nearest.
    ///
    /// - Returns: nil where one of the groups has no row.
    /// - Source: Hardt, Price and Srebro (2016), section 3.2, for demographic parity and without randomness.
    public init?(choosingOn rows: ScoredRows) {
        let own = ScoredRows.Group(rows, isFacet: true), others = ScoredRows.Group(rows, isFacet: false)
        guard !own.scores.isEmpty, !others.scores.isEmpty else { return nil }
        typealias Choice = (thresholds: (Double, Double), gap: Double, right: Double)
        let choices = (1..<Self.rateCount).map { place -> Choice in
            let rate = Double(place) / Double(Self.rateCount)
            let pair = (own.threshold(ofRate: rate), others.threshold(ofRate: rate))
            let first = own.counts(from: pair.0), second = others.counts(from: pair.1)
            let gap = (first.predictedPositives / first.rows - second.predictedPositives / second.rows).magnitude
            return (
                pair, gap, first.truePositives + first.trueNegatives + second.truePositives + second.trueNegatives
            )
        }
        let near = choices.filter { $0.gap <= Self.tolerance }
        let best = near.max { $0.right < $1.right } ?? choices.min { ($0.gap, -$0.right) < ($1.gap, -$1.right) }
        guard let best else { return nil }
        (self.own, self.others) = best.thresholds
    }

    /// Whether a row is predicted positive.
    public func predicts(_ score: Double, isFacet: Bool) -> Bool { score >= (isFacet ? own : others) }
}

extension ScoredRows.Group {
    /// The score from which on so large a part of the rows lies, as nearly as may be.
    fileprivate func threshold(ofRate rate: Double) -> Double {
        let place = scores.count - Int(nearestWithin: rate * Double(scores.count))
        return place < scores.count ? scores[place] : scores[scores.count - 1].nextUp
    }
}
