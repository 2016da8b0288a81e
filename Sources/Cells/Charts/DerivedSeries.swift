/// One curve less another at the first one's points, such as validation less training. Grows as they grow.
public struct DifferenceSeries: Sendable {
    public private(set) var series = Series()
    /// Values that are looked at until a place among a million is found.
    private static let searchCost = 20

    public init() {}

    /// Takes in the points that came since; where `other` has not come yet nothing is added. What is taken off is the mean of
    /// `other` since the point before (its noise from step to step would hide the difference), or what a straight line says
    /// where it has no point there.
    /// - Parameter budget: values to look at; what was looked at is taken off. Once it is used up there may be more to take in.
    public mutating func update(_ curve: Series, minus other: Series, budget: inout Int) {
        guard let end = other.last?.step else { return }
        var index =
            series.last.map { last in curve.indices(of: -.greatestFiniteMagnitude...last.step, on: .step).upperBound } ?? 0
        while index < curve.count, curve[index].step <= end, budget > 0 {
            var point = curve[index]
            let previous = index > 0 ? curve[index - 1].step : -.greatestFiniteMagnitude
            let since = other.indices(of: previous.nextUp...point.step, on: .step)
            budget -= since.count + Self.searchCost
            let mean = since.isEmpty ? nil : since.reduce(0) { $0 + other.raw.values[$1] } / Double(since.count)
            if let base = mean ?? other.value(atX: point.step, on: .step) {
                point.value -= base
                series.append(point)
            }
            index += 1
        }
    }
}

/// The mean of several curves at every step, with the band of a standard deviation on each side. Grows as they grow.
public struct MeanSeries: Sendable {
    public private(set) var mean = Series()
    public private(set) var band = ChartBand(lower: Series(), upper: Series())
    /// The curve whose steps are taken.
    private var lead = 0

    public init() {}

    /// Takes in the steps that all curves have reached. One that ended counts up to its end; a value that is not finite makes
    /// the mean NaN, so that a seed that diverged is not left out unseen.
    /// - Parameters:
    ///   - curves: each with whether it ended. The same ones in the same order with every call.
    ///   - budget: values to look at; what was looked at is taken off. Once it is used up there may be more to take in.
    /// - Range: the standard deviation is that of a sample, over n - 1.
    public mutating func update(_ curves: [(series: Series, isEnded: Bool)], budget: inout Int) {
        var sources = curves.map { Source($0.series, isEnded: $0.isEnded) }
        while lead < sources.count, advance(&sources, &budget) {
            // The curve that led ended: one that goes on leads.
            let end = mean.last?.step ?? -.infinity
            guard let next = sources.firstIndex(where: { $0.last > end }), next != lead else { return }
            lead = next
        }
    }

    /// - Returns: whether the leading curve ended and all of it is taken in.
    private mutating func advance(_ sources: inout [Source], _ budget: inout Int) -> Bool {
        let steps = sources[lead].series
        var index = mean.last.map { last in steps.indices(of: -.greatestFiniteMagnitude...last.step, on: .step).upperBound } ?? 0
        if mean.isEmpty {
            // At once: twelve lists of a million that grow when one value is added take longer than a frame.
            mean.reserveCapacity(steps.count)
            band.lower.reserveCapacity(steps.count)
            band.upper.reserveCapacity(steps.count)
        }
        var values: [Double] = []
        while index < steps.count {
            guard budget > 0 else { return false }
            budget -= sources.count
            var point = steps[index]
            values.removeAll(keepingCapacity: true)
            for source in sources.indices {
                if point.step > sources[source].last, !sources[source].isEnded { return false }
                if let value = sources[source].value(at: point.step) { values.append(value) }
            }
            let count = Double(values.count)
            let centre = values.reduce(0, +) / count
            let squares = values.reduce(0) { $0 + ($1 - centre) * ($1 - centre) }
            let spread = values.count > 1 ? (squares / (count - 1)).squareRoot() : 0
            point.value = centre
            mean.append(point)
            point.value = centre - spread
            band.lower.append(point)
            point.value = centre + spread
            band.upper.append(point)
            index += 1
        }
        return sources[lead].isEnded
    }

    /// A curve that is taken in, and how far its values were looked at.
    private struct Source {
        let series: Series
        let isEnded: Bool
        /// Its first and last step; none lies between them while it is empty.
        let first: Double
        let last: Double
        private var index = 0

        init(_ series: Series, isEnded: Bool) {
            self.series = series
            self.isEnded = isEnded
            first = series.first?.step ?? .infinity
            last = series.last?.step ?? -.infinity
        }

        /// The value at a step; nil where the curve does not reach.
        mutating func value(at step: Double) -> Double? {
            first <= step && step <= last ? series.value(atStep: step, from: &index) ?? .nan : nil
        }
    }
}
