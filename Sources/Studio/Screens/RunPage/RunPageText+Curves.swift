import Cells
import Events

/// Where the page is wide, the run's curves stand beside its figures.
extension RunPageText {
    /// From how many columns on there is room for curves beside the figures, and how many those take at most.
    private static let leastWidth = 110, mostFigures = 94
    /// Charts one under the other at most, and how high each is at least.
    private static let mostCharts = 4, leastHeight = 8

    /// The metrics whose curves are shown on a page so large, the objective's first.
    static func curveWords(of run: RunSummary, width: Int, height: Int) -> [String] {
        guard width >= leastWidth else { return [] }
        let words = CurvesScene.metrics(of: [run]).filter { word in
            !MetricName(word).isSystem && CurvesScene.names(word, of: run).contains { !$0.isCandidate }
        }
        return Array(words.prefix(min(mostCharts, max(1, (height - 4) / leastHeight))))
    }

    private var figureWidth: Int { min(Self.mostFigures, width / 2) }

    /// The figures, beside the curves where there is room for both.
    var overviewBlocks: [Document.Block] {
        let height = StudioLayout.interior(RunPage(id).place(on: state.size)).height - 2
        let words = Self.curveWords(of: run, width: width, height: height)
        guard !words.isEmpty else { return [.text(overview)] + evaluation }
        let each = max(Self.leastHeight, min(words.count == 1 ? 28 : 18, (height - 2) / words.count))
        let charts = words.enumerated().map { place, word in
            let rect = Rect(x: figureWidth, y: place * each, width: width - figureWidth - 2, height: each - 1)
            return DocumentChart(title: title(word), in: rect, curves(word), isOfCurves: true)
        }
        var narrow = self
        narrow.width = figureWidth - 2
        // The charts take no lines of their own: they stand beside those of the figures.
        let figures = [Document.Block.text(narrow.overview)] + narrow.evaluation
        let missing = max(0, words.count * each - DocumentLayout(Document(figures)).lines.count)
        return [.charts(charts, height: 0)] + figures + [.text([TextLine](repeating: TextLine(), count: missing))]
    }

    private func title(_ word: String) -> TextLine {
        var title = TextLine(word, .title, .bold)
        if let arrival = state.arrival(of: word, of: run) { title.add("  merged: \(arrival.words)", .warning) }
        return title
    }

    private func curves(_ word: String) -> LineChart {
        var chart = LineChart()
        chart.xAxis = state.settings.xAxis
        chart.smoothing = state.settings.smoothing
        chart.smoothsByDistance = state.settings.smoothsByDistance
        chart.glyphs = state.settings.glyphs
        (chart.bands, chart.isColorless) = (state.bands, state.isColorless)
        chart.hasRoomToGrow = run.status == .inProgress
        chart.utcOffsetSeconds = state.utcOffsetSeconds
        for name in CurvesScene.names(word, of: run) where !name.isCandidate {
            guard var series = state.series[id, name], !series.isEmpty else { continue }
            series.examplesPerEpoch = state.runs.entries[id]?.rowCount.map { Double($0) } ?? .nan
            let isMain = chart.series.isEmpty
            chart.series.append(
                ChartSeries(
                    label: name.text, color: state.runs.role(of: id), isFocused: isMain, isSecondary: !isMain, series: series))
        }
        return chart
    }
}
