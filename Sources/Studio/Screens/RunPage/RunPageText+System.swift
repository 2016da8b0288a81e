import Cells
import Events

/// What a run costs the machine: a chart for each system metric, and facts.
extension RunPageText {
    var system: [Document.Block] {
        let charts = systemCharts
        let none = run.status == .pending ? [] : [TextLine("No system metrics were recorded.", .muted), TextLine()]
        let height = 1 + (charts.map(\.rect.maxY).max() ?? 0)
        return [charts.isEmpty ? .text(none) : .charts(charts, height: height), .text(systemFacts)]
    }

    /// The charts side by side, as many as fit.
    private var systemCharts: [DocumentChart] {
        let names = run.systemMetrics
        let columns = max(1, min(width / 36, 4, names.count)), rows = (names.count + columns - 1) / columns
        // As high as the screen allows beside the facts, and never too low to read.
        let height = min(18, max(9, (state.size.height - 16) / max(1, rows)))
        return names.enumerated().map { place, name in
            // Two columns apart.
            let left = width * (place % columns) / columns, right = width * (place % columns + 1) / columns
            let rect = Rect(x: left, y: place / columns * height, width: max(1, right - left - 2), height: height - 1)
            return DocumentChart(title: title(of: name, width: rect.width), in: rect, chart(of: name), isOfCurves: true)
        }
    }

    private func chart(of name: MetricName) -> LineChart {
        var chart = LineChart()
        chart.xAxis = .relativeTime
        chart.glyphs = state.settings.glyphs
        (chart.bands, chart.isColorless) = (state.bands, state.isColorless)
        chart.hasRoomToGrow = run.status == .inProgress
        // From zero, so that a small change does not look like a large one.
        let unit = SystemUnit(of: name), peak = run.metricRanges[name]?.high ?? 0
        let top = unit == .percent && peak <= 100 ? 100 : peak > 0 ? peak * 1.05 : 1
        chart.viewport.y = min(0, run.metricRanges[name]?.low ?? 0)...top
        guard let series = state.series[id, name], !series.isEmpty else { return chart }
        chart.series = [ChartSeries(label: name.text, color: state.runs.role(of: id), isFocused: true, series: series)]
        return chart
    }

    /// What it is now, on average and at most: as much of it as there is room for.
    private func title(of name: MetricName, width: Int) -> TextLine {
        let unit = SystemUnit(of: name), series = state.series[id, name]
        var line = TextLine(name.systemWords, .title, .bold)
        var room = width - TextWidth.of(name.systemWords)
        func add(_ text: String, _ role: ColorRole, _ attributes: Style.Attributes = []) {
            guard TextWidth.of(text) <= room else { return }
            room -= TextWidth.of(text)
            line.add(text, role, attributes)
        }
        if let last = series?.last { add(" " + unit.text(last.value), .text, .bold) }
        let peak = run.metricRanges[name].map { "  peak " + unit.number($0.high) } ?? ""
        room -= TextWidth.of(peak)
        if let mean = series?.mean { add("  mean " + unit.number(mean), .muted) }
        room += TextWidth.of(peak)
        add(peak, .muted)
        return line
    }

    private var systemFacts: [TextLine] {
        let seconds = run.duration(now: state.now)
        var facts: [(String, String)] = [("duration", seconds.map(NumberFormat.duration) ?? "not begun yet")]
        if let seconds, seconds > 0 {
            let own = run.step - (run.record.fork?.step ?? 0)
            if own > 0 { facts.append(("steps per second", NumberFormat.compact(Double(own) / seconds, digits: 4))) }
            if own > 0, run.epoch > 0 {
                // A fork's epochs count from its parent's beginning.
                let epochs = run.epoch * Double(own) / Double(run.step)
                facts.append(("per epoch", NumberFormat.duration(seconds / epochs)))
            }
        }
        if let rows = state.runs.entries[id]?.rowCount { facts.append(("rows per epoch", NumberFormat.grouped(rows))) }
        facts += [
            ("process", String(run.record.processID)), ("descent", run.record.version),
            ("git revision", run.record.gitRevision ?? ""),
        ]
        return facts.filter { !$0.1.isEmpty }.flatMap { pair($0.0, $0.1) }
    }
}

extension RunSummary {
    /// The system metrics that were recorded of it.
    package var systemMetrics: [MetricName] { MetricName.systemOrder(metricRanges.keys) }
}
