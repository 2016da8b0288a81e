import Cells
import Events

/// One metric of several runs over each other, as a figure of a report.
struct MetricFigure {
    /// One run's curve.
    struct Curve {
        var style: RunStyle
        var name: String
        var points: [MetricPoint]
        var bestStep: Int?
        var changes: [HyperparameterChange] = []
        var alerts: [Alert] = []
    }

    private let metric: MetricName
    private let chart: LineChart

    /// Points from which on a curve is noise that its moving average is drawn over.
    private static let fewest = 300

    /// - Parameter isObjective: whether the best steps and the alerts are about this metric.
    /// - Returns: nil when there is no finite point to draw.
    init?(_ metric: MetricName, isObjective: Bool, curves: [Curve]) {
        let finite = curves.flatMap(\.points).map(\.value).filter(\.isFinite)
        guard let low = finite.min(), let high = finite.max() else { return nil }
        self.metric = metric
        var chart = LineChart(
            series: curves.map { curve in
                let style = curve.style
                return ChartSeries(
                    label: curve.name, badge: style.letter.count == 1 ? style.letter.first : nil, color: style.role,
                    dash: style.dash, series: Series(recorded: curve.points))
            })
        if low > 0, high / low > 50 { chart.yScale = .log }
        if curves.contains(where: { $0.points.count > Self.fewest }) { chart.smoothing = 0.9 }
        // What a run costs is sampled by the clock, several times in a long step.
        if metric.isSystem {
            chart.xAxis = .relativeTime
        } else {
            chart.marks = curves.flatMap { Self.marks(of: $0, isObjective: isObjective) }
        }
        self.chart = chart
    }

    private static func marks(of curve: Curve, isObjective: Bool) -> [ChartMark] {
        let style = curve.style
        func value(_ step: Int) -> Double? {
            curve.points.last { $0.step <= step }.map(\.value).flatMap { $0.isFinite ? $0 : nil }
        }
        let changes = curve.changes.compactMap { change in
            change.step.map { ChartMark(x: Double($0), scalar: "┆", role: style.role, label: change.text, kind: .line) }
        }
        let alerts = (isObjective ? curve.alerts : []).map { alert in
            ChartMark(
                x: Double(alert.step), scalar: "▲", role: .bad, label: "\(style.letter) \(alert.rule)",
                kind: .point(y: value(alert.step)))
        }
        let best = curve.bestStep.flatMap { step in
            value(step).map {
                ChartMark(
                    x: Double(step), scalar: "◆", role: style.role, label: isObjective ? "best \(style.letter)" : "",
                    kind: .point(y: $0))
            }
        }
        return changes + alerts + [best].compactMap { $0 }
    }

    /// The figure as an element of a page.
    /// - Parameter place: its name, unique in the page.
    func html(place: String) -> String {
        let image = chart.svg(
            title: metric.text, width: 900, height: 380, xTitle: metric.isSystem ? "elapsed" : "step", theme: .descentLight,
            embeddedAs: place)
        return "<figure>\n\(image)</figure>\n"
    }
}
