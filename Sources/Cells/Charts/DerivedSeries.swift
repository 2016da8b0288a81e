/// One curve less another at the first one's points, such as validation less training. Grows as they grow.
public struct DifferenceSeries: Sendable {
    public private(set) var series = Series()

    public init() {}

    /// Takes in the points that came since; where `other` has not come yet nothing is added. What is taken off is the mean of
    /// `other` since the point before (its noise from step to step would hide the difference), or what a straight line says
    /// where it has no point there.
    public mutating func update(_ curve: Series, minus other: Series) {
        guard let end = other.last?.step else { return }
        var index =
            series.last.map { last in curve.indices(of: -.greatestFiniteMagnitude...last.step, on: .step).upperBound } ?? 0
        while index < curve.count, curve[index].step <= end {
            var point = curve[index]
            let previous = index > 0 ? curve[index - 1].step : -.greatestFiniteMagnitude
            if let base = Self.mean(of: other, after: previous, upTo: point.step) ?? other.value(atX: point.step, on: .step) {
                point.value -= base
                series.append(point)
            }
            index += 1
        }
    }
}

extension DifferenceSeries {
    private static func mean(of series: Series, after start: Double, upTo end: Double) -> Double? {
        let indices = series.indices(of: start.nextUp...end, on: .step)
        guard !indices.isEmpty else { return nil }
        return indices.reduce(0) { $0 + series[$1].value } / Double(indices.count)
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
    /// - Parameter curves: each with whether it ended. The same ones in the same order with every call.
    /// - Range: the standard deviation is that of a sample, over n - 1.
    public mutating func update(_ curves: [(series: Series, isEnded: Bool)]) {
        while lead < curves.count, advance(curves) {
            // The curve that led ended: one that goes on leads.
            let end = mean.last?.step ?? -.infinity
            guard let next = curves.indices.first(where: { (curves[$0].series.last?.step ?? -.infinity) > end }), next != lead
            else { return }
            lead = next
        }
    }

    /// - Returns: whether the leading curve ended and all of it is taken in.
    private mutating func advance(_ curves: [(series: Series, isEnded: Bool)]) -> Bool {
        let steps = curves[lead].series
        var index = mean.last.map { last in steps.indices(of: -.greatestFiniteMagnitude...last.step, on: .step).upperBound } ?? 0
        while index < steps.count {
            var point = steps[index]
            var values: [Double] = []
            for curve in curves {
                guard let first = curve.series.first?.step, let last = curve.series.last?.step else {
                    if curve.isEnded { continue } else { return false }
                }
                if point.step > last, !curve.isEnded { return false }
                if first <= point.step, point.step <= last {
                    values.append(curve.series.value(atX: point.step, on: .step) ?? .nan)
                }
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
        return curves[lead].isEnded
    }
}
