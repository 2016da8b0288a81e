import Cells
import Events

/// Which settings matter: a table, the best and worst runs over all settings, and the metric over each of the first settings.
struct ImportanceText {
    let found: ParameterImportance
    let glyphs: GlyphSet
    let isColorless: Bool
    let width: Int

    /// Settings that get a place among the parallel axes and a plot of their own.
    private static let most = 6
    /// Runs that a line is drawn for at most: the best and the worst.
    private static let mostLines = 120

    var document: Document {
        let better = found.minimises ? "lower is better" : "higher is better"
        var text = Document()
        text.head = [
            TextLine("\(found.metric)", .accent, .bold).adding("  over \(found.runs.count) runs, \(better)", .muted)
        ]
        let bars = BarChart(found.parameters.map(bar), most: 1)
        text.add(
            "Settings",
            [
                .text([TextLine("Settings", .title, .bold).adding("   " + trust.text, trust.role)]),
                .table(
                    DocumentTable("settings", bars, header: ["setting", "importance"], width: min(width - 2, 110), indent: 2)),
            ])
        guard width >= 40 else { return text }
        let runs = heading("Runs", "a line a run: ", ("best quarter", .good), ("worst quarter", worst))
        text.add("Parallel", [.text([runs]), parallel()])
        text.add("Scatter", [.text([TextLine("\(found.metric) over each setting", .title, .bold)]), scatters()])
        return text
    }

    /// Of the worst runs' lines: without colours their dots say it.
    private var worst: ColorRole { isColorless ? .text : .bad }

    private func heading(_ title: String, _ note: String, _ words: (String, ColorRole)...) -> TextLine {
        var line = TextLine(title, .title, .bold).adding("   " + note, .muted)
        for word in words { line.add(word.0 + " ", word.1) }
        return line
    }

    /// How far to trust the importances.
    private var trust: (text: String, role: ColorRole) {
        let text = "a forest guesses \(NumberFormat.percent(max(0, found.explained))) of what it has not seen"
        return found.explained < 0.2 ? (text + ": too little to say what matters", .warning) : (text, .muted)
    }

    private func bar(_ parameter: ParameterImportance.Parameter) -> BarChart.Bar {
        var bar = BarChart.Bar(parameter.name, parameter.importance, text: NumberFormat.percent(parameter.importance))
        guard let correlation = parameter.correlation else {
            bar.note = "words"
            return bar
        }
        let helps = (correlation < 0) == found.minimises
        bar.note = "rank correlation " + NumberFormat.delta(correlation, decimals: 2)
        if abs(correlation) >= 0.3 { bar.noteRole = helps ? .good : .bad }
        return bar
    }

    // MARK: - Plots

    /// Where a value lies between the least and the most of its kind, from 0 to 1.
    private func shares(_ values: [Double], isLogarithmic: Bool) -> [Double] {
        let projected = values.map { isLogarithmic ? Projected.log($0) : $0 }
        guard let least = projected.min(), let most = projected.max(), most > least else { return values.map { _ in 0.5 } }
        return projected.map { ($0 - least) / (most - least) }
    }

    /// Parallel axes, one a setting and the metric last; runs from the worst to the best, so that the best lie on top.
    private func parallel() -> Document.Block {
        let shown = Array(found.parameters.prefix(Self.most))
        let axes = shown.map { shares($0.places, isLogarithmic: $0.isLogarithmic) } + [shares(found.values, isLogarithmic: false)]
        let order = found.values.indices.sorted { (found.values[$0] < found.values[$1]) == found.minimises }
        let quarter = max(1, order.count / 4)
        let half = Self.mostLines / 2
        let drawn = order.count <= Self.mostLines ? order : Array(order.prefix(half) + order.suffix(half))
        let series = drawn.enumerated().map { place, run in
            let isBest = place < min(quarter, half), isWorst = place >= drawn.count - min(quarter, half)
            let points = axes.enumerated().map { SeriesPoint(step: Double($0), epoch: 0, time: 0, value: $1[run]) }
            return ChartSeries(
                label: "", color: isBest ? .good : isWorst ? worst : .muted,
                dash: isWorst && isColorless ? .dotted : .solid, isDimmed: !isBest && !isWorst, series: Series(points))
        }
        var chart = LineChart(series: series)
        chart.glyphs = glyphs
        chart.showsGuides = false
        chart.viewport = ChartViewport(x: 0...Double(axes.count - 1), y: 0...1)
        var placed = DocumentChart(in: Rect(x: 0, y: 0, width: width - 2, height: 13), chart)
        let names = shown.map(\.name) + [String(found.metric.metric)]
        placed.axisNames = names.enumerated().map { index, name in
            DocumentChart.AxisName(x: Double(index), text: name, role: index == names.count - 1 ? .accent : .muted)
        }
        return .charts([placed], height: placed.rect.height)
    }

    private func scatters() -> Document.Block {
        let shown = Array(found.parameters.prefix(Self.most))
        let columns = max(1, min(shown.count, width / 38)), tile = (width - 2) / columns, height = 11
        let charts = shown.enumerated().map { index, parameter in
            let rect = Rect(x: index % columns * tile, y: index / columns * height, width: tile - 1, height: height - 1)
            let words = parameter.words.enumerated().map { "\($0) \($1)" }.joined(separator: ", ")
            let note = parameter.words.isEmpty ? (parameter.isLogarithmic ? "  (power of ten)" : "") : "  (\(words))"
            let title = TextLine(parameter.name, .title, .bold, indent: 2).adding(note, .muted)
            let places = parameter.places.map { parameter.isLogarithmic ? Projected.log($0) : $0 }
            let points = zip(places, found.values).sorted { $0.0 < $1.0 }
            var curve = ChartSeries(
                label: "", color: .accent,
                series: Series(points.map { SeriesPoint(step: $0.0, epoch: 0, time: 0, value: $0.1) }))
            curve.isScatter = true
            var chart = LineChart(series: [curve])
            (chart.glyphs, chart.isMeasuredOnX) = (glyphs, true)
            return DocumentChart(title: title, in: rect, chart, isOfCurves: true)
        }
        return .charts(charts, height: (shown.count + columns - 1) / columns * height)
    }
}
