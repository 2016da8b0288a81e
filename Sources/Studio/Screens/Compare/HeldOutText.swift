import Cells
import Events

/// What models make of the rows that none was trained on: measures, plots over each other, confusions, disagreements.
struct HeldOutText {
    let heldOut: HeldOutComparison
    /// Of the runs that were asked, in the order of their values.
    let labels: [ComparedRun]
    let columns: ComparisonColumns
    let glyphs: GlyphSet
    let width: Int

    /// - Parameter labels: of all compared runs.
    init(_ heldOut: HeldOutComparison, labels: [ComparedRun], columns: ComparisonColumns, glyphs: GlyphSet, width: Int) {
        self.heldOut = heldOut
        self.labels = heldOut.places.filter { $0 < labels.count }.map { labels[$0] }
        self.columns = columns
        self.glyphs = glyphs
        self.width = width
    }

    func add(to text: inout Document) {
        let rows = NumberFormat.grouped(heldOut.rowCount)
        let base = heldOut.places.first == 0 ? "" : labels.first.map { " to \($0.name)" } ?? ""
        let note = "\(rows) rows no run was trained on, and 95 % of differences\(base)"
        let table = DocumentTable("held-out", header: ["measure"] + labels.map(\.name), rows: measures())
        text.add("Held-out", [.text([ComparisonText.heading("Held-out rows", note)]), .table(table), .text(leftOut())])
        let plots = plots()
        if let plots { text.add("Plots", [.text([ComparisonText.heading("Plots", "of the held-out rows")]), plots]) }
        if !heldOut.confusions.isEmpty { text.add("Confusion", confusions()) }
        if !heldOut.disagreements.isEmpty { text.add("Disagreements", disagreements()) }
    }

    /// Each measure, and under it the middle 95 % of its difference to the first run.
    private func measures() -> [DocumentTable.Row] {
        heldOut.measures.flatMap { measure -> [DocumentTable.Row] in
            let numbers = NumberColumn(measure.values, least: 6), finite = measure.values.filter(\.isFinite)
            let best = measure.minimises ? finite.min() : finite.max(), isShared = Set(finite).count < 2
            let values = columns.row(measure.name) { run in
                guard let place = heldOut.index(ofPlace: run) else { return .missing }
                var entry = ComparisonColumns.Entry(numbers.text(measure.values[place]))
                if measure.values[place] == best, !isShared { (entry.mark, entry.attributes) = (" ★", .bold) }
                return entry
            }
            let differences = columns.row("  difference") { run in
                guard let place = heldOut.index(ofPlace: run), let interval = measure.intervals[place] else { return .missing }
                let low = NumberFormat.delta(interval.lowerBound, decimals: numbers.decimals)
                let high = NumberFormat.delta(interval.upperBound, decimals: numbers.decimals)
                let isBetter = (interval.upperBound < 0) == measure.minimises
                return .init("\(low)…\(high)", interval.contains(0) ? .muted : isBetter ? .good : .bad)
            }
            let ends = measure.intervals.map { interval in interval.map { "\($0.lowerBound) to \($0.upperBound)" } ?? "" }
            return [
                DocumentTable.Row(values, [measure.name] + measure.values.map { "\($0)" }),
                DocumentTable.Row(differences, ["\(measure.name): 95 % of differences"] + ends),
            ]
        }
    }

    /// Runs that could not be asked, and why.
    private func leftOut() -> [TextLine] {
        HeldOutComparison.LeftOut.reasons(heldOut.leftOut).flatMap { reason in
            TextWrap.lines("left out: \(reason)", width: max(8, width - 4)).map { TextLine($0, .muted, indent: 2) }
        }
    }

    // MARK: - Plots

    private func plots() -> Document.Block? {
        var charts: [(title: String, chart: LineChart)] = []
        func add(_ title: String, _ points: [[HeldOutComparison.Point]], _ change: (inout LineChart) -> Void) {
            guard points.count == labels.count else { return }
            var chart = LineChart(
                series: zip(points, labels).map { points, label in
                    ChartSeries(label: String(label.badge), color: label.role, series: Self.series(points))
                })
            chart.glyphs = glyphs
            (chart.drawsEveryPoint, chart.isMeasuredOnX) = (true, true)
            change(&chart)
            charts.append((title, chart))
        }
        let unit = { (chart: inout LineChart) in chart.viewport = ChartViewport(x: 0...1, y: 0...1) }
        let withDiagonal = { (chart: inout LineChart) in
            unit(&chart)
            let ends = [HeldOutComparison.Point(0, 0), HeldOutComparison.Point(1, 1)]
            chart.series.append(ChartSeries(label: "", dash: .dotted, isDimmed: true, series: Self.series(ends)))
        }
        add("ROC: true over false positives", heldOut.roc, withDiagonal)
        add("precision over recall", heldOut.precisionRecall, unit)
        add("calibration: positives over probability", heldOut.calibration, withDiagonal)
        add("residual over prediction", heldOut.residuals) { chart in
            for index in chart.series.indices { chart.series[index].isScatter = true }
        }
        guard !charts.isEmpty, width >= 24 else { return nil }
        let columns = max(1, min(charts.count, width / 36)), tile = (width - 2) / columns
        let rows = (charts.count + columns - 1) / columns, height = 11
        let placed = charts.enumerated().map { index, entry in
            let rect = Rect(x: index % columns * tile, y: index / columns * height, width: tile - 1, height: height - 1)
            return DocumentChart(title: TextLine(entry.title, .title, indent: 2), in: rect, entry.chart, isOfCurves: true)
        }
        return .charts(placed, height: rows * height)
    }

    private static func series(_ points: [HeldOutComparison.Point]) -> Series {
        Series(points.sorted { $0.x < $1.x }.map { SeriesPoint(step: $0.x, epoch: 0, time: 0, value: $0.y) })
    }

    // MARK: - Confusions

    /// Matrices of few classes whole, of many the most frequent confusions.
    private func confusions() -> [TextLine] {
        let classes = heldOut.classes
        var lines = [TextLine("Confusion", .title, .bold).adding("   rows: what it is; columns: what was said", .muted)]
        guard classes.count <= 6 else { return lines + frequentConfusions() }
        let cell = min(10, max(6, (classes.map { TextWidth.of($0) }.max() ?? 4) + 2))
        let block = cell * (classes.count + 1) + 3
        let perLine = max(1, (width - 2) / block)
        for start in stride(from: 0, to: labels.count, by: perLine) {
            let shown = start..<min(labels.count, start + perLine)
            var head = TextLine("", indent: 2)
            for run in shown {
                let name = "\(labels[run].badge) \(labels[run].name)"
                head.add(ComparisonColumns.fitted(name, block), labels[run].role, .bold)
            }
            var columns = TextLine("", indent: 2)
            for _ in shown {
                columns.add(String(repeating: " ", count: cell), .muted)
                for name in classes { columns.add(Self.right(name, cell), .muted) }
                columns.add("   ", .muted)
            }
            lines += [head, columns]
            for (row, name) in classes.enumerated() {
                var line = TextLine("", indent: 2)
                for run in shown {
                    line.add(Self.right(name, cell), .muted)
                    for column in classes.indices {
                        let count = heldOut.confusions[run][row * classes.count + column]
                        let role: ColorRole = row == column ? .good : count > 0 ? .bad : .muted
                        line.add(Self.right(NumberFormat.grouped(count), cell), role, row == column ? .bold : [])
                    }
                    line.add("   ", .muted)
                }
                lines.append(line)
            }
        }
        return lines
    }

    private func frequentConfusions() -> [TextLine] {
        let classes = heldOut.classes, count = classes.count
        return labels.indices.map { run in
            let wrong = heldOut.confusions[run].enumerated()
                .filter { $0.element > 0 && $0.offset / count != $0.offset % count }
                .sorted { ($1.element, $0.offset) < ($0.element, $1.offset) }
            let text = wrong.prefix(5).map { "\(classes[$0.offset / count]) as \(classes[$0.offset % count]) ×\($0.element)" }
            return TextLine("\(labels[run].badge) ", labels[run].role, .bold, indent: 2)
                .adding(text.isEmpty ? "none" : text.joined(separator: ", "))
        }
    }

    private static func right(_ text: String, _ width: Int) -> String {
        let shown = TextWidth.of(text) > width - 1 ? text.prefix(width - 2) + "…" : text[...]
        return String(repeating: " ", count: max(0, width - TextWidth.of(shown))) + shown
    }

    // MARK: - Disagreements

    private func disagreements() -> [TextLine] {
        let isExplained = heldOut.disagreements.contains { !$0.causes.isEmpty }
        let what = "what each run says of the record" + (isExplained ? ", and what the columns that differ most add" : "")
        var lines = [ComparisonText.heading("Where they disagree most", what)]
        for row in heldOut.disagreements {
            lines.append(TextLine("record \(NumberFormat.grouped(row.record))  is \(row.expected)", .text, .bold, indent: 2))
            lines.append(
                columns.row("  said") { run in
                    guard let place = heldOut.index(ofPlace: run) else { return .missing }
                    let said = row.predicted[place]
                    return .init(said, said == row.expected || said.hasPrefix(row.expected + " ") ? .good : .text)
                })
            lines += causes(of: row)
            let values = row.values.map { "\($0.name) \($0.values.first.flatMap { $0 } ?? "–")" }.joined(separator: ", ")
            lines += TextWrap.lines(values, width: max(8, width - 8)).prefix(2).map { TextLine($0, .muted, indent: 4) }
        }
        return lines
    }

    /// Columns that make the runs say different things of a row, with what each adds in each run.
    private func causes(of row: HeldOutComparison.Disagreement) -> [TextLine] {
        guard !row.causes.isEmpty else { return [] }
        let own = Dictionary(row.values.map { ($0.name, $0.values.first.flatMap { $0 } ?? "") }, uniquingKeysWith: { $1 })
        let most = row.causes.flatMap(\.values).map(\.magnitude).max() ?? 0
        let decimals = most >= 100 ? 0 : most >= 10 ? 1 : most >= 1 ? 2 : 3
        return row.causes.map { cause in
            columns.row("    \(cause.column) \(own[cause.column] ?? "")") { run in
                guard let place = heldOut.index(ofPlace: run), cause.values.indices.contains(place) else { return .missing }
                let value = cause.values[place]
                return .init(
                    NumberFormat.delta(value, decimals: decimals), value > 0 ? .series2 : value < 0 ? .series1 : .muted)
            }
        }
    }
}
