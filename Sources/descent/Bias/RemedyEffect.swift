import Fairness

/// Bias and quality of the same held-out rows before a remedy and after it.
struct RemedyEffect {
    var before: FacetReport, after: FacetReport

    typealias Side = (value: Double?, interval: ClosedRange<Double>?)

    /// A value with its interval before and after.
    struct Line {
        var name: String
        var before: Side, after: Side
        /// What it is without bias; nil for a measure of quality.
        var neutral: Double?
    }

    /// Quality first, then each metric of predictions.
    var lines: [Line] {
        let quality = QualityMetric.allCases.map { metric in
            Line(
                name: metric.rawValue, before: (before.quality[metric], before.qualityIntervals[metric]),
                after: (after.quality[metric], after.qualityIntervals[metric]), neutral: nil)
        }
        let bias = BiasMetric.allCases.filter { before.metrics[$0]?.number != nil || after.metrics[$0]?.number != nil }.map {
            metric in
            Line(
                name: metric.rawValue, before: (before.metrics[metric]?.number, before.intervals[metric]),
                after: (after.metrics[metric]?.number, after.intervals[metric]), neutral: metric.neutral)
        }
        return quality + bias
    }
}
