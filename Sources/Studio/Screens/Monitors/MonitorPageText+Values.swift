import Cells
import CheckedNumbers
import Events

// Columns and metrics as time goes on.
extension MonitorPageText {
    /// Columns that the name, the mark and the numbers of a row take beside the heat map.
    private var nameWidth: Int {
        let names = (reading.judged.last?.drift.keys.map { TextWidth.of($0) } ?? []).max() ?? 6
        return min(max(8, names), max(8, min(26, width / 4)))
    }

    private var hasSparklines: Bool { width >= 110 }

    /// Windows that are shown, the newest at the right: one a column.
    private var shown: [MonitorExecution] {
        let room = width - nameWidth - (hasSparklines ? 51 : 34)
        return Array(reading.judged.suffix(max(8, room)))
    }

    var valuesTitle: String { record.kind == .dataQuality ? "What moved" : "What was measured" }

    var valuesNote: String {
        let ascii = state.settings.glyphs == .ascii
        let violated = ascii ? "!" : "▲"
        guard record.kind == .dataQuality else { return "a column a window, the newest at the right; \(violated) violated" }
        let shades = ascii ? [".", ":", "o", "#"] : ["░", "▒", "▓", "█"]
        let scale = zip(shades, ["0.02", "0.05", "0.1", "0.2"]).map { "\($0) \($1)" }.joined(separator: " ")
        return "distance by window, \(scale); \(violated) violated"
    }

    /// When the first and the last window were.
    var axis: TextLine {
        let windows = shown, start = "  " + String(repeating: " ", count: nameWidth + 2)
        guard let first = windows.first, let last = windows.last, windows.count > 1 else { return TextLine(start, .muted) }
        let left = when(first.scheduledAt), right = when(last.scheduledAt)
        let gap = windows.count - TextWidth.of(left) - TextWidth.of(right)
        // Where there is no room for both, the newest tells.
        guard gap >= 1 else { return TextLine(start + right, .muted) }
        return TextLine(start + left + String(repeating: " ", count: gap) + right, .muted)
    }

    /// A row a column or a metric: its windows by how far they are, and since when it does not meet its constraints.
    var values: DocumentTable? {
        guard let newest = reading.judged.last, !newest.drift.isEmpty else { return nil }
        let violated = newest.violated
        let order = MonitorWords.order(newest.drift, violated: violated, kind: record.kind)
        // What is violated and has no distance, as a column that is missing, is a row too.
        let unmeasured = violated.filter { newest.drift[$0] == nil }.sorted()
        let rows = (unmeasured + order).map { name in
            DocumentTable.Row(line(name), fileValues(name), link: .monitorValue(record.name, name))
        }
        return DocumentTable(
            record.kind == .dataQuality ? "drift" : "metrics",
            header: ["name"] + shown.map { "\($0.scheduledAt)" }, headLine: nil, rows: rows)
    }

    private func fileValues(_ name: String) -> [String] { [name] + shown.map { $0.drift[name].map { "\($0)" } ?? "" } }

    private func line(_ name: String) -> TextLine {
        let windows = shown, isBad = windows.last?.violation(of: name) != nil
        var line = TextLine(isBad ? "▲ " : "  ", .bad, .bold)
        let short = name.shortened(to: nameWidth)
        line.add(
            short + String(repeating: " ", count: nameWidth - TextWidth.of(short) + 2), isBad ? .text : .accent,
            isBad ? .bold : [])
        for part in record.kind == .dataQuality ? heat(name, windows) : dots(name, windows) { line.parts.append(part) }
        if hasSparklines, record.kind == .dataQuality {
            let values = windows.suffix(15).map { $0.drift[name] ?? .nan }
            line.add("  " + padded(Sparkline.text(values: values, width: 15, glyphs: state.settings.glyphs), 15), .series1)
        }
        let now = windows.last?.drift[name].map { NumberFormat.significant($0, digits: 3) } ?? "–"
        line.add("  " + leading(now, 8), isBad ? .bad : .text, .bold)
        if record.kind != .dataQuality {
            let before = reading.baseline[name].map { "was " + NumberFormat.significant($0, digits: 3) } ?? ""
            line.add("  " + padded(before, 10), .muted)
        }
        if let since = reading.judged.violatedSince(name) { line.add("  since \(when(since.scheduledAt))", .bad) }
        return line
    }

    private func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - TextWidth.of(text)))
    }

    private func leading(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - TextWidth.of(text))) + text
    }

    /// Distances as shades; windows in which the column does not meet its constraints stand out in colour, and as a sign where there is none.
    private func heat(_ name: String, _ windows: [MonitorExecution]) -> [TextLine.Part] {
        parts(name, windows) { value in
            guard let value else { return " " }
            let shades: [Character] = state.settings.glyphs == .ascii ? [" ", ".", ":", "o", "#"] : ["·", "░", "▒", "▓", "█"]
            let level = [0.02, 0.05, 0.1, 0.2].count { value >= $0 }
            return shades[level]
        }
    }

    /// Metrics as a sparkline, a character a window.
    private func dots(_ name: String, _ windows: [MonitorExecution]) -> [TextLine.Part] {
        let values = windows.map { $0.drift[name] ?? .nan }
        let text = Array(Sparkline.text(values: values, width: values.count, glyphs: state.settings.glyphs))
        var place = -1
        return parts(name, windows) { _ in
            place += 1
            return text.indices.contains(place) ? text[place] : " "
        }
    }

    private func parts(
        _ name: String, _ windows: [MonitorExecution], _ shade: (Double?) -> Character
    ) -> [TextLine.Part] {
        var parts: [TextLine.Part] = []
        let hasSign = state.isColorless || state.settings.glyphs == .ascii
        for window in windows {
            let isBad = window.violation(of: name) != nil, own = shade(window.drift[name])
            let sign: Character = state.settings.glyphs == .ascii ? "!" : "▲"
            let character = isBad && (hasSign || own == " " || own == "·") ? sign : own
            let role: ColorRole = isBad ? .bad : own == "·" ? .faint : .series1
            if let last = parts.indices.last, parts[last].role == role {
                parts[last].text.append(character)
            } else {
                parts.append(TextLine.Part(text: String(character), role: role, attributes: []))
            }
        }
        return parts
    }

    // MARK: - The chart

    var chartHeight: Int {
        let room = StudioLayout.interior(Rect(state.size)).height - 6 - min(12, values?.rows.count ?? 0)
        return min(14, room)
    }

    /// The value that tells most, as time goes on: what is violated, else the first.
    func chart(height: Int) -> Document.Block? {
        guard height >= 7, reading.judged.count > 1, let newest = reading.judged.last,
            let name = MonitorWords.order(
                newest.drift, violated: newest.violated, kind: record.kind
            ).first
        else { return nil }
        let chart = MonitorCurve(reading.judged, name, baseline: reading.baseline[name], state).chart
        var title = heading(name).adding(record.kind == .dataQuality ? "   distance from the baseline" : "", .muted)
        if reading.baseline[name] != nil { title.add("   ┄ the baseline", .muted) }
        let rect = Rect(x: 0, y: 0, width: width - 2, height: height)
        return .charts([DocumentChart(title: title, in: rect, chart, isOfCurves: true)], height: height)
    }
}

/// One value of a monitor over its windows, with its baseline.
struct MonitorCurve {
    let chart: LineChart

    /// - Parameter executions: that looked at rows, the oldest first.
    init(_ executions: [MonitorExecution], _ name: String, baseline: Double?, _ state: AppState) {
        let known = executions.compactMap { one in one.drift[name].map { (time: one.scheduledAt, value: $0) } }
        func point(_ time: Double, _ value: Double) -> SeriesPoint { SeriesPoint(step: time, epoch: 0, time: time, value: value) }
        var series = [
            ChartSeries(label: name, color: .series1, isFocused: true, series: Series(known.map { point($0.time, $0.value) }))
        ]
        if let baseline, let first = known.first, let last = known.last {
            series.append(
                ChartSeries(
                    label: "baseline", color: .muted, dash: .dashed,
                    series: Series([point(first.time, baseline), point(last.time, baseline)])))
        }
        var chart = LineChart(series: series)
        (chart.glyphs, chart.bands, chart.isColorless) = (state.settings.glyphs, state.bands, state.isColorless)
        (chart.xAxis, chart.utcOffsetSeconds, chart.drawsEveryPoint) = (.wallTime, state.utcOffsetSeconds, true)
        chart.marks = executions.filter { $0.violation(of: name) != nil }.map {
            ChartMark(x: $0.scheduledAt, scalar: "▲", role: .bad, kind: .point(y: nil))
        }
        self.chart = chart
    }
}
