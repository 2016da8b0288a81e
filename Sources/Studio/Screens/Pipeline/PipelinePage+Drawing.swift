import Cells
import PipelineSteps
import PrintableText

extension PipelinePage {
    package func draw(_ state: AppState, into buffer: inout CellBuffer, in place: Rect) {
        let room = parts(place)
        buffer.write(headLine, x: room.head.x + 1, y: room.head.y, on: .popup, clip: room.head)
        drawRule(state.settings.glyphs == .ascii, into: &buffer, in: room.rule)
        guard !pipeline.steps.isEmpty else {
            buffer.writeEmpty(["no steps yet", "a adds one"], in: room.steps, on: .popup)
            return buffer.writeEmpty(["each step shows here", "what it did to the columns"], in: room.changes, on: .popup)
        }
        for offset in 0..<max(0, min(room.steps.height, pipeline.steps.count - cursor.top)) {
            drawStep(
                cursor.top + offset, into: &buffer,
                in: Rect(x: room.steps.x, y: room.steps.y + offset, width: room.steps.width, height: 1))
        }
        let lines = lines(width: room.changes.width)
        for (row, line) in lines.dropFirst(skipped).prefix(room.changes.height).enumerated() {
            buffer.write(line, x: room.changes.x, y: room.changes.y + row, on: .popup, clip: room.changes)
        }
        if lines.count > skipped + room.changes.height, room.changes.height > 0 {
            buffer.write(
                " more: pgdn ", endingAt: room.changes.maxX, y: room.changes.maxY - 1, Style(.accent, on: .popup),
                clip: room.changes)
        }
    }

    /// `1,338 rows, 334 held out   target charges`.
    private var headLine: TextLine {
        var line = TextLine()
        if let preview {
            line.add("\(NumberFormat.grouped(preview.rowCount)) rows", .text, .bold)
            if preview.isOfFirstRows { line.add(" at the file's beginning", .warning) }
            if preview.heldOutCount > 0 { line.add("   \(NumberFormat.grouped(preview.heldOutCount)) held out", .muted) }
        }
        if let target = target ?? preview?.target {
            line.add("   target ", .muted)
            line.add(target.printable, .info)
        } else {
            line.add("   no target: a step names it", .muted)
        }
        if !isCurrent { line.add("   working …", .warning) }
        return line
    }

    private func drawRule(_ isAscii: Bool, into buffer: inout CellBuffer, in rect: Rect) {
        let isColumn = rect.width == 1
        let glyph = isColumn ? (isAscii ? "|" : "│") : (isAscii ? "-" : "─")
        for offset in 0..<(isColumn ? rect.height : rect.width) {
            buffer.write(
                glyph, x: rect.x + (isColumn ? 0 : offset), y: rect.y + (isColumn ? offset : 0), Style(.faint, on: .popup),
                clip: rect)
        }
    }

    private func drawStep(_ index: Int, into buffer: inout CellBuffer, in line: Rect) {
        let step = pipeline.steps[index], isHere = index == cursor.index
        let isFaulty = isCurrent && preview?.fault != nil && index == preview?.steps.count
        let isUndone = isCurrent && preview?.fault != nil && index > (preview?.steps.count ?? 0)
        buffer.write(isHere ? "▸" : " ", x: line.x, y: line.y, Style(.accent, on: .popup), clip: line)
        buffer.write("\(index + 1)", endingAt: line.x + 4, y: line.y, Style(isFaulty ? .bad : .muted, on: .popup), clip: line)
        let word = step.kind.rawValue, role: ColorRole = isFaulty ? .bad : isUndone ? .faint : .titleFocused
        let x = buffer.write(word, x: line.x + 5, y: line.y, Style(role, on: .popup, .bold), clip: line)
        let rest = String(step.words.dropFirst(word.count)).printable
        let room = Rect(x: x, y: line.y, width: max(0, line.maxX - x - 1), height: 1)
        buffer.write(
            rest.shortenedAtEnd(to: room.width), x: x, y: line.y, Style(isUndone ? .faint : .text, on: .popup), clip: room)
        if isHere { buffer.highlight(line) }
    }

    // MARK: - What the step did

    /// The lines at the right.
    func lines(width: Int) -> [TextLine] {
        guard let step else { return [] }
        var lines = [TextLine(step.kind.summary, .muted)]
        if isCurrent, let fault = preview?.fault, cursor.index >= (preview?.steps.count ?? 0) {
            if cursor.index > (preview?.steps.count ?? 0) {
                return lines + [TextLine("not done: a step before it fails", .warning)]
            }
            return lines + [TextLine()] + TextWrap.lines(fault, width: max(8, width)).map { TextLine($0, .bad) }
        }
        guard let change = change(of: cursor.index) else { return lines }
        lines.append(Self.counts(change))
        for note in change.notes {
            lines += TextWrap.lines(note.printable, width: max(8, width)).map { TextLine($0, .text) }
        }
        guard !change.changes.isEmpty else { return lines }
        lines.append(TextLine())
        let table = ChangeTable(width: width, target: preview?.target)
        lines.append(table.head)
        for one in change.changes { lines += table.lines(one) }
        return lines
    }

    /// `1,004 → 930 rows   7 → 8 columns`.
    private static func counts(_ step: PipelinePreview.Step) -> TextLine {
        var line = TextLine()
        func add(_ before: Int, _ after: Int, _ word: String) {
            line.add(NumberFormat.grouped(before), before == after ? .text : .muted)
            if before != after {
                line.add(" → ", .faint)
                line.add(NumberFormat.grouped(after), .accent, .bold)
            }
            line.add(" \(word)   ", .muted)
        }
        add(step.rowsBefore, step.rowsAfter, "rows")
        add(step.columnsBefore, step.columnsAfter, "columns")
        return line
    }
}

/// Columns before and after a step, two lines each.
private struct ChangeTable {
    let name: Int
    /// Titles and widths of what fits.
    private var columns: [(title: String, width: Int, value: (PipelinePreview.Look) -> String)] = []

    init(width: Int, target: String?) {
        let number = { (value: Double?) in value.map { NumberFormat.fitted($0, width: 8) } ?? "·" }
        var wanted: [(String, Int, Int, (PipelinePreview.Look) -> String)] = [
            ("kind", 11, 3, { $0.kind }), ("missing", 7, 1, { NumberFormat.compact(Double($0.missing)) }),
            ("distinct", 8, 5, { NumberFormat.compact(Double($0.distinct)) }), ("mean", 8, 2, { number($0.mean) }),
            ("min", 8, 4, { number($0.minimum) }), ("max", 8, 4, { number($0.maximum) }),
        ]
        if target != nil {
            wanted.append(("tells", 7, 0, { $0.power.map { NumberFormat.percent($0, decimals: 1) } ?? "·" }))
        }
        name = min(24, max(9, width / 5))
        var used = name + 7
        var kept: Set<Int> = []
        // What says most comes first, where not all fits.
        for (index, one) in wanted.enumerated().sorted(by: { $0.element.2 < $1.element.2 }) where used + one.1 + 2 <= width {
            used += one.1 + 2
            kept.insert(index)
        }
        columns = wanted.indices.filter(kept.contains).map { (wanted[$0].0, wanted[$0].1, wanted[$0].3) }
    }

    private func padded(_ text: String, _ width: Int, isRight: Bool = true) -> String {
        let cut = text.shortenedAtEnd(to: width), pad = String(repeating: " ", count: max(0, width - TextWidth.of(cut)))
        return isRight ? pad + cut : cut + pad
    }

    var head: TextLine {
        TextLine(padded("", name + 7, isRight: false) + columns.map { "  " + padded($0.title, $0.width) }.joined(), .muted)
    }

    func lines(_ change: PipelinePreview.Change) -> [TextLine] {
        var lines: [TextLine] = []
        if let before = change.before {
            lines.append(line(change.name, change.after == nil ? "gone" : "before", before, change.after, isAfter: false))
        }
        if let after = change.after {
            lines.append(
                line(
                    change.before == nil ? change.name : "", change.before == nil ? "new" : "after", after, change.before,
                    isAfter: true))
        }
        return lines
    }

    /// - Parameter other: the column at the other side of the step: what differs from it is bright.
    private func line(
        _ title: String, _ word: String, _ look: PipelinePreview.Look, _ other: PipelinePreview.Look?, isAfter: Bool
    ) -> TextLine {
        var line = TextLine(padded(title.printable, name, isRight: false), .text, .bold)
        let role: ColorRole = word == "gone" ? .warning : word == "new" ? .good : .muted
        line.add(" " + padded(word, 6, isRight: false), role)
        for column in columns {
            let text = column.value(look), isNew = isAfter && other.map { column.value($0) != text } ?? true
            line.add("  " + padded(text, column.width), isNew && isAfter ? .accent : isAfter ? .text : .muted)
        }
        return line
    }
}
