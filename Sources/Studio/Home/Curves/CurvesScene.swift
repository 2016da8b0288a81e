import Cells
import Events

/// What the Curves pane shows, put together from the state: the chart, its runs and its metrics.
package struct CurvesScene: Sendable {
    /// The runs shown, in the order of their rows under the chart.
    package var runs: [RunSummary]
    /// The run drawn over the others.
    package var focused: RunID?
    /// The metric shown, without its split, and all there are to choose from; of a scene made for one metric, that one.
    package var metric: String?
    package var metrics: [String]
    package var chart: LineChart
    /// Whose each of the chart's series is.
    package var owners: [SeriesLibrary.Key] = []

    /// Whether validation less training is shown.
    package private(set) var isGap = false
    /// Runs that are shown as their mean.
    package private(set) var seedGroups: [[RunSummary]] = []

    /// More runs than these are not drawn.
    package static let capacity = 16

    /// - Parameter metric: the metric to show; nil for the one that is chosen.
    package init(_ state: AppState, metric wanted: String? = nil) {
        runs = state.shownRuns.compactMap { state.runs[$0] }
        metrics = wanted.map { [$0] } ?? state.settings.shownMetrics(Self.metrics(of: runs))
        metric = wanted ?? state.curves.metric ?? metrics.first
        focused =
            runs.contains { $0.record.id == state.selectedRun?.record.id } ? state.selectedRun?.record.id : runs.first?.record.id
        chart = LineChart()
        chart.xAxis = state.settings.xAxis
        chart.yScale = state.settings.yScale
        chart.smoothing = state.settings.smoothing
        chart.glyphs = state.settings.glyphs
        (chart.bands, chart.isColorless) = (state.bands, state.isColorless)
        chart.smoothsByDistance = state.settings.smoothsByDistance
        chart.yFit = state.settings.yFit
        chart.boxStart = state.curves.boxStart
        chart.viewport = state.curves.viewport
        chart.cursor = state.curves.cursor
        chart.utcOffsetSeconds = state.utcOffsetSeconds
        chart.hasRoomToGrow = runs.contains { $0.status == .inProgress }
        guard let metric else { return }
        isGap = state.curves.showsGap
        seedGroups = state.seedGroups(runs)
        for group in seedGroups { addMean(of: group, metric, state) }
        for run in runs { isGap ? addGap(of: run, metric, state) : addCurves(of: run, metric, state) }
        for run in runs { addMarks(of: run, metric, state) }
    }

    /// The metrics that have a chart beside that of the chosen one: those of models, or what runs cost.
    package var tiled: [String] { Self.tiled(metrics, chosen: metric) }

    package static func tiled(_ metrics: [String], chosen: String?) -> [String] {
        let isSystem = chosen.map { MetricName($0).isSystem } ?? false
        return metrics.filter { MetricName($0).isSystem == isSystem }
    }

    /// The metrics of some runs by their words: the objectives first, then losses, then by name; behind them how steps were taken,
    /// then what the runs cost.
    package static func metrics(of runs: [RunSummary]) -> [String] {
        var words: Set<String> = []
        for run in runs {
            words.formUnion(run.curveMetrics.map { String($0.family) })
            words.insert(String(run.record.objective.metric.metric))
        }
        let objectives = Set(runs.map { String($0.record.objective.metric.metric) })
        func rank(_ word: String) -> Int { objectives.contains(word) ? 0 : word == "loss" ? 1 : 2 }
        let ofSteps = StepMetric.allCases.filter { metric in
            !words.contains(metric.rawValue) && runs.contains { $0.metricRanges[metric.name] != nil }
        }
        return words.sorted { (rank($0), $0) < (rank($1), $1) } + ofSteps.map(\.rawValue)
            + MetricName.systemOrder(runs.flatMap(\.systemMetrics)).map(\.text)
    }

    /// A run's metrics of one word, by split: validation first; then those of its candidate models on the first split.
    package static func names(_ metric: String, of run: RunSummary) -> [MetricName] {
        let names = ["validation", "test", "train", ""]
            .map { $0.isEmpty ? MetricName(metric) : MetricName(split: $0, metric: metric) }
            .filter { run.lastMetrics[$0] != nil || !$0.isOfModels && run.metricRanges[$0] != nil }
        guard let first = names.first else { return [] }
        let candidates = run.lastMetrics.keys.filter { $0.isCandidate && $0.family == metric && $0.split == first.split }
        return names + candidates.sorted()
    }

    private mutating func addCurves(of run: RunSummary, _ metric: String, _ state: AppState) {
        let id = run.record.id
        let isSibling = seedGroups.contains { $0.contains { $0.record.id == id } }
        // Of runs that are shown as their mean only the main curve is left, as what the mean is made of.
        let names = isSibling ? Array(Self.names(metric, of: run).prefix(1)) : Self.names(metric, of: run)
        for name in names {
            guard var series = state.series[id, name], !series.isEmpty else { continue }
            series.examplesPerEpoch = Self.rowCount(of: id, state)
            let isMain = name == names.first
            owners.append(SeriesLibrary.Key(id, name))
            chart.series.append(
                ChartSeries(
                    label: name.split == "train" && !isMain ? run.record.name + " (train)" : run.record.name,
                    badge: isMain && !isSibling ? state.runs.letter(of: id) : nil,
                    color: state.runs.role(of: id), dash: dash(of: name, run, state),
                    isFocused: id == focused && isMain && !isSibling, isDimmed: name.isCandidate,
                    isSecondary: !isMain || isSibling,
                    series: series))
        }
    }

    /// Rows in an epoch; NaN while they are not known.
    private static func rowCount(of run: RunID, _ state: AppState) -> Double {
        state.runs.entries[run]?.rowCount.map { Double($0) } ?? .nan
    }

    /// The mean of runs that differ only in their seed, with the band of a standard deviation.
    private mutating func addMean(of group: [RunSummary], _ metric: String, _ state: AppState) {
        let id = group[0].record.id
        guard let name = Self.names(metric, of: group[0]).first, let derived = state.derived.mean(group.map(\.record.id), name),
            !derived.mean.isEmpty
        else { return }
        var mean = derived.mean, band = derived.band
        let rows = Self.rowCount(of: id, state)
        (mean.examplesPerEpoch, band.lower.examplesPerEpoch, band.upper.examplesPerEpoch) = (rows, rows, rows)
        owners.append(SeriesLibrary.Key(id, MetricName(split: "mean of \(group.count)", metric: metric)))
        chart.series.append(
            ChartSeries(
                label: "mean of \(group.count) seeds", badge: state.runs.letter(of: id),
                color: state.runs.role(of: id), dash: .solid,
                isFocused: group.contains { $0.record.id == focused }, series: mean, band: band))
    }

    /// A run's validation less its training curve.
    private mutating func addGap(of run: RunSummary, _ metric: String, _ state: AppState) {
        let id = run.record.id
        guard let name = Self.names(metric, of: run).first, var gap = state.derived.gap(id, name), !gap.isEmpty else { return }
        gap.examplesPerEpoch = Self.rowCount(of: id, state)
        owners.append(SeriesLibrary.Key(id, MetricName(split: "gap", metric: metric)))
        chart.series.append(
            ChartSeries(
                label: run.record.name + " (\(name.split) − train)", badge: state.runs.letter(of: id),
                color: state.runs.role(of: id), dash: dash(of: name, run, state), isFocused: id == focused, series: gap))
    }

    /// Training is dotted. A run is dashed beside an earlier one of its colour; where there are no colours, every other pair is.
    private func dash(of name: MetricName, _ run: RunSummary, _ state: AppState) -> Dash {
        if name.split == "train" { return .dotted }
        let number = run.record.number
        if state.isColorless { return number / 2 % 2 == 1 ? .dashed : .solid }
        return runs.contains { $0.record.number < number && $0.record.look.role == run.record.look.role } ? .dashed : .solid
    }

    private mutating func addMarks(of run: RunSummary, _ metric: String, _ state: AppState) {
        let id = run.record.id
        guard let name = Self.names(metric, of: run).first,
            var series = isGap ? state.derived.gap(id, name) : state.series[id, name]
        else { return }
        series.examplesPerEpoch = Self.rowCount(of: id, state)
        let isAscii = chart.glyphs == .ascii
        func place(_ step: Int) -> (x: Double, y: Double)? {
            guard let index = series.nearestIndex(to: Double(step), on: .step) else { return nil }
            let x = chart.xAxis == .step ? Double(step) : series.x(at: index, on: chart.xAxis)
            return (x, series[index].value)
        }
        if id == focused {
            for checkpoint in state.runs.entries[id]?.checkpoints ?? [] {
                guard let at = place(checkpoint.step) else { continue }
                let glyph: Unicode.Scalar = checkpoint.isBest ? (isAscii ? "*" : "◆") : (isAscii ? "o" : "◇")
                chart.marks.append(
                    ChartMark(
                        x: at.x, scalar: glyph, role: checkpoint.isBest ? .good : .faint,
                        label: checkpoint.isBest ? "best" : "", kind: .point(y: checkpoint.isBest ? at.y : nil)))
            }
        }
        if let fork = run.record.fork, let at = place(fork.step) {
            let parent = state.runs[fork.parent]?.record.name ?? fork.parent.text
            chart.marks.append(
                ChartMark(
                    x: at.x, scalar: isAscii ? "Y" : "├", role: .accent, label: "fork of \(parent)",
                    kind: .point(y: at.y.isFinite ? at.y : nil)))
        }
        for change in state.runs.entries[id]?.changes ?? [] {
            guard let at = place(change.step) else { continue }
            chart.marks.append(ChartMark(x: at.x, scalar: isAscii ? "|" : "┆", role: .accent, label: change.text, kind: .line))
        }
        for item in state.alerts.alerts(of: id) {
            guard let at = place(item.alert.step) else { continue }
            chart.marks.append(
                ChartMark(
                    x: at.x, scalar: isAscii ? "^" : "▲", role: item.alert.severity.role, label: item.alert.rule,
                    kind: .point(y: at.y.isFinite ? at.y : nil)))
        }
    }
}

extension Alert.Severity {
    package var role: ColorRole {
        switch self {
        case .issue: .bad
        case .warning: .warning
        case .info: .info
        }
    }
}
