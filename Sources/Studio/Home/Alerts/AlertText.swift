import Cells
import Events

/// What the selected alert says when it is unfolded: evidence, cause, remedies.
package enum AlertText {
    /// The lines under the selected alert's own line, at most `rows`: what to do about it is the last to give way.
    package static func lines(_ state: AppState, width: Int, rows: Int) -> [TextLine] {
        guard let item = state.alerts.selected, width > 8 else { return [] }
        let evidence = evidence(item.alert, width - 4), cause = cause(item.alert, width - 6)
        let whole = summary(item.alert, state, width)
        let outcome = cleared(item, state, width - 4) + outcome(item, state, width - 4)
        var remedies = outcome + remedies(item.alert, width - 4, chosen: state.alerts.remedy)
        // What happened matters more than which key mends it, which the hint bar says, too, and than other remedies.
        if rows < remedies.count + whole.count { remedies.removeAll { $0 == fixHint } }
        while rows < remedies.count + whole.count, let last = remedies.last, last.parts.first?.role == .muted {
            remedies.removeLast()
        }
        var spare = max(0, rows - remedies.count)
        // A part of it says no more than its own line.
        let summary = spare >= whole.count ? whole : []
        spare -= summary.count
        // Of several lines, such as what a script wrote last, the last ones tell most.
        let isLog = item.alert.cause.contains("\n")
        var shownCause = isLog ? cause.suffix(spare) : cause.prefix(spare)
        if !isLog, let last = shownCause.indices.last, shownCause.count < cause.count { shownCause[last].add(" …", .muted) }
        let shownEvidence = evidence.prefix(max(0, spare - shownCause.count))
        return Array((summary + shownEvidence + shownCause + remedies).prefix(rows))
    }

    /// Widths of what stands before an alert's summary; no step where there is little room.
    package struct Columns: Hashable, Sendable {
        package var rule: Int
        package var step: Int
    }

    /// The widths for the alerts that can be on the screen.
    package static func columns(_ state: AppState, width: Int) -> Columns {
        let alerts = state.alerts.rows.dropFirst(state.alerts.cursor.top).prefix(64).map { state.alerts.items[$0].alert }
        return Columns(
            rule: min(24, alerts.map { TextWidth.of($0.rule) }.max() ?? 8),
            step: width < 44 ? 0 : alerts.map { TextWidth.of(step($0)) }.max() ?? 0)
    }

    package static func step(_ alert: Alert) -> String {
        alert.step == AlertsState.Item.noStep ? "" : "step \(NumberFormat.compact(Double(alert.step)))"
    }

    /// Whether the selected alert's summary stands under its line, for want of room on it.
    package static func unfoldsSummary(_ state: AppState, width: Int, rows: Int) -> Bool {
        guard let alert = state.alerts.selected?.alert, let first = summary(alert, state, width).first else { return false }
        return lines(state, width: width, rows: rows).first == first
    }

    /// The whole summary, when its own line has no room for it.
    private static func summary(_ alert: Alert, _ state: AppState, _ width: Int) -> [TextLine] {
        let columns = columns(state, width: width)
        let room = width - 6 - columns.rule - (columns.step > 0 ? columns.step + 2 : 0)
        guard TextWidth.of(alert.summary) > room else { return [] }
        return TextWrap.lines(alert.summary, width: max(1, width - 3)).map { TextLine($0, .text, indent: 3) }
    }

    /// That what was found is gone, and why.
    private static func cleared(_ item: AlertsState.Item, _ state: AppState, _ room: Int) -> [TextLine] {
        guard let evaluation = state.alerts.cleared(item) else { return [] }
        return TextWrap.lines("○ " + evaluation.clearedWords, width: room).map { TextLine($0, .good, indent: 4) }
    }

    /// What came of the remedy that was tried last, or of the one that helped.
    private static func outcome(_ item: AlertsState.Item, _ state: AppState, _ room: Int) -> [TextLine] {
        let tried = state.alerts.outcomes(of: item)
        guard let shown = tried.last(where: \.outcome.helped) ?? tried.last else { return [] }
        let name = state.runs[shown.run].map { " by \($0.record.name)" } ?? ""
        let text = (shown.outcome.helped ? "✔ " : "✖ ") + shown.outcome.words { NumberFormat.significant($0) } + name
        return TextWrap.lines(text, width: room).map { TextLine($0, shown.outcome.helped ? .good : .warning, indent: 4) }
    }

    private static func evidence(_ alert: Alert, _ room: Int) -> [TextLine] {
        if alert.evidence.isEmpty { return [] }
        let evidence = alert.evidence.map { "\($0.name) \(NumberFormat.compact($0.value, digits: 4))" }.joined(separator: " · ")
        return TextWrap.lines(evidence, width: room).map { TextLine($0, .info, indent: 4) }
    }

    private static func cause(_ alert: Alert, _ room: Int) -> [TextLine] {
        alert.cause.isEmpty ? [] : TextWrap.lines(alert.cause, width: room).map { TextLine($0, .text, indent: 4) }
    }

    private static let fixHint = TextLine("f", .key, .bold, indent: 6).adding(" fix: a new run with this remedy", .muted)

    private static func remedies(_ alert: Alert, _ room: Int, chosen: Int) -> [TextLine] {
        var lines: [TextLine] = []
        // The chosen remedy comes first, so that it is seen in a small pane, too.
        let order = alert.remedies.indices.filter { $0 == chosen } + alert.remedies.indices.filter { $0 != chosen }
        for index in order {
            let remedy = alert.remedies[index], isChosen = index == chosen
            let set = remedy.set.sorted { $0.key < $1.key }.map { "\($0.key) = \($0.value)" }.joined(separator: ", ")
            let text = remedy.text + (set.isEmpty ? "" : " [\(set)]")
            for (row, line) in TextWrap.lines(text, width: room - 2).enumerated() {
                let role: ColorRole = isChosen ? .good : .muted
                lines.append(TextLine((row == 0 ? "→ " : "  ") + line, role, isChosen && row == 0 ? .bold : [], indent: 4))
            }
            if isChosen, !remedy.set.isEmpty {
                lines.append(fixHint)
            }
        }
        return lines
    }

    /// Rows the unfolded alert takes under its own line; the list keeps a row for its neighbours where it can.
    package static func height(_ state: AppState, in interior: Rect) -> Int {
        let most = max(0, interior.height - (interior.height > 4 ? 2 : 1))
        return lines(state, width: interior.width, rows: most).count
    }
}
