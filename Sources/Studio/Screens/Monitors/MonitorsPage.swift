import Cells
import Events

/// All monitors of the workspace, and what they found last.
package struct MonitorsPage: Screen {
    package var reading = Reading()

    package var contexts: [KeyContext] { [.monitors, .monitoring, .detail] }

    package func title(_ state: AppState) -> String { "Monitors" }

    /// The monitor under the cursor, else the first with violations, else the first.
    func chosen(_ state: AppState) -> MonitorStanding? {
        if case .monitor(let name)? = reading.stop?.link { return state.serving.monitor(name) }
        return state.serving.monitors.first { !$0.violations.isEmpty } ?? state.serving.monitors.first
    }

    package func document(_ state: AppState, width: Int) -> Document {
        let monitors = state.serving.monitors
        guard !monitors.isEmpty else { return Self.empty(state, width: width) }
        var document = Document()
        if !state.serving.isServed, monitors.contains(where: { $0.record.nextAt != nil }) {
            document.head = [
                TextLine("○ the host is away: S starts one, which catches up on what the schedules missed", .warning)
            ]
        }
        document.add("", [.table(table(monitors, state, width: width - 2))])
        let room = StudioLayout.interior(place(on: state.size)).height - monitors.count - 5
        if room >= 6, let standing = chosen(state) { document.add("", strip(standing, state, width: width, height: room)) }
        return document
    }

    private static func empty(_ state: AppState, width: Int) -> Document {
        let lines = [
            "Nothing watches what models are asked yet.", "",
            "w on an endpoint (7), a run or a kept model has everything written down that it is asked, and monitors compare it with what "
                + "the model was trained on: the data, how good the answers are once labels come, and what the columns do.",
            "Or from a shell: descent monitor setup ENDPOINT",
        ]
        return Document(lines.flatMap { TextWrap.lines($0, width: max(8, width - 2)) }.map { TextLine($0, .muted) })
    }

    private func table(_ monitors: [MonitorStanding], _ state: AppState, width: Int) -> DocumentTable {
        let names = monitors.map { TextWidth.of($0.record.name) }.max() ?? 8
        let sources = monitors.map { TextWidth.of($0.record.sourceWords) }.max() ?? 8
        let columns = [
            TableColumn(title: "monitor", width: min(30, max(8, names)), priority: 0),
            TableColumn(title: "status", width: 25, priority: 1),
            TableColumn(title: "last", width: 8, isRight: true, priority: 3),
            TableColumn(title: "next", width: 8, isRight: true, priority: 4),
            TableColumn(title: "type", width: 13, priority: 5),
            TableColumn(title: "of", width: min(24, max(6, sources)), priority: 6),
            TableColumn(title: "schedule", width: 20, priority: 7),
            TableColumn(title: "violations", width: 40, priority: 2, isFlexible: true, least: 12, most: 90),
        ]
        return DocumentTable(
            "monitors", columns, monitors.map { cells($0, state) }, links: monitors.map { ObjectLink.monitor($0.record.name) },
            width: width)
    }

    private func cells(_ standing: MonitorStanding, _ state: AppState) -> [TableCell] {
        let record = standing.record, last = standing.last
        let status = last.map { "\(MonitorWords.glyph($0.status)) \($0.status.rawValue)" } ?? "○ not yet"
        let violations = standing.violations
        let found =
            violations.isEmpty
            ? TableCell(text: standing.judged == nil ? "–" : "none", role: .muted)
            : TableCell(text: MonitorWords.violations(violations), role: .bad, attributes: .bold)
        return [
            TableCell(text: record.name, role: .accent, attributes: .bold),
            TableCell(text: status, role: last.map { MonitorWords.role($0.status) } ?? .muted),
            TableCell(text: last.map { EndpointWords.ago($0.endedAt ?? $0.scheduledAt, state.now) } ?? "–", role: .muted),
            TableCell(text: MonitorWords.next(record, state.now), role: record.isPaused ? .warning : .muted),
            TableCell(text: MonitorWords.kind(record.kind)),
            TableCell(text: record.sourceWords, role: .muted),
            TableCell(text: MonitorWords.schedule(record), role: .muted),
            found,
        ]
    }

    /// What the monitor under the cursor found last: how far each column or metric is from its baseline.
    private func strip(_ standing: MonitorStanding, _ state: AppState, width: Int, height: Int) -> [Document.Block] {
        let record = standing.record
        var title = TextLine(record.name, .title, .bold)
        guard let judged = standing.judged else {
            title.add("   it has looked at no rows yet", .muted)
            return [.text([title])]
        }
        title.add(
            "   \(NumberFormat.grouped(judged.rowCount)) rows, "
                + (record.kind == .dataQuality ? "each column's distance from its baseline" : "what it measured"), .muted)
        let violated = judged.violated
        let order = MonitorWords.order(judged.drift, violated: violated, kind: record.kind)
        let bars = order.prefix(max(1, min(height - 3, 14))).map { name in
            let value = judged.drift[name] ?? 0, isBad = violated.contains(name)
            return BarChart.Bar(
                name, value, text: NumberFormat.significant(value, digits: 3), note: isBad ? "▲" : "", noteRole: .bad)
        }
        let most = record.kind == .dataQuality ? max(0.2, bars.map(\.value).max() ?? 0) : nil
        let chart = BarChart(bars, most: most)
        var lines = chart.lines(width: min(width - 4, 90), role: .accent, indent: 2)
        for violation in judged.violations.prefix(max(0, height - bars.count - 3)) {
            lines.append(TextLine("▲ \(violation.feature)  ", .bad, .bold, indent: 2).adding(violation.description, .muted))
        }
        return [.text([title] + lines)]
    }
}
