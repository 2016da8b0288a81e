import CheckedNumbers

extension LineChart {
    /// What every curve says at the cursor; at its end if there is no cursor, or it has no place on this axis.
    public func readout() -> [ChartReadout] {
        series.compactMap { curve in
            let cursor = curve.series.knows(xAxis) ? cursor : nil
            let index = cursor.map { curve.series.nearestIndex(to: $0, on: xAxis) } ?? curve.series.count - 1
            guard let index, index >= 0 else { return nil }
            let smoothed = smoothing > 0 ? smoothed(curve.series, at: index) : nil
            let x = curve.series.x(at: index, on: xAxis)
            let isBeyond = index == curve.series.count - 1 && cursor.map { $0 > x } ?? false
            return ChartReadout(
                label: curve.label, badge: curve.badge, color: curve.color, x: x, value: curve.series[index].value,
                smoothed: smoothed, end: isBeyond ? x : nil)
        }
    }

    /// A curve's value as smoothed; as recorded where smoothing is off.
    func smoothed(_ series: Series, at index: Int) -> Double {
        series.smoothedValue(at: index, weight: smoothing, along: smoothsByDistance ? xAxis : nil)
    }

    /// Says where a band's edge lies at an x: smoothed as its curve is, so that the two stay together.
    func edge(_ series: Series) -> (_ x: Double) -> Double? {
        let smoothed = series.smoothed(weight: smoothing, along: smoothsByDistance ? xAxis : nil, error: 1e-9)
        return { x in series.value(atX: x, on: xAxis) { smoothed?.value(at: $0) ?? series.raw.values[$0] } }
    }

    /// How many recorded values the chart cannot place: NaN and infinities, and on a logarithmic axis those not above zero.
    public var gaps: (nonFinite: Int, nonPositive: Int) {
        (
            series.reduce(0) { $0 + $1.series.nonFiniteCount },
            yScale == .log ? series.reduce(0) { $0 + $1.series.nonPositiveCount } : 0
        )
    }

    /// An x of the current axis as a readout writes it: `1,234`, `2.50`, `1m 23s`, `14:02:11`.
    public func xText(_ x: Double) -> String {
        if isMeasuredOnX { return NumberFormat.significant(x, digits: 3) }
        return switch xAxis {
        case .step, .examples: abs(x) < 1e15 ? NumberFormat.grouped(Int(nearestWithin: x)) : NumberFormat.compact(x)
        case .epoch: NumberFormat.fixed(x, decimals: 2)
        case .relativeTime: NumberFormat.duration(x)
        case .wallTime: NumberFormat.clock(x, utcOffsetSeconds: utcOffsetSeconds)
        }
    }
}
