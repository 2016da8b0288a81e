import Cells
import CheckedNumbers

/// One row: from what is expected, column by column, to what is predicted.
struct RowPicture {
    let text: ExplainText

    private var found: RunExplanation { text.found }
    private var page: ExplainPage { text.page }

    private func value(_ column: Int) -> Double {
        page.whatIf.map { $0.values[page.output * found.columns.count + column] } ?? found.value(page.row, page.output, column)
    }

    private var predicted: Double {
        page.whatIf.map { $0.predicted[page.output] } ?? found.predicted[page.row * found.outputs.count + page.output]
    }

    var lines: [TextLine] {
        guard found.rows.indices.contains(page.row) else { return [TextLine("There are no rows.", .muted)] }
        let order = page.order, names = text.nameWidth, values = max(6, min(16, text.width / 6))
        let start = names + values + 16, room = max(8, text.width - start - 2)
        var totals = [found.expected[page.output]]
        for column in order { totals.append(totals[totals.count - 1] + value(column)) }
        let finite = totals.filter(\.isFinite)
        let low = finite.min() ?? 0, high = max(finite.max() ?? 1, low + .leastNormalMagnitude)
        func cell(_ total: Double) -> Int {
            min(room - 1, max(0, Int(nearestWithin: (total - low) / (high - low) * Double(room - 1))))
        }
        var lines = [edge("expected", totals[0], names, values, cell(totals[0]))]
        for place in text.window(order.count, room: max(2, text.room - 4)) {
            let column = order[place]
            lines.append(line(column, place, names, values, from: cell(totals[place]), to: cell(totals[place + 1])))
        }
        lines.append(edge("predicted", predicted, names, values, cell(predicted)))
        lines += ["", page.triedWords ?? ""].filter { !$0.isEmpty }.map { TextLine($0, .muted) }
        if let whatIf = page.whatIf {
            lines.append(
                TextLine("was ", .muted).adding(whatIf.before, .text).adding("   would be ", .muted)
                    .adding(whatIf.words, .warning, .bold))
        } else if !page.edits.isEmpty {
            lines.append(TextLine("asking the model …", .muted))
        }
        return lines
    }

    private func edge(_ name: String, _ total: Double, _ names: Int, _ values: Int, _ cell: Int) -> TextLine {
        var line = TextLine("  " + name.shortened(to: names + values).padded(to: names + values + 1), .muted)
        line.add(NumberFormat.significant(total).leftPadded(to: 10) + "  ", .text, .bold)
        line.add(String(repeating: " ", count: cell) + (text.state.settings.glyphs == .ascii ? "|" : "┃"), .muted)
        return line
    }

    private func line(_ column: Int, _ place: Int, _ names: Int, _ values: Int, from: Int, to: Int) -> TextLine {
        let isChosen = place == page.cursor, name = found.columns[column].name, own = found.columns[column].texts[page.row]
        var line = TextLine(isChosen ? "▸ " : "  ", .key)
        line.add(name.shortened(to: names).padded(to: names) + " ", isChosen ? .title : .text, isChosen ? .bold : [])
        if let edit = page.edits[name] {
            line.add((edit.isEmpty ? "missing" : edit).shortened(to: values).padded(to: values), .warning, .bold)
        } else {
            line.add((own.isEmpty ? "missing" : own).shortened(to: values).padded(to: values), own.isEmpty ? .muted : .text)
        }
        let added = value(column)
        let role: ColorRole = added > 0 ? .series2 : added < 0 ? .series1 : .muted
        line.add(NumberFormat.delta(added, decimals: decimals).leftPadded(to: 10) + "  ", role)
        let length = max(1, abs(to - from)), isAscii = text.state.settings.glyphs == .ascii
        let bar = added == 0 ? "" : String(repeating: isAscii ? (added > 0 ? ">" : "<") : "━", count: length)
        line.add(String(repeating: " ", count: min(from, to)) + bar, role)
        return line
    }

    /// Decimals that show three digits of the largest.
    private var decimals: Int {
        let most = found.columns.indices.map { value($0).magnitude }.max() ?? 0
        return most >= 100 ? 0 : most >= 10 ? 1 : most >= 1 ? 2 : most >= 0.1 ? 3 : 4
    }
}
