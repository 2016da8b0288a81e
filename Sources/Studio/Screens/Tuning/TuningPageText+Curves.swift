import Cells
import Events

/// How the search comes on, and the curves of its trials.
extension TuningPageText {
    /// The best so far over trials and over time.
    var progress: Document {
        let ended = standing.trials.filter { $0.outcome != nil && $0.value != nil }
        guard !ended.isEmpty else { return nothing("no trial has ended with a value yet") }
        let byTime = ended.compactMap { trial in state.runs[trial.run]?.finishedAt.map { (trial, $0) } }.sorted { $0.1 < $1.1 }
        let isWide = width >= 120
        let room = Rect(x: 0, y: 0, width: width - 2, height: height)
        let each = isWide ? height : max(6, height / 2)
        let left = Rect(x: 0, y: 0, width: isWide ? room.width / 2 - 1 : room.width, height: each - (isWide ? 0 : 1))
        let right =
            isWide
            ? Rect(x: room.width / 2 + 1, y: 0, width: room.width - room.width / 2 - 1, height: each)
            : Rect(x: 0, y: each, width: room.width, height: each - 1)
        var overTime = best(byTime.map { ($0.0, $0.1) }, isTime: true)
        overTime.xAxis = .wallTime
        var charts = [
            DocumentChart(
                title: TextLine("best so far over trials", .title, .bold), in: left,
                best(ended.map { ($0, Double($0.number + 1)) }, isTime: false), isOfCurves: true)
        ]
        if byTime.count > 1 {
            charts.append(
                DocumentChart(title: TextLine("over time", .title, .bold), in: right, overTime, isOfCurves: true))
        }
        return Document([.charts(charts, height: isWide || charts.count == 1 ? each : 2 * each)])
    }

    /// The best so far over trials; nil while none has ended with a value.
    var bestOverTrials: LineChart? {
        let ended = standing.trials.filter { $0.outcome != nil && $0.value != nil }
        return ended.isEmpty ? nil : best(ended.map { ($0, Double($0.number + 1)) }, isTime: false)
    }

    /// Trials as points, and the best of those before each as stairs.
    private func best(_ trials: [(trial: TuningTrial, x: Double)], isTime: Bool) -> LineChart {
        var chart = chart(TuningCurve.series(record, trials, isTime: isTime))
        chart.yScale = yScale
        return chart
    }

    /// As the user chose; by magnitudes, where trials came to several.
    private var yScale: YScale {
        let isWide = standing.objectiveRange.map { ValueScale($0).isLogarithmic } ?? false
        return state.settings.yScale == .linear && isWide ? .log : state.settings.yScale
    }

    /// The objective's curves of all trials, those that were stopped or lie outside of the brushes dim.
    var curves: Document {
        let shown = page.curveTrials.filter { state.series[$0.run, record.objective.metric]?.isEmpty == false }
        guard !shown.isEmpty else { return nothing("no trial has told \(metric) yet") }
        let best = standing.best?.run, chosen = page.chosen
        let series = shown.compactMap { trial -> ChartSeries? in
            guard let series = state.series[trial.run, record.objective.metric] else { return nil }
            let isDim = trial.outcome == .stopped || trial.outcome == .failed || !page.isBright(trial)
            let isNamed = trial.run == chosen || trial.run == best || trial.outcome == nil
            return ChartSeries(
                label: "trial \(trial.number + 1)", badge: isNamed ? state.runs.letter(of: trial.run) : nil,
                color: state.runs.role(of: trial.run), isFocused: trial.run == chosen, isDimmed: isDim && trial.run != chosen,
                series: series)
        }
        var chart = chart(series)
        chart.drawsEveryPoint = false
        chart.xAxis = state.settings.xAxis
        (chart.yFit, chart.yScale) = (.robust, yScale)
        let count = standing.trials.count
        var title = TextLine(metric, .title, .bold)
        title.add(shown.count < count ? "   \(shown.count) of \(count) trials" : "   \(count) trials", .muted)
        if let trial = page.chosenTrial {
            title.add("   \(state.runs.letter(of: trial.run)) trial \(trial.number + 1)", state.runs.role(of: trial.run), .bold)
            title.add(" \(TuningWords.settings(trial.values))", .muted)
        }
        let rect = Rect(x: 0, y: 0, width: width - 2, height: height)
        return Document([.charts([DocumentChart(title: title, in: rect, chart, isOfCurves: true)], height: height)])
    }

    // MARK: - Parallel axes

    /// A line a trial over all axes, the objective's the last; below, what is brushed.
    var parallel: Document {
        let axes = standing.axes.count + 1, range = standing.objectiveRange
        let all = standing.trials.filter { $0.outcome != nil && $0.value != nil }
        guard !all.isEmpty else { return nothing("no trial has ended with a value yet") }
        // Thousands of lines are one dark field: the best are drawn.
        let ended = all.count <= Self.mostLines ? all : best(Self.mostLines, of: all)
        let chosen = page.chosen
        var series = ended.map { trial -> ChartSeries in
            let points = (0..<axes).compactMap { axis in
                page.place(of: trial, on: axis, range).map {
                    SeriesPoint(step: Double(axis), epoch: 0, time: 0, value: min(max($0, 0), 1))
                }
            }
            let isBright = page.isBright(trial)
            return ChartSeries(
                label: "", badge: nil, color: Self.color(page.place(of: trial, on: axes - 1, range) ?? 0),
                isFocused: trial.run == chosen, isDimmed: !isBright && trial.run != chosen, isSecondary: trial.run != chosen,
                series: Series(points))
        }
        for (axis, brush) in page.brushes {
            let ends = [brush.lowerBound, brush.upperBound].map {
                SeriesPoint(step: Double(axis), epoch: 0, time: 0, value: $0)
            }
            series.append(ChartSeries(label: "", color: .key, isFocused: true, series: Series(ends)))
        }
        var chart = chart(series)
        chart.viewport = ChartViewport(x: 0...Double(axes - 1), y: 0...1)
        chart.showsGuides = false
        chart.marks = (0..<axes).map { axis in
            ChartMark(x: Double(axis), scalar: "│", role: axis == page.axis ? .key : .border, kind: .line)
        }
        let names = standing.axes.map(\.name) + [metric]
        let table = axisTable(names, range)
        // Under the chart: its title, the axes' table.
        let rows = max(6, height - names.count - 2)
        var title = TextLine("all trials over all axes", .title, .bold)
        title.add("   \(ended.count(where: page.isBright)) of \(ended.count) in what is brushed", .muted)
        let drawn = DocumentChart(title: title, in: Rect(x: 0, y: 0, width: width - 2, height: rows), chart)
        var named = drawn
        named.axisNames = names.enumerated().map { axis, name in
            .init(x: Double(axis), text: name, role: axis == page.axis ? .key : .muted)
        }
        return Document([.charts([named], height: rows), .table(table)])
    }

    /// Lines that are drawn at most.
    private static let mostLines = 300

    private func best(_ count: Int, of trials: [TuningTrial]) -> [TuningTrial] {
        let sign = record.objective.direction == .maximised ? -1.0 : 1
        return Array(trials.sorted { sign * ($0.value ?? .infinity) < sign * ($1.value ?? .infinity) }.prefix(count))
    }

    /// From the worst to the best.
    private static func color(_ place: Double) -> ColorRole {
        place >= 0.95 ? .good : place >= 0.75 ? .info : place >= 0.4 ? .series2 : .muted
    }

    private func axisTable(_ names: [String], _ range: ClosedRange<Double>?) -> DocumentTable {
        let columns = [
            TableColumn(title: "", width: 1, priority: 0),
            TableColumn(title: "axis", width: names.map { TextWidth.of($0) }.max() ?? 4, priority: 1),
            TableColumn(title: "bottom", width: 10, isRight: true, priority: 2),
            TableColumn(title: "top", width: 10, isRight: true, priority: 3),
            TableColumn(title: "brushed", width: 28, priority: 4),
        ]
        let cells = names.indices.map { axis -> [TableCell] in
            let isHere = axis == page.axis, brush = page.brushes[axis]
            let text = brush.map { "\(self.text($0.lowerBound, axis, range)) … \(self.text($0.upperBound, axis, range))" }
            return [
                TableCell(text: isHere ? "›" : " ", role: .accent, attributes: .bold),
                TableCell(text: names[axis], role: isHere ? .key : .text, attributes: isHere ? .bold : []),
                TableCell(text: self.text(0, axis, range)), TableCell(text: self.text(1, axis, range)),
                TableCell(text: text ?? "all", role: brush == nil ? .muted : .key),
            ]
        }
        return DocumentTable("axes", columns, cells, width: width - 2)
    }

    /// The value at a place of an axis.
    private func text(_ place: Double, _ axis: Int, _ range: ClosedRange<Double>?) -> String {
        if axis < standing.axes.count { return TuningWords.value(standing.axes[axis].text(at: place)) }
        guard let range else { return "" }
        let share = record.objective.direction == .maximised ? place : 1 - place
        return NumberFormat.significant(ValueScale(range).value(at: share))
    }
}
