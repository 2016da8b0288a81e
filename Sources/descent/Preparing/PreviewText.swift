import Cells
import PipelineSteps
import PrintableText

/// What the steps of a pipeline did, as text.
enum PreviewText {
    /// Most columns of a step that are shown.
    private static let mostShown = 24

    static func text(_ preview: PipelinePreview) -> String {
        var out = "\(count(preview.rowCount, "row"))"
        if preview.heldOutCount > 0 { out += ", \(NumberFormat.grouped(preview.heldOutCount)) of them held out" }
        if let target = preview.target { out += "; the target is \(target.printable)" }
        out += "\n"
        for step in preview.steps { out += "\n" + text(step, target: preview.target) }
        return out
    }

    private static func text(_ step: PipelinePreview.Step, target: String?) -> String {
        let rows = arrow(NumberFormat.grouped(step.rowsBefore), NumberFormat.grouped(step.rowsAfter))
        let columns = arrow("\(step.columnsBefore)", "\(step.columnsAfter)")
        var out = "\(step.number)  \(step.words.printable)   \(rows) rows × \(columns) columns\n"
        if !step.changes.isEmpty {
            let head =
                ["", "column", "kind", "missing", "distinct", "mean", "min", "max"] + (target.map { ["tells of \($0)"] } ?? [])
            let rows = step.changes.prefix(mostShown).map { row($0, hasTarget: target != nil) }
            out += RunText.table([head] + rows, rightAligned: [3, 4, 5, 6, 7, 8])
            if step.changes.count > mostShown { out += "   and \(step.changes.count - mostShown) columns more\n" }
        }
        for note in step.notes.prefix(mostShown) { out += "   \(note.printable)\n" }
        return out
    }

    private static func row(_ change: PipelinePreview.Change, hasTarget: Bool) -> [String] {
        func cell(_ value: (PipelinePreview.Look) -> String) -> String {
            guard let before = change.before else { return change.after.map { value($0) } ?? "" }
            guard let after = change.after else { return value(before) }
            return arrow(value(before), value(after))
        }
        let number = { (value: Double?) in value.map { NumberFormat.significant($0) } ?? "·" }
        let mark = change.before == nil ? "+" : change.after == nil ? "−" : " "
        var cells = [
            " \(mark)", short(change.name), cell(\.kind), cell { NumberFormat.grouped($0.missing) },
            cell { NumberFormat.grouped($0.distinct) }, cell { number($0.mean) }, cell { number($0.minimum) },
            cell { number($0.maximum) },
        ]
        if hasTarget { cells.append(cell { $0.power.map { NumberFormat.percent($0, decimals: 1) } ?? "·" }) }
        return cells
    }

    private static func arrow(_ before: String, _ after: String) -> String { before == after ? before : "\(before) → \(after)" }

    private static func short(_ text: String) -> String { text.count > 30 ? text.prefix(29) + "…" : text }

    private static func count(_ number: Int, _ word: String) -> String {
        "\(NumberFormat.grouped(number)) \(word)\(number == 1 ? "" : "s")"
    }
}
