import Cells
import Events

/// What the selected alert says when it is unfolded: evidence, cause, remedies.
package enum AlertText {
    /// The lines under the selected alert's own line.
    package static func lines(_ state: AppState, width: Int) -> [TextLine] {
        guard let item = state.alerts.selected, width > 8 else { return [] }
        let alert = item.alert
        let room = width - 4
        var lines: [TextLine] = []
        if !alert.evidence.isEmpty {
            let evidence = alert.evidence.map { "\($0.name) \(NumberFormat.significant($0.value))" }.joined(separator: "   ")
            lines += TextWrap.lines(evidence, width: room).map { TextLine($0, .info, indent: 4) }
        }
        if !alert.cause.isEmpty {
            lines += TextWrap.lines(alert.cause, width: room).map { TextLine($0, .text, indent: 4) }
        }
        for (index, remedy) in alert.remedies.enumerated() {
            let isChosen = index == state.alerts.remedy
            let set = remedy.set.sorted { $0.key < $1.key }.map { "\($0.key) = \($0.value)" }.joined(separator: ", ")
            let text = remedy.text + (set.isEmpty ? "" : "  [\(set)]")
            for (row, line) in TextWrap.lines(text, width: room - 2).enumerated() {
                let role: ColorRole = isChosen ? .good : .muted
                lines.append(TextLine((row == 0 ? "→ " : "  ") + line, role, isChosen && row == 0 ? .bold : [], indent: 4))
            }
        }
        if alert.remedies.contains(where: { !$0.set.isEmpty }) {
            lines.append(TextLine("f", .key, .bold, indent: 4).adding(" fix: new run with this remedy", .muted))
        }
        return lines
    }

    /// Rows the unfolded alert takes under its own line; the list keeps a row for its neighbours where it can.
    package static func height(_ state: AppState, in interior: Rect) -> Int {
        min(lines(state, width: interior.width).count, max(0, interior.height - (interior.height > 4 ? 2 : 1)))
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
