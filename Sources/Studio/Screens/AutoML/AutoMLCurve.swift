import Cells
import Events

/// How an AutoML job comes on.
package enum AutoMLCurve {
    /// Candidates as points, and the average as stairs; nil while none has ended with a value.
    package static func chart(_ standing: AutoMLStanding) -> LineChart? {
        let ended = standing.candidates.filter { $0.value != nil && $0.outcome == .completed }
        guard !ended.isEmpty else { return nil }
        func point(_ candidate: AutoMLCandidate, _ value: Double) -> SeriesPoint {
            SeriesPoint(step: Double(candidate.number + 1), epoch: 0, time: 0, value: value)
        }
        var stairs: [SeriesPoint] = []
        for candidate in ended {
            guard let value = candidate.ensembleValue else { continue }
            if let last = stairs.last { stairs.append(point(candidate, last.value)) }
            stairs.append(point(candidate, value))
        }
        var points = ChartSeries(
            label: "candidate", color: .series2, isSecondary: true,
            series: Series(ended.compactMap { one in one.value.map { point(one, $0) } }))
        points.isScatter = true
        let line = ChartSeries(label: "average", color: .good, isFocused: true, series: Series(stairs))
        var chart = LineChart(series: [line, points].filter { !$0.series.isEmpty })
        chart.drawsEveryPoint = true
        return chart
    }
}
