import Cells
import Events

/// How a search comes on.
package enum TuningCurve {
    /// The best so far over trials; nil while none has ended with a value.
    package static func chart(_ record: TuningRecord, _ trials: [TuningTrial]) -> LineChart? {
        let ended = trials.filter { $0.outcome != nil && $0.value != nil }
        guard !ended.isEmpty else { return nil }
        var chart = LineChart(series: series(record, ended.map { ($0, Double($0.number + 1)) }, isTime: false))
        chart.drawsEveryPoint = true
        return chart
    }

    /// Trials as points, and the best of those before each as stairs.
    ///
    /// - Parameters:
    ///   - trials: with their places on the x axis.
    ///   - isTime: whether those are seconds since 1970.
    static func series(
        _ record: TuningRecord, _ trials: [(trial: TuningTrial, x: Double)], isTime: Bool
    ) -> [ChartSeries] {
        var stairs: [SeriesPoint] = [], completed: [SeriesPoint] = [], others: [SeriesPoint] = []
        func point(_ x: Double, _ value: Double) -> SeriesPoint {
            SeriesPoint(step: isTime ? 0 : x, epoch: 0, time: isTime ? x : 0, value: value)
        }
        var best: Double?
        for (trial, x) in trials {
            guard let value = trial.value else { continue }
            if trial.outcome == .completed { completed.append(point(x, value)) } else { others.append(point(x, value)) }
            guard trial.outcome == .completed, record.objective.isBetter(value, than: best ?? .nan) else {
                if let best { stairs.append(point(x, best)) }
                continue
            }
            if let best { stairs.append(point(x, best)) }
            stairs.append(point(x, value))
            best = value
        }
        var points = ChartSeries(label: "trial", color: .series2, isSecondary: true, series: Series(completed))
        points.isScatter = true
        var early = ChartSeries(label: "ended early", color: .muted, isDimmed: true, series: Series(others))
        early.isScatter = true
        let line = ChartSeries(label: "best", color: .good, isFocused: true, series: Series(stairs))
        return [line, points, early].filter { !$0.series.isEmpty }
    }
}
