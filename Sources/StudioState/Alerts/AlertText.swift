import Cells
import Events

/// What the selected alert says when it is unfolded: evidence, cause, remedies.
package enum AlertText {
    /// The lines under the selected alert's own line, at most `rows`: what to do about it is the last to give way.
    package static func lines(_ state: AppState, width: Int, rows: Int) -> [TextLine] {
        guard let item = state.alerts.selected, width > 8 else { return [] }
        let evidence = evidence(item.alert, width - 4), cause = cause(item.alert, width - 6)
        let remedies = remedies(item.alert, width - 4, chosen: state.alerts.remedy)
        let spare = max(0, rows - remedies.count)
        var shownCause = cause.prefix(spare)
        if let last = shownCause.indices.last, shownCause.count < cause.count { shownCause[last].add(" …", .muted) }
        let shownEvidence = evidence.prefix(max(0, spare - shownCause.count))
        return Array((shownEvidence + shownCause + remedies).prefix(rows))
    }

    private static func evidence(_ alert: Alert, _ room: Int) -> [TextLine] {
        if alert.evidence.isEmpty { return [] }
        let evidence = alert.evidence.map { "\($0.name) \(NumberFormat.compact($0.value, digits: 4))" }.joined(separator: " · ")
        return TextWrap.lines(evidence, width: room).map { TextLine($0, .info, indent: 4) }
    }

    private static func cause(_ alert: Alert, _ room: Int) -> [TextLine] {
        alert.cause.isEmpty ? [] : TextWrap.lines(alert.cause, width: room).map { TextLine($0, .text, indent: 4) }
    }

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
                lines.append(TextLine("f", .key, .bold, indent: 6).adding(" fix: a new run with this remedy", .muted))
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

/// Why an alert's action cannot be done.
enum AlertRefusal {
    @Sendable static func fix(_ state: AppState) -> String? {
        guard let item = state.selectedAlert else { return "there is no alert" }
        if item.alert.remedies.isEmpty { return "this alert suggests no remedy" }
        return state.runs[item.run] == nil ? "the alert's run is not in this workspace any more" : nil
    }
}
