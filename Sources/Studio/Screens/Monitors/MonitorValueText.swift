import Cells
import CheckedNumbers
import Events

/// What the page of a column or a metric says.
struct MonitorValueText {
    let standing: MonitorStanding
    let feature: String
    let reading: MonitorValueReading
    let state: AppState
    let width: Int

    private var page: MonitorPageText {
        MonitorPageText(
            standing: standing, reading: MonitorReading(executions: reading.executions), state: state, width: width)
    }

    var document: Document {
        var document = Document()
        document.head = head
        if let blocks = distributions { document.add("both distributions", blocks) }
        if let chart = course { document.add("as time goes on", [chart]) }
        let effects = effectLines
        if !effects.isEmpty { document.add("what it did", [page.heading("What it did to the model")] + effects) }
        document.add("windows", [.text([page.heading("Windows")]), .table(windows)])
        return document
    }

    /// Since when, which constraint, and how it is mended.
    private var head: [TextLine] {
        guard let since = reading.executions.violatedSince(feature) else {
            let isEmpty = reading.executions.isEmpty
            return [
                TextLine(isEmpty ? "○ no window has rows yet" : "● it meets its constraints", isEmpty ? .muted : .good, .bold)
            ]
        }
        let count = reading.executions.drop { $0.scheduledAt < since.scheduledAt }.count
        var lines = [
            TextLine("▲ since \(page.when(since.scheduledAt))", .bad, .bold)
                .adding("   in \(count == 1 ? "one window" : "\(count) windows") one after the other", .muted)
        ]
        if let violation = reading.executions.last?.violation(of: feature) {
            let text = "\(violation.check): \(violation.description)"
            lines += TextWrap.lines(text, width: max(8, width - 2)).map { TextLine($0) }
        }
        if MonitorRefusal.retraining(standing, state) == nil {
            lines.append(TextLine("f mends it: trains again on new rows, compares, deploys a canary", .info))
        }
        return lines
    }

    // MARK: - How it looks

    private var distributions: [Document.Block]? {
        guard let both = reading.distributions else { return nil }
        let window = "\(page.when(both.from)) to \(page.clock(both.until))"
        var title = page.heading("Both distributions")
        title.add("   ┄ baseline", .series2)
        title.add("   ━ \(window)", .series1)
        guard let edges = both.edges else { return [.text([title]), .table(texts(both))] }
        func curve(_ label: String, _ shares: [Double], _ role: ColorRole, _ dash: Dash, isFocused: Bool) -> ChartSeries {
            let points = shares.indices.map { bin in
                SeriesPoint(step: (edges[bin] + edges[bin + 1]) / 2, epoch: 0, time: 0, value: shares[bin] * 100)
            }
            return ChartSeries(label: label, color: role, dash: dash, isFocused: isFocused, series: Series(points))
        }
        var chart = LineChart(series: [
            curve("now", both.now, .series1, .solid, isFocused: true),
            curve("baseline", both.before, .series2, .dashed, isFocused: false),
        ])
        (chart.glyphs, chart.bands, chart.isColorless) = (state.settings.glyphs, state.bands, state.isColorless)
        (chart.isMeasuredOnX, chart.drawsEveryPoint) = (true, true)
        let most = (both.now + both.before).max() ?? 1
        chart.viewport = ChartViewport(y: 0...max(1, most * 110))
        title.add("   % of the rows", .muted)
        let height = min(16, max(8, state.size.height / 3))
        let rect = Rect(x: 0, y: 0, width: width - 2, height: height)
        return [.charts([DocumentChart(title: title, in: rect, chart, isOfCurves: true)], height: height)]
    }

    /// Texts with both their shares, those that moved most first.
    private func texts(_ both: MonitorValueReading.Distributions) -> DocumentTable {
        let order = both.names.indices.sorted {
            abs(both.now[$0] - both.before[$0]) > abs(both.now[$1] - both.before[$1])
        }.prefix(30)
        let name = min(32, max(8, both.names.map { TextWidth.of($0) }.max() ?? 8))
        let columns = [
            TableColumn(title: "value", width: name, priority: 0),
            TableColumn(title: "baseline", width: 8, isRight: true, priority: 2), TableColumn(title: "", width: 20, priority: 4),
            TableColumn(title: "now", width: 8, isRight: true, priority: 1), TableColumn(title: "", width: 20, priority: 3),
        ]
        let most = max(both.now.max() ?? 0, both.before.max() ?? 0)
        func bar(_ share: Double) -> String {
            let chart = BarChart([.init("", share, text: "")], most: most)
            return chart.text(of: chart.bars[0], room: 20)
        }
        let cells = order.map { place in
            [
                TableCell(text: both.names[place], role: .accent),
                TableCell(text: NumberFormat.percent(both.before[place], decimals: 1), role: .muted),
                TableCell(text: bar(both.before[place]), role: .series2),
                TableCell(text: NumberFormat.percent(both.now[place], decimals: 1), attributes: .bold),
                TableCell(text: bar(both.now[place]), role: .series1),
            ]
        }
        return DocumentTable("both distributions", columns, Array(cells), width: width - 2, indent: 2)
    }

    private var course: Document.Block? {
        guard reading.executions.count > 1 else { return nil }
        let chart = MonitorCurve(reading.executions, feature, baseline: reading.baseline, state).chart
        var title = page.heading(standing.record.kind == .dataQuality ? "Distance from the baseline" : feature)
        if let baseline = reading.baseline {
            title.add("   ┄ the baseline, \(NumberFormat.significant(baseline, digits: 3))", .muted)
        }
        let height = min(12, max(7, state.size.height / 4))
        let rect = Rect(x: 0, y: 0, width: width - 2, height: height)
        return .charts([DocumentChart(title: title, in: rect, chart, isOfCurves: true)], height: height)
    }

    // MARK: - What it did

    private var effectLines: [TextLine] {
        guard standing.record.kind == .dataQuality, standing.record.endpoint != nil else { return [] }
        guard let effects = reading.effects else {
            let text =
                "Labels of the time are not known: what it did to the model cannot be told. A monitor of model quality joins them as they come."
            return TextWrap.lines(text, width: max(8, width - 4)).map { TextLine($0, .muted, indent: 2) }
        }
        return effects.map { effect in
            let since = NumberFormat.significant(effect.since, digits: 3)
            var line = TextLine(
                effect.metric + String(repeating: " ", count: max(1, 14 - effect.metric.count)), .accent, indent: 2)
            if let before = effect.before {
                line.add("\(NumberFormat.significant(before, digits: 3)) before", .muted)
                line.add("   ")
            }
            line.add("\(since) since", .text, .bold)
            let rows =
                effect.rowsSince > 0
                ? "of \(NumberFormat.grouped(effect.rowsSince)) labelled rows"
                : "estimated by how sure the answers are, as labels are not known yet"
            return line.adding("   " + rows, .muted)
        }
    }

    private var windows: DocumentTable {
        let columns = [
            TableColumn(title: "", width: 1, priority: 1), TableColumn(title: "at", width: 14, priority: 0),
            TableColumn(title: "value", width: 9, isRight: true, priority: 2),
            TableColumn(title: "rows", width: 9, isRight: true, priority: 3),
            TableColumn(title: "constraint", width: 50, priority: 4, isFlexible: true, least: 12, most: 120),
        ]
        let cells = reading.executions.reversed().prefix(60).map { one -> [TableCell] in
            let violation = one.violation(of: feature)
            return [
                TableCell(text: violation == nil ? " " : "▲", role: .bad, attributes: .bold),
                TableCell(text: page.when(one.scheduledAt)),
                TableCell(text: one.drift[feature].map { NumberFormat.significant($0, digits: 3) } ?? "–"),
                TableCell(text: NumberFormat.grouped(one.rowCount), role: .muted),
                TableCell(text: violation?.description ?? "met", role: .muted),
            ]
        }
        return DocumentTable("windows", columns, Array(cells), width: width - 2, indent: 2)
    }
}
