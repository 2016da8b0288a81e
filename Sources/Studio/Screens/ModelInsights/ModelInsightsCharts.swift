import Cells
import Events

/// The pictures of what a model makes of rows that it did not learn from: the same on screen and in a page.
package struct ModelInsightsCharts {
    package struct Picture {
        package var title: String
        /// What the axes count.
        package var xTitle: String
        package var chart: LineChart
    }

    package let pictures: [Picture]

    package init(_ insights: ModelInsights) {
        if let residuals = insights.residuals {
            pictures = Self.errors(residuals, insights.target)
        } else {
            pictures = Self.curves(insights.curves)
        }
    }

    private static func series(_ points: [ModelInsights.Point]) -> Series {
        Series(points.sorted { $0.x < $1.x }.map { SeriesPoint(step: $0.x, epoch: 0, time: 0, value: $0.y) })
    }

    private static func chart(_ series: [ChartSeries], x: ClosedRange<Double>?, y: ClosedRange<Double>?) -> LineChart {
        var chart = LineChart(series: series)
        (chart.drawsEveryPoint, chart.isMeasuredOnX) = (true, true)
        chart.viewport = ChartViewport(x: x, y: y)
        return chart
    }

    /// What stands for chance, or for a model that is never wrong.
    private static func reference(_ first: ModelInsights.Point, _ last: ModelInsights.Point) -> ChartSeries {
        ChartSeries(label: "", dash: .dotted, isDimmed: true, series: series([first, last]))
    }

    // MARK: - Classes

    private static func curves(_ classes: [ModelInsights.ClassCurves]) -> [Picture] {
        guard !classes.isEmpty else { return [] }
        func lines(_ points: (ModelInsights.ClassCurves) -> [ModelInsights.Point]) -> [ChartSeries] {
            classes.enumerated().map { place, one in
                let dash: Dash = place < 3 ? .solid : .dashed
                return ChartSeries(
                    label: one.name, badge: classes.count > 1 ? one.name.first : nil, color: .series(place), dash: dash,
                    series: series(points(one)))
            }
        }
        let unit = 0.0...1.0, diagonal = reference(.init(0, 0), .init(1, 1))
        let most = max(1.5, classes.flatMap(\.lift).map(\.y).max() ?? 1)
        return [
            Picture(
                title: "ROC: true over false positives", xTitle: "false positive rate",
                chart: chart(lines(\.roc) + [diagonal], x: unit, y: unit)),
            Picture(
                title: "precision over recall", xTitle: "recall", chart: chart(lines(\.precisionRecall), x: unit, y: unit)),
            Picture(
                title: "gain: share of the class found", xTitle: "share of all rows, highest scores first",
                chart: chart(lines(\.gain) + [diagonal], x: unit, y: unit)),
            Picture(
                title: "lift: times as many as by chance", xTitle: "share of all rows, highest scores first",
                chart: chart(lines(\.lift) + [reference(.init(0, 1), .init(1, 1))], x: unit, y: 0...most * 1.05)),
            Picture(
                title: "calibration: came true over probability", xTitle: "mean probability",
                chart: chart(lines(\.calibration) + [diagonal], x: unit, y: unit)),
        ]
    }

    // MARK: - Numbers

    private static func errors(_ residuals: ModelInsights.Residuals, _ target: String) -> [Picture] {
        func scatter(_ points: [ModelInsights.Point], _ color: ColorRole) -> ChartSeries {
            var series = ChartSeries(label: "rows", color: color, series: series(points))
            series.isScatter = true
            return series
        }
        let predicted = residuals.actual.map(\.x)
        let low = predicted.min() ?? 0, high = predicted.max() ?? 1
        return [
            Picture(
                title: "actual over predicted", xTitle: "predicted \(target)",
                chart: chart(
                    [scatter(residuals.actual, .series1), reference(.init(low, low), .init(high, high))], x: nil, y: nil)),
            Picture(
                title: "residual over predicted", xTitle: "predicted \(target)",
                chart: chart([scatter(residuals.points, .series2), reference(.init(low, 0), .init(high, 0))], x: nil, y: nil)),
        ]
    }
}
