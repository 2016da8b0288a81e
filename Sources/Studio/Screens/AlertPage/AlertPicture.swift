import Cells
import Events

/// An alert's evidence as pictures: what the alert is about first, then the curves in which it was seen.
struct AlertPicture {
    private let alert: Alert
    private let run: RunSummary
    private let found: AlertEvidence?
    private let state: AppState
    private let width: Int

    private static let height = 12
    /// From how many columns on two charts stand beside each other.
    private static let wide = 130
    /// Values that are looked at for the gap between two curves.
    private static let gapCost = 400_000

    init(_ alert: Alert, _ run: RunSummary, _ found: AlertEvidence?, _ state: AppState, width: Int) {
        (self.alert, self.run, self.found, self.state, self.width) = (alert, run, found, state, width)
    }

    /// The metrics whose curves show an alert, the one it was seen in first.
    static func words(_ alert: Alert, of run: RunSummary) -> [String] {
        let objective = String(run.record.objective.metric.metric)
        let isOfLoss = ["Divergence", "NonFiniteLoss", "LossNotDecreasing", "NoBetterThanConstant"].contains(alert.rule)
        let words = ["loss", objective] + (isOfLoss || alert.tensor != nil ? ["gradient_norm", "learning_rate"] : [])
        var seen: Set<String> = []
        return words.filter { seen.insert($0).inserted && !CurvesScene.names($0, of: run).isEmpty }
    }

    var blocks: [Document.Block] {
        var blocks: [Document.Block] = []
        if let found {
            if !found.tensor.isEmpty { blocks += picture(of: found.tensor) }
            if let course = found.course { blocks += picture(of: course) }
            if !found.scales.isEmpty { blocks += picture(of: found.scales) }
            if !found.refusal.isEmpty { blocks.append(.text([TextLine(found.refusal, .warning, indent: 2), TextLine()])) }
        } else {
            blocks.append(.text([TextLine("looking for what shows it …", .muted, indent: 2), TextLine()]))
        }
        let charts = self.charts
        guard !charts.isEmpty else { return blocks }
        let columns = width >= Self.wide && charts.count > 1 ? 2 : 1, tile = (width - 2) / columns
        let placed = charts.enumerated().map { place, chart in
            let rect = Rect(
                x: place % columns * tile, y: place / columns * Self.height, width: tile - (columns > 1 ? 1 : 0),
                height: Self.height - 1)
            return DocumentChart(title: chart.title, in: rect, chart.chart, isOfCurves: true)
        }
        return blocks + [.charts(placed, height: (charts.count + columns - 1) / columns * Self.height)]
    }

    // MARK: - Curves

    private var charts: [(title: TextLine, chart: LineChart)] {
        var charts: [(title: TextLine, chart: LineChart)] = []
        for word in Self.words(alert, of: run) {
            let names = CurvesScene.names(word, of: run).filter { !$0.isCandidate }
            guard let chart = chart(names) else { continue }
            charts.append((title(word, chart), chart))
            if let gap = gap(names) { charts.append(gap) }
        }
        // One axis for all, so that what stands under each other happened at one step.
        let steps = charts.flatMap {
            $0.chart.series.flatMap { [$0.series.first?.step, $0.series.last?.step].compactMap { $0 } }
        }
        if let start = steps.min(), let end = steps.max(), end > start {
            for place in charts.indices { charts[place].chart.viewport.x = start...end }
        }
        return charts
    }

    private func title(_ word: String, _ chart: LineChart) -> TextLine {
        chart.series.reduce(TextLine(word, .title, .bold)) { Self.adding($1, to: $0) }
    }

    private static func adding(_ curve: ChartSeries, to line: TextLine) -> TextLine {
        line.adding("  \(curve.dash.sample) ", curve.color).adding(curve.label, .muted)
    }

    private func empty() -> LineChart {
        var chart = LineChart()
        chart.xAxis = .step
        (chart.smoothing, chart.smoothsByDistance) = (state.settings.smoothing, state.settings.smoothsByDistance)
        (chart.glyphs, chart.bands, chart.isColorless) = (state.settings.glyphs, state.bands, state.isColorless)
        return chart
    }

    private func chart(_ names: [MetricName]) -> LineChart? {
        var chart = empty()
        for name in names {
            guard let series = state.series[run.record.id, name], !series.isEmpty else { continue }
            let isMain = chart.series.isEmpty
            chart.series.append(
                ChartSeries(
                    label: name.split.isEmpty ? String(name.metric) : String(name.split),
                    color: state.runs.role(of: run.record.id),
                    dash: isMain ? .solid : .dotted, isFocused: isMain, isSecondary: !isMain, series: series))
        }
        guard let first = chart.series.first?.series, let last = first.last else { return nil }
        let start = first[0].step
        if let level = constant(names), last.step > start {
            let ends = [start, last.step].map { SeriesPoint(step: $0, epoch: 0, time: 0, value: level) }
            chart.series.append(
                ChartSeries(label: "a constant model", color: .muted, dash: .dashed, isDimmed: true, series: Series(ends)))
        }
        chart.marks = marks(on: first)
        // What grew a thousandfold hides all else on a linear scale.
        let ranges = names.compactMap { run.metricRanges[$0] }
        if let low = ranges.map(\.low).min(), let high = ranges.map(\.high).max(), low > 0, high / 1000 > low {
            chart.yScale = .log
        }
        return chart
    }

    /// What a constant model loses, beside losses.
    private func constant(_ names: [MetricName]) -> Double? {
        guard let data = found?.data else { return nil }
        if names.contains(.validationLoss) { return data.constantValidationLoss ?? data.constantTrainingLoss }
        return names.contains(.trainLoss) ? data.constantTrainingLoss : nil
    }

    private func marks(on series: Series) -> [ChartMark] {
        let isAscii = state.settings.glyphs == .ascii
        var marks: [ChartMark] = []
        if let best = run.bestStep, let place = series.nearestIndex(to: Double(best), on: .step) {
            marks.append(
                ChartMark(
                    x: Double(best), scalar: isAscii ? "*" : "◆", role: .good, label: "best", kind: .point(y: series[place].value)
                ))
        }
        for change in state.runs.entries[run.record.id]?.changes ?? [] {
            let x = Double(change.step)
            marks.append(ChartMark(x: x, scalar: isAscii ? "|" : "┆", role: .accent, label: change.text, kind: .line))
        }
        marks.append(
            ChartMark(
                x: Double(alert.step), scalar: isAscii ? "^" : "▲", role: alert.severity.role, label: alert.rule, kind: .line))
        return marks
    }

    /// Validation less training, where the alert is about what lies between them.
    private func gap(_ names: [MetricName]) -> (title: TextLine, chart: LineChart)? {
        guard ["Overfit", "Overtraining"].contains(where: alert.rule.hasSuffix),
            let training = names.first(where: { $0.split == "train" }), let other = names.first, other != training,
            let curve = state.series[run.record.id, other], let base = state.series[run.record.id, training]
        else { return nil }
        var difference = DifferenceSeries(), budget = Self.gapCost
        difference.update(curve, minus: base, budget: &budget)
        guard !difference.series.isEmpty, budget > 0 else { return nil }
        var chart = empty()
        chart.series = [
            ChartSeries(label: "gap", color: state.runs.role(of: run.record.id), isFocused: true, series: difference.series)
        ]
        chart.marks = marks(on: difference.series)
        return (TextLine("\(other.metric): \(other.split) less train", .title, .bold), chart)
    }

    // MARK: - Data

    /// The target over rows or values: for classes the share of each, for a number its mean.
    private func picture(of course: TargetCourse) -> [Document.Block] {
        var chart = empty()
        (chart.smoothing, chart.isMeasuredOnX, chart.showsGuides) = (0, true, true)
        let roles: [ColorRole] = [.series1, .series2, .series3, .series4, .series5, .series6]
        for (place, name) in course.names.enumerated() where place < course.values.count {
            let points = course.values[place].enumerated().map {
                SeriesPoint(step: Double($0), epoch: 0, time: 0, value: $1)
            }
            chart.series.append(
                ChartSeries(
                    label: name, badge: course.names.count > 1 ? name.first : nil, color: roles[place % roles.count],
                    dash: place % 2 == 0 ? .solid : .dashed, series: Series(points)))
        }
        let last = Double(max(1, course.counts.count - 1))
        chart.viewport = ChartViewport(x: 0...last)
        let title = chart.series.reduce(TextLine(course.title, .title, .bold)) { Self.adding($1, to: $0) }
        var placed = DocumentChart(title: title, in: Rect(x: 0, y: 0, width: width - 2, height: Self.height - 1), chart)
        placed.axisNames = axisNames(course, last)
        return [.charts([placed], height: Self.height)]
    }

    private func axisNames(_ course: TargetCourse, _ last: Double) -> [DocumentChart.AxisName] {
        guard course.parts.isEmpty else {
            // As many as have room.
            let longest = course.parts.map { TextWidth.of($0) }.max() ?? 1
            let step = max(1, (course.parts.count * (longest + 2) + width - 1) / max(1, width - 12))
            return course.parts.enumerated().filter { $0.offset % step == 0 }.map {
                DocumentChart.AxisName(x: Double($0.offset), text: $0.element, role: .muted)
            }
        }
        let rows = course.counts.reduce(0, +)
        return (0...4).map { part in
            let share = Double(part) / 4
            return DocumentChart.AxisName(
                x: share * last, text: part == 0 ? "first row" : NumberFormat.compact(share * Double(rows)), role: .muted)
        }
    }

    /// The tensor's histogram over time, with the step at which it was seen.
    private func picture(of tensor: [TensorPoint]) -> [Document.Block] {
        let heat = TensorHeat(tensor, in: tensor.indices, width: max(4, width - 16), height: 13)
        let step = tensor.firstIndex { $0.step >= alert.step }
        let title = TextLine(alert.tensor ?? "", .title, .bold, indent: 2).adding("  its values over the captured steps", .muted)
        return [.text([title] + heat.lines(cursor: step, state: state) + [TextLine()])]
    }

    private func picture(of scales: [(name: String, deviation: Double)]) -> [Document.Block] {
        let least = scales.map(\.deviation).filter { $0 > 0 }.min() ?? 1
        // Over powers of ten a bar can be compared with one a million times as long.
        let bars = scales.map { scale in
            BarChart.Bar(
                scale.name, scale.deviation > 0 ? max(0.05, Projected.log(scale.deviation / least) + 0.05) : 0,
                text: NumberFormat.significant(scale.deviation))
        }
        return [
            .text([TextLine("standard deviations of the features", .title, .bold).adding("  (bars over powers of ten)", .muted)]),
            .table(
                DocumentTable(
                    "scales", BarChart(bars), header: ["feature", "deviation"], width: min(width - 2, 100), indent: 2)),
            .text([TextLine()]),
        ]
    }
}
