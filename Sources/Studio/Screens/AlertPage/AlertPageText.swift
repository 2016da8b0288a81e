import Cells
import Events

/// What an alert's page says.
struct AlertPageText {
    let item: AlertsState.Item
    let run: RunSummary
    let found: AlertEvidence?
    let state: AppState
    let width: Int

    private var alert: Alert { item.alert }

    var document: Document {
        var text = Document()
        text.head = head
        let pictures = AlertPicture(alert, run, found, state, width: width)
        if !pictures.blocks.isEmpty { text.add("Evidence", pictures.blocks) }
        text.add("Numbers", [.text(numbers)])
        if !alert.remedies.isEmpty { text.add("What to do", [.text(remedies)]) }
        return text
    }

    private var head: [TextLine] {
        let cleared = state.alerts.cleared(item), isOver = cleared != nil
        let step = "  from step \(NumberFormat.grouped(alert.step)) on  "
        let time = NumberFormat.clock(item.time, utcOffsetSeconds: state.utcOffsetSeconds)
        var lines = [
            TextLine("\(isOver ? "○" : alert.severity.glyph) \(alert.rule)", isOver ? .muted : alert.severity.role, .bold)
                .adding("  \(alert.severity.rawValue)", isOver ? .muted : alert.severity.role).adding(step + time, .muted)
                .adding("   ").adding(run.record.name, state.runs.role(of: item.run), link: .run(item.run, .overview))
        ]
        lines += wrapped(alert.summary, .text)
        if let cleared { lines += wrapped(cleared.clearedWords, .good) }
        // What a script wrote last may be long: it stands further down.
        if !alert.cause.contains("\n") { lines += wrapped(alert.cause, .muted) }
        lines += outcomes { _ in true } + taken
        let isSelected = state.alerts.selected == item
        if isSelected, alert.remedies.indices.contains(state.alerts.remedy) {
            let remedy = ("→ " + words(alert.remedies[state.alerts.remedy])).shortened(to: max(8, width - 4))
            lines.append(TextLine(remedy, .good, indent: 2))
        }
        return lines + [TextLine()]
    }

    /// The newest of what followed from it by itself: `12:03:11  stopped by action of Overfit`.
    private var taken: [TextLine] {
        state.alerts.actions(of: item).suffix(Self.mostActions).flatMap { taken in
            let time = NumberFormat.clock(taken.time, utcOffsetSeconds: state.utcOffsetSeconds)
            return TextWrap.lines(taken.action.message, width: max(8, width - 14)).enumerated().map { row, text in
                TextLine((row == 0 ? time : "").padded(to: 10), .muted, indent: 2).adding(text, taken.action.role)
            }
        }
    }

    private static let mostActions = 4

    private func words(_ remedy: Alert.Remedy) -> String {
        let set = remedy.set.sorted { $0.key < $1.key }.map { "\($0.key) = \($0.value)" }.joined(separator: ", ")
        return remedy.text + (set.isEmpty ? "" : " [\(set)]")
    }

    private var numbers: [TextLine] {
        var lines = alert.cause.contains("\n") ? [heading("What it wrote")] + wrapped(alert.cause, .text) + [TextLine()] : []
        lines.append(heading("Numbers"))
        if let column = alert.column { lines.append(TextLine("column ", .muted, indent: 2).adding(column, .accent)) }
        if let tensor = alert.tensor {
            lines.append(TextLine("tensor ", .muted, indent: 2).adding(tensor, .accent, link: .tensor(item.run, tensor)))
        }
        let name = alert.evidence.map { TextWidth.of($0.name) }.max() ?? 0
        lines += alert.evidence.map { evidence in
            let isThreshold = evidence.name.contains("threshold")
            return TextLine(evidence.name.padded(to: min(name, max(8, width - 16))) + "  ", .muted, indent: 2)
                .adding(
                    NumberFormat.compact(evidence.value, digits: 5), isThreshold ? .muted : .info, isThreshold ? [] : .bold)
        }
        if let count = alert.sampleSize {
            lines.append(TextLine("looks at \(NumberFormat.grouped(count)) values", .muted, indent: 2))
        }
        if let rate = alert.errorRate {
            let text = "speaks where nothing is wrong in \(NumberFormat.percent(rate, decimals: 1)) of runs"
            lines.append(TextLine(text, .muted, indent: 2))
        }
        return lines
    }

    private var remedies: [TextLine] {
        var lines = [heading("What to do")]
        let isSelected = state.alerts.selected == item
        for (index, remedy) in alert.remedies.enumerated() {
            let isChosen = isSelected && index == state.alerts.remedy
            for (row, line) in TextWrap.lines(words(remedy), width: max(8, width - 8)).enumerated() {
                let mark = row == 0 ? (isChosen ? "▸ " : "→ ") : "  "
                lines.append(TextLine(mark + line, isChosen ? .good : .muted, isChosen && row == 0 ? .bold : [], indent: 2))
            }
            lines += outcomes { $0 == remedy.set }
        }
        return lines
    }

    /// What came of the remedies that were tried, as far as they set what is wanted.
    private func outcomes(of isWanted: ([String: String]) -> Bool) -> [TextLine] {
        state.alerts.outcomes(of: item).filter { isWanted($0.outcome.set) }.map { measured in
            let helped = measured.outcome.helped
            let name = state.runs[measured.run]?.record.name ?? measured.run.text
            let words = (helped ? "✔ " : "✖ ") + measured.outcome.words { NumberFormat.significant($0) }
            return TextLine(words + "  by ", helped ? .good : .warning, indent: 4)
                .adding(name, .accent, link: .run(measured.run, .overview))
        }
    }

    private func heading(_ text: String) -> TextLine { TextLine(text, .title, .bold) }

    private func wrapped(_ text: String, _ role: ColorRole) -> [TextLine] {
        TextWrap.lines(text, width: max(8, width - 4)).map { TextLine($0, role, indent: 2) }
    }
}
