import Cells
import CheckedNumbers

/// What the page of bias says.
struct BiasPageText {
    let page: BiasPage
    let found: BiasFindings
    let state: AppState
    let width: Int

    private var isAscii: Bool { state.settings.glyphs == .ascii }

    var document: Document {
        var text = Document()
        text.head = head
        guard let facet = page.shown else { return text }
        switch page.tab {
        case .metrics: text.add("", metrics(facet))
        case .groups: text.add("", groups(facet))
        case .trade: text.add("", trade(facet))
        case .remedy:
            for blocks in page.weighsFirst ? [reweighing, thresholds] : [thresholds, reweighing] { text.add("", blocks) }
        }
        if !found.notes.isEmpty { text.add("", found.notes.map { TextLine($0, .muted) }) }
        return text
    }

    private var thresholds: [Document.Block] {
        guard let remedy = page.remedies[page.facet] else {
            return [.text([TextLine("t tries a threshold of its own for each group.", .muted)])]
        }
        return BiasRemedyText(remedy: remedy, width: width).blocks("A threshold for each group")
    }

    /// What the run with weighed rows does, or how far it is.
    private var reweighing: [Document.Block] {
        guard let run = page.reweighed(state) else {
            return [
                .text([
                    TextLine("w trains the run again with its rows weighed, so that labels do not depend on the groups.", .muted)
                ])
            ]
        }
        let heading = "Weighed training rows"
        if let known = page.reweighings[page.facet], known.run == run.record.id {
            if let remedy = known.remedy { return BiasRemedyText(remedy: remedy, width: width).blocks(heading) }
            return [.text([TextLine(heading, .title, .bold), TextLine(known.refusal ?? "", .warning)])]
        }
        let progress =
            run.status.isFinal
            ? "\(run.record.name) is being measured …"
            : "\(run.record.name) trains: step \(NumberFormat.grouped(run.step))"
                + (run.plannedSteps > 0 ? " of \(NumberFormat.grouped(run.plannedSteps))" : "")
        return [.text([TextLine(heading, .title, .bold), TextLine(progress, .muted)])]
    }

    private var head: [TextLine] {
        var tabs = TextLine()
        for tab in BiasPage.Tab.allCases {
            let isShown = tab == page.tab
            tabs.add(
                tab == .trade ? "bias against quality" : tab.rawValue, isShown ? .title : .muted,
                isShown ? [.bold, .underline] : [])
            tabs.add("   ")
        }
        guard room >= 10, let facet = page.shown else { return [tabs] }
        var what = TextLine(facet.name, .accent, .bold).adding("  beside all others", .muted)
        if found.facets.count > 1 { what.add("   \(page.facet + 1) of \(found.facets.count)", .muted) }
        what.add("   positive: ", .muted)
        what.add(found.label, .text)
        return [tabs, what, TextLine(found.rows.shortened(to: max(8, width - 2)), .muted), TextLine()]
    }

    private var room: Int { StudioLayout.interior(page.place(on: state.size)).height }

    // MARK: - Metrics

    /// Each metric as a bar from where there is no bias to its value, with the interval as whiskers; the sentence of the one under the
    /// cursor below them.
    private func metrics(_ facet: BiasFindings.Facet) -> [TextLine] {
        // Where there is room, metrics have their names in words.
        let longest = facet.metrics.map { TextWidth.of($0.title) }.max() ?? 0
        let names = width >= 120 ? 8 + min(longest, width / 4) : 7
        let bars = max(9, width - 2 - names - 10 - 2), scale = scale(facet)
        let sentence = facet.metrics.indices.contains(page.cursor) ? said(facet.metrics[page.cursor]) : []
        let lines = max(2, room - 6 - sentence.count), all = facet.metrics.indices
        let start = all.count > lines ? min(max(0, page.cursor - lines / 2), all.count - lines) : 0
        var text = all.dropFirst(start).prefix(lines).map { line(facet.metrics[$0], $0 == page.cursor, names, bars, scale) }
        text.append(axis(bars, scale, indent: 2 + names + 10))
        return text + sentence
    }

    /// The largest distance from where there is no bias that is drawn: values that are larger than all usual ones end at the edge.
    private func scale(_ facet: BiasFindings.Facet) -> Double {
        let distances = facet.metrics.flatMap { metric -> [Double] in
            let ends = [metric.value, metric.interval?.lowerBound, metric.interval?.upperBound].compactMap { $0 }
            return ends.map { ($0 - metric.neutral).magnitude }.filter(\.isFinite)
        }
        return min(1, max(0.1, distances.max() ?? 1))
    }

    private func line(
        _ metric: BiasFindings.Metric, _ isChosen: Bool, _ names: Int, _ bars: Int, _ scale: Double
    ) -> TextLine {
        var line = TextLine(isChosen ? "▸ " : "  ", .key)
        line.add(metric.name.padded(to: 7), isChosen ? .title : .text, isChosen ? .bold : [])
        if names > 7 { line.add(metric.title.shortened(to: names - 8).padded(to: names - 7), isChosen ? .text : .muted) }
        line.add((metric.value.map { NumberFormat.significant($0, digits: 3) } ?? "–").leftPadded(to: 8) + "  ", .text)
        guard let value = metric.value, !value.isNaN else { return line.adding("not defined", .muted) }
        func cell(_ number: Double) -> Int {
            let share = max(-1, min(1, (number - metric.neutral) / scale))
            return min(bars - 1, max(0, Int(nearestWithin: (share + 1) / 2 * Double(bars - 1))))
        }
        var cells = [(text: String, role: ColorRole)](repeating: (" ", .muted), count: bars)
        let middle = cell(metric.neutral), end = cell(value), role = role(of: metric)
        for place in min(middle, end)...max(middle, end) { cells[place] = (isAscii ? "=" : "━", role) }
        if let interval = metric.interval {
            let low = cell(interval.lowerBound), high = cell(interval.upperBound)
            for place in low...high where cells[place].text == " " { cells[place] = (isAscii ? "-" : "─", .muted) }
            (cells[low], cells[high]) = ((isAscii ? "[" : "├", role), (isAscii ? "]" : "┤", role))
        }
        cells[middle] = (isAscii ? "|" : "┊", .muted)
        // What is farther away than the axis goes has an arrow at its end.
        let isBeyond = (value - metric.neutral).magnitude > scale * 1.000_001
        cells[end].text =
            isBeyond ? (value > metric.neutral ? (isAscii ? ">" : "▶") : (isAscii ? "<" : "◀")) : (isAscii ? "o" : "●")
        cells[end].role = role
        for cell in cells { line.add(cell.text, cell.role) }
        return line
    }

    /// Whether the interval leaves out where there is no bias.
    private func role(of metric: BiasFindings.Metric) -> ColorRole {
        guard let interval = metric.interval else { return .text }
        return interval.contains(metric.neutral) ? .good : .warning
    }

    private func axis(_ bars: Int, _ scale: Double, indent: Int) -> TextLine {
        let end = NumberFormat.significant(scale, digits: 2), half = (bars - 1) / 2
        let left = "-" + end, right = "+" + end
        let middle = bars >= 44 ? "as without bias" : "0"
        var text = left.padded(to: max(0, half - middle.count / 2)) + middle
        text = text.padded(to: max(0, bars - right.count)) + right
        return TextLine(String(text.prefix(bars)), .muted, indent: indent)
    }

    private func said(_ metric: BiasFindings.Metric) -> [TextLine] {
        var title = TextLine(metric.title, .title, .bold)
        title.add(metric.isOfPredictions ? "  of predictions" : "  of labels", .muted)
        if let interval = metric.interval {
            let ends = [interval.lowerBound, interval.upperBound].map { NumberFormat.significant($0, digits: 3) }
            title.add("  95 %: \(ends[0]) to \(ends[1]); without bias \(NumberFormat.significant(metric.neutral))", .muted)
        }
        return [TextLine(), title] + TextWrap.lines(metric.sentence, width: max(8, width - 2)).map { TextLine($0, .text) }
    }

    // MARK: - Groups

    /// What the groups' labels and predictions are, and how those go together.
    private func groups(_ facet: BiasFindings.Facet) -> [Document.Block] {
        let groups = [(facet.name, facet.own), ("all others", facet.others)]
        var lines: [TextLine] = [], names = min(max(10, TextWidth.of(facet.name)), max(10, width / 4))
        names = min(names, 30)
        let bars = max(4, min(60, width - names - 24))
        func share(_ title: String, _ part: (BiasFindings.Group) -> Double) {
            lines.append(TextLine(title, .title, .bold))
            for (place, group) in groups.enumerated() {
                let share = group.1.rows > 0 ? part(group.1) / group.1.rows : 0
                let length = Int(nearestWithin: share * Double(bars))
                var line = TextLine("  " + group.0.shortened(to: names).padded(to: names) + " ", .text)
                line.add(NumberFormat.percent(share, decimals: 1).leftPadded(to: 8) + "  ", .text)
                line.add(String(repeating: isAscii ? "#" : "█", count: length), place == 0 ? .series2 : .series1)
                lines.append(line)
            }
            lines.append(TextLine())
        }
        share("labels that are positive", \.positives)
        guard found.hasPredictions else {
            return [.text(lines + [TextLine("There are no predictions: on a run's page = measures those of its model.", .muted)])]
        }
        share("predictions that are positive", \.predictedPositives)
        let header = ["group", "rows", "right +", "wrong +", "wrong –", "right –"]
        let columns = header.enumerated().map {
            TableColumn(title: $1, width: $0 == 0 ? names : 9, isRight: $0 > 0, priority: $0, isFlexible: $0 == 0)
        }
        let cells = groups.map { name, group in
            [TableCell(text: name)]
                + [group.rows, group.truePositives, group.falsePositives, group.falseNegatives, group.trueNegatives].map {
                    TableCell(text: NumberFormat.grouped(Int(nearestWithin: $0)))
                }
        }
        return [.text(lines), .table(DocumentTable("groups", columns, cells, width: min(width - 2, 90)))]
    }

    // MARK: - Trade

    /// Accuracy, DPPL and DI over the threshold, with the model's own marked.
    private func trade(_ facet: BiasFindings.Facet) -> [Document.Block] {
        guard !facet.trades.isEmpty else {
            let why =
                found.hasPredictions
                ? "The model gives no scores of two classes, so that there is no threshold to move."
                : "There are no predictions: on a run's page = measures those of its model."
            return [.text([TextLine(why, .muted)])]
        }
        let isWide = width >= 110, height = max(8, isWide ? room - 7 : (room - 7) / 3)
        let tile = isWide ? (width - 2) / 3 : width - 2
        let curves: [(String, ColorRole, (BiasFindings.Trade) -> Double)] = [
            ("accuracy", .series1, \.accuracy), ("DPPL", .series2, \.difference), ("DI", .series3, \.impact),
        ]
        let charts = curves.enumerated().map { place, curve in
            chart(
                curve.0, curve.1, facet.trades.map { ($0.threshold, curve.2($0)) },
                Rect(x: isWide ? place * tile : 0, y: isWide ? 0 : place * height, width: tile - (isWide ? 1 : 0), height: height)
            )
        }
        return [.charts(charts, height: isWide ? height : 3 * height), .text([own(facet)])]
    }

    private func chart(_ name: String, _ role: ColorRole, _ points: [(x: Double, y: Double)], _ rect: Rect) -> DocumentChart {
        let series = Series(
            points.filter { $0.y.isFinite }.map { SeriesPoint(step: $0.x, epoch: 0, time: 0, value: $0.y) })
        var chart = LineChart(series: [ChartSeries(label: name, color: role, series: series)])
        (chart.glyphs, chart.isColorless) = (state.settings.glyphs, state.isColorless)
        (chart.isMeasuredOnX, chart.drawsEveryPoint) = (true, true)
        if let threshold = found.threshold {
            chart.marks = [ChartMark(x: threshold, scalar: isAscii ? "|" : "┆", role: .key, label: "model", kind: .line)]
        }
        let title = TextLine(name + "  ", role, .bold).adding("over the threshold", .muted)
        return DocumentChart(title: title, in: rect, chart, isOfCurves: true)
    }

    /// What the model's own threshold brings.
    private func own(_ facet: BiasFindings.Facet) -> TextLine {
        func words(_ trade: BiasFindings.Trade) -> String {
            "\(NumberFormat.significant(trade.threshold, digits: 3)): accuracy \(NumberFormat.percent(trade.accuracy, decimals: 1)), "
                + "DPPL \(NumberFormat.significant(trade.difference, digits: 3)), DI \(NumberFormat.significant(trade.impact, digits: 3))"
        }
        guard let threshold = found.threshold,
            let own = facet.trades.min(by: { ($0.threshold - threshold).magnitude < ($1.threshold - threshold).magnitude })
        else { return TextLine() }
        return TextLine("the model's threshold ", .muted).adding(words(own), .text)
    }
}
