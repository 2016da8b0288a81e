/// How good predictions are over both groups.
public enum QualityMetric: String, Sendable, Hashable, CaseIterable {
    case accuracy, precision, recall, f1
}

extension BiasCells {
    /// Each metric that is defined, of positive predictions.
    func quality() -> [QualityMetric: Double] {
        let groups = [group(isFacet: true), group(isFacet: false)]
        func sum(_ part: (GroupCounts) -> Double) -> Double { part(groups[0]) + part(groups[1]) }
        let right = sum(\.truePositives), rows = sum(\.rows), predicted = sum(\.predictedPositives), positives = sum(\.positives)
        var found: [QualityMetric: Double] = [:]
        if rows > 0 { found[.accuracy] = (right + sum(\.trueNegatives)) / rows }
        if predicted > 0 { found[.precision] = right / predicted }
        if positives > 0 { found[.recall] = right / positives }
        if predicted + positives > 0 { found[.f1] = 2 * right / (predicted + positives) }
        return found
    }
}
