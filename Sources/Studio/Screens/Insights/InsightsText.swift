import Cells
import Events

/// The rules of a run with their states and parameters, and a table of runs and how severe what was found in them is.
struct InsightsText {
    let reports: [RuleReport]?
    let run: RunID
    let state: AppState
    let width: Int

    /// Runs that the table lists at most: those with the newest alerts.
    private static let mostRuns = 50

    var document: Document {
        var text = Document()
        text.head = [head]
        guard let reports else {
            text.add("Rules", [TextLine("playing the run to its rules …", .muted)])
            return text
        }
        for (title, part) in Self.groups(reports) {
            text.add(title, [.text([heading(title, counts(part))]), .table(table(part, title))])
        }
        if !settings(reports).isEmpty {
            text.add("Settings", [.text([heading("Settings that differ from the defaults", "")] + settings(reports))])
        }
        text.add("Alerts", [.text([heading("Alerts", "of all runs, by severity; those that stand")])] + runs)
        return text
    }

    /// The tables of rules in their order: of each what matters most first.
    static func groups(_ reports: [RuleReport]) -> [(title: String, reports: [RuleReport])] {
        let titles: [(RuleReport.Origin, String)] = [
            (.own, "Own rules"), (.descent, "Rules"), (.profiler, "Rules of the profiler"), (.sagemaker, "SageMaker's rules"),
        ]
        let order: [RuleState] = [.issue, .error, .suspect, .cleared, .ok, .waitingForData, .disabled]
        return titles.compactMap { origin, title in
            let part = reports.enumerated().filter { $0.element.origin == origin }.sorted {
                (order.firstIndex(of: $0.element.state) ?? 0, $0.offset) < (
                    order.firstIndex(of: $1.element.state) ?? 0, $1.offset
                )
            }.map(\.element)
            return part.isEmpty ? nil : (title, part)
        }
    }

    private func heading(_ text: String, _ note: String) -> TextLine {
        TextLine(text, .title, .bold).adding(note.isEmpty ? "" : "   " + note, .muted)
    }

    private var head: TextLine {
        let name = state.runs[run]?.record.name ?? run.text
        let line = TextLine(String(state.runs.letter(of: run)), state.runs.role(of: run), .bold).adding(" " + name, .text, .bold)
        guard let status = state.runs[run]?.status else { return line }
        return line.adding("   " + status.word, status.role)
    }

    /// `9 OK · 2 wait for data`.
    private func counts(_ reports: [RuleReport]) -> String {
        RuleState.allCases.compactMap { wanted in
            let count = reports.count { $0.state == wanted }
            return count > 0 ? "\(count) \(wanted.word)" : nil
        }.joined(separator: " · ")
    }

    private func table(_ sorted: [RuleReport], _ title: String) -> DocumentTable {
        let names = sorted.map { TextWidth.of($0.name) }.max() ?? 8
        let columns = [
            TableColumn(title: "", width: 1, priority: 0),
            TableColumn(title: "rule", width: max(4, min(28, names)), priority: 1),
            TableColumn(title: "state", width: 8, priority: 2),
            TableColumn(title: "step", width: 9, isRight: true, priority: 4),
            TableColumn(title: "why, or what it waits for", width: 20, priority: 3, isFlexible: true, least: 12, most: 200),
        ]
        let cells = sorted.map { report in
            // What is only a remark is no issue.
            let severity = report.state == .issue ? report.alert?.severity : nil
            let role = severity?.role ?? report.state.role
            return [
                TableCell(text: severity?.glyph ?? report.state.glyph, role: role, attributes: .bold),
                TableCell(
                    text: report.name, role: report.state == .disabled ? .muted : .text,
                    attributes: report.alert == nil ? [] : .bold),
                TableCell(text: severity?.word ?? report.state.word, role: role),
                TableCell(text: report.state == .ok ? "" : report.step.map { NumberFormat.grouped($0) } ?? "", role: .muted),
                TableCell(
                    text: words(report), role: report.wait?.hint != nil ? .warning : report.alert == nil ? .muted : .text),
            ]
        }
        return DocumentTable(
            title, columns, cells, links: sorted.map { $0.alert.map { .alert(AlertReference(run: run, rule: $0.rule)) } },
            width: width - 2,
            indent: 2)
    }

    private func words(_ report: RuleReport) -> String {
        if let wait = report.wait { return wait.words { NumberFormat.grouped($0) } }
        return report.reason.isEmpty ? report.summary : report.reason
    }

    private func settings(_ reports: [RuleReport]) -> [TextLine] {
        reports.flatMap { report in
            report.parameters.filter { $0.value != $0.defaultValue }.map { parameter in
                TextLine("\(report.name).\(parameter.name) ", .text, indent: 2).adding(parameter.value, .accent, .bold)
                    .adding("   usually \(parameter.defaultValue): \(parameter.summary)", .muted)
            }
        }
    }

    // MARK: - All runs

    private var runs: [Document.Block] {
        var order: [RunID] = [], open: [RunID: [Alert.Severity: Int]] = [:], cleared: [RunID: Int] = [:]
        for row in state.alerts.items where !(state.runs[row.run]?.isDeleted ?? true) {
            if open[row.run] == nil {
                order.append(row.run)
                open[row.run] = [:]
            }
            if state.alerts.cleared(row) == nil {
                open[row.run, default: [:]][row.alert.severity, default: 0] += 1
            } else {
                cleared[row.run, default: 0] += 1
            }
        }
        guard !order.isEmpty else { return [.text([TextLine("Nothing was found in any run.", .muted, indent: 2)])] }
        let severities: [Alert.Severity] = [.issue, .warning, .info]
        let shown = order.prefix(Self.mostRuns)
        let columns =
            [TableColumn(title: "run", width: 20, priority: 0, isFlexible: true, least: 8, most: 44)]
            + ["issues", "warnings", "remarks", "cleared"].map { TableColumn(title: $0, width: 9, isRight: true, priority: 1) }
        let cells = shown.map { id -> [TableCell] in
            let name = state.runs[id]?.record.name ?? id.text
            let counts = severities.map { severity -> TableCell in
                let count = open[id]?[severity] ?? 0
                return TableCell(text: count > 0 ? "\(severity.glyph) \(count)" : "·", role: count > 0 ? severity.role : .faint)
            }
            let gone = cleared[id] ?? 0
            return [TableCell(text: "\(state.runs.letter(of: id)) \(name)", role: state.runs.role(of: id))] + counts
                + [TableCell(text: gone > 0 ? "○ \(gone)" : "·", role: gone > 0 ? .muted : .faint)]
        }
        let left = order.count - shown.count
        return [
            .table(
                DocumentTable(
                    "alerts", columns, Array(cells), links: shown.map { .run($0, .alerts) }, width: min(width - 2, 100), indent: 2
                ))
        ] + (left > 0 ? [.text([TextLine("and \(left) runs more", .muted, indent: 2)])] : [])
    }
}

extension RuleState {
    /// Told apart without colour.
    package var glyph: String {
        switch self {
        case .waitingForData: "…"
        case .ok: "✔"
        case .suspect: "?"
        case .issue: "▲"
        case .cleared: "○"
        case .error: "✖"
        case .disabled: "–"
        }
    }

    var word: String {
        switch self {
        case .waitingForData: "waits"
        case .ok: "OK"
        case .suspect: "suspects"
        case .issue: "issue"
        case .cleared: "cleared"
        case .error: "error"
        case .disabled: "off"
        }
    }

    var role: ColorRole {
        switch self {
        case .waitingForData, .cleared, .disabled: .muted
        case .ok: .good
        case .suspect: .warning
        case .issue, .error: .bad
        }
    }
}
