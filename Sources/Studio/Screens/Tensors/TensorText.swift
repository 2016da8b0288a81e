import Cells
import Events

/// What the page of a tensor says.
struct TensorText {
    let page: TensorPage
    let points: [TensorPoint]
    let state: AppState
    let width: Int

    private static let mostRows = 21, chartHeight = 9

    var document: Document {
        guard let place = page.place else { return Document([TextLine("This tensor was not captured.", .muted)]) }
        var text = Document()
        let point = points[place], heat = self.heat
        text.head = head(point, place)
        text.add("Histogram", [.text(heat.lines(cursor: place, state: state)), .text(steps(heat))])
        text.add("Over time", charts)
        return text
    }

    /// As many rows as leave room for what stands around them.
    private var heat: TensorHeat {
        let room = StudioLayout.interior(page.place(on: state.size)).height - 12
        return TensorHeat(points, in: page.range, width: max(4, width - 16), height: min(Self.mostRows, max(5, room)))
    }

    private func head(_ point: TensorPoint, _ place: Int) -> [TextLine] {
        let tensor = point.summary
        let shape =
            tensor.shape.isEmpty ? NumberFormat.grouped(tensor.count) : tensor.shape.map(String.init).joined(separator: "×")
        let isSampled = tensor.sampled < tensor.count
        var first = TextLine(tensor.collection.rawValue, .accent).adding("  \(shape)", .muted)
        if isSampled { first.add("  summed up from \(NumberFormat.grouped(tensor.sampled)) of them", .muted) }
        let step = "step \(NumberFormat.grouped(point.step))"
        let count =
            "\(page.mode == .eval ? "evaluation" : "captured step") \(NumberFormat.grouped(place + 1)) of \(NumberFormat.grouped(points.count))"
        let where_ = TextLine(step, .title, .bold).adding("   \(count)", .muted)
            .adding(page.window == nil ? "" : "   zoomed", .warning)
        return [first, where_] + TextLine.flow(values(tensor), width: max(8, width - 2)) + [TextLine()]
    }

    private func values(_ tensor: TensorSummary) -> [(label: String, value: String)] {
        let number = { (value: Double?) in value.map { NumberFormat.significant($0, digits: 4) } ?? "none" }
        var pairs = [
            ("mean", number(tensor.mean)), ("sd", number(tensor.standardDeviation)), ("min", number(tensor.minimum)),
            ("5 %", number(tensor.quantile(0.05))), ("median", number(tensor.quantile(0.5))),
            ("95 %", number(tensor.quantile(0.95))), ("max", number(tensor.maximum)), ("l1", number(tensor.l1)),
            ("l2", number(tensor.l2)), ("zeros", NumberFormat.percent(tensor.shareOfZeros, decimals: 1)),
        ]
        if tensor.nans > 0 { pairs.append(("NaN", NumberFormat.grouped(tensor.nans))) }
        if tensor.infinities > 0 { pairs.append(("Inf", NumberFormat.grouped(tensor.infinities))) }
        if let ratio = tensor.updateRatio { pairs.append(("update/weight", number(ratio))) }
        if let units = tensor.units {
            pairs.append(("inactive units", "\(units.inactive) of \(units.count)"))
            pairs.append(("saturated", "\(units.saturated)"))
        }
        return pairs.map { (label: $0.0, value: $0.1) }
    }

    /// The first and the last step under the columns.
    private func steps(_ heat: TensorHeat) -> [TextLine] {
        guard let first = heat.columns.first, let last = heat.columns.last else { return [] }
        let words =
            "steps \(NumberFormat.grouped(points[first].step)) to \(NumberFormat.grouped(points[last].step)), full where many values are"
        return [TextLine(words, .muted, indent: 2), TextLine()]
    }

    // MARK: - Curves

    private var charts: [Document.Block] {
        let shown = points[page.range]
        func series(_ value: (TensorSummary) -> Double?) -> Series {
            Series(
                shown.compactMap { point in
                    value(point.summary).map { SeriesPoint(step: Double(point.step), epoch: point.epoch, time: 0, value: $0) }
                })
        }
        var charts: [(String, [(String, Series)])] = [
            ("values", [("mean", series(\.mean)), ("min", series(\.minimum)), ("max", series(\.maximum))]),
            ("size", [("l2", series(\.l2))]),
        ]
        let ratio = series(\.updateRatio), inactive = series(\.shareOfInactiveUnits)
        if !ratio.isEmpty { charts.append(("update over weight", [("ratio", ratio)])) }
        if !inactive.isEmpty {
            charts.append(("units", [("inactive", inactive), ("saturated", series(\.shareOfSaturatedUnits))]))
        }
        let columns = width >= 110 ? 2 : 1, tile = (width - 2) / columns
        let placed = charts.enumerated().map { place, chart in
            let rect = Rect(
                x: place % columns * tile, y: place / columns * Self.chartHeight, width: tile - (columns > 1 ? 1 : 0),
                height: Self.chartHeight - 1)
            return self.chart(chart.0, chart.1, in: rect)
        }
        return [.charts(placed, height: (charts.count + columns - 1) / columns * Self.chartHeight)]
    }

    private func chart(_ title: String, _ curves: [(name: String, series: Series)], in rect: Rect) -> DocumentChart {
        var chart = LineChart()
        chart.xAxis = .step
        (chart.glyphs, chart.bands, chart.isColorless) = (state.settings.glyphs, state.bands, state.isColorless)
        var line = TextLine(title, .title, .bold)
        for (place, curve) in curves.enumerated() {
            let drawn = ChartSeries(
                label: curve.name, color: place == 0 ? state.runs.role(of: page.run) : .muted,
                dash: place == 0 ? .solid : place == 1 ? .dotted : .dashed, isFocused: place == 0, series: curve.series)
            line = line.adding("  \(drawn.dash.sample) ", drawn.color).adding(curve.name, .muted)
            chart.series.append(drawn)
        }
        if let place = page.place, page.cursor != nil {
            chart.marks = [ChartMark(x: Double(points[place].step), scalar: "|", role: .key, label: "", kind: .line)]
        }
        return DocumentChart(title: line, in: rect, chart, isOfCurves: true)
    }
}
