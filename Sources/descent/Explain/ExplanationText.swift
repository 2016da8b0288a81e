import Cells
import CheckedNumbers
import Explaining
import PrintableText
import Tables

/// Explanations for people.
struct ExplanationText {
    let run: String, target: String
    let explanation: Explanation
    let request: ExplainRequest

    private static let mostColumns = 20, barWidth = 24

    private var heading: String {
        let method = explanation.method == .kernel && explanation.errors == nil ? Explanation.Method.exact : explanation.method
        return
            "\(run) on \(target): \(method.words), in the \(explanation.space.rawValue)\nabsent columns: \(explanation.background)\n"
    }

    /// What the columns do over all rows.
    func overall() -> String {
        let rows = explanation.rows.count
        var text = heading
        for output in explanation.outputs.indices {
            let name = explanation.outputs.count > 1 ? "\(explanation.outputs[output]): " : ""
            text += "\n\(name)expected value \(NumberFormat.significant(explanation.expected[output]))\n"
            let sizes = explanation.global(request.aggregation, output: output)
            let order = sizes.indices.sorted { (sizes[$1], $0) < (sizes[$0], $1) }
            let most = sizes.max() ?? 0
            let lines = order.prefix(Self.mostColumns).map { column in
                [explanation.columns[column], NumberFormat.significant(sizes[column]), Self.bar(sizes[column], of: most)]
            }
            text += RunText.table(
                [["  column", request.aggregation.rawValue, ""]] + lines.map { ["  " + $0[0], $0[1], $0[2]] }, rightAligned: [1])
            if order.count > Self.mostColumns { text += "  and \(order.count - Self.mostColumns) more\n" }
        }
        text += "\nover \(NumberFormat.grouped(rows)) \(rows == 1 ? "row" : "rows")"
        if let error = explanation.errors?.max() { text += "; each value ± \(NumberFormat.significant(error)) at most (95 %)" }
        text += "\n"
        if explanation.interactions != nil { text += pairs() }
        return text
    }

    private func pairs() -> String {
        let rows = explanation.pairs.prefix(8).map { pair in
            [
                "  \(explanation.columns[pair.first]) with \(explanation.columns[pair.second])",
                NumberFormat.significant(pair.size),
            ]
        }
        return rows.isEmpty ? "" : "\ntogether\n" + RunText.table([["  columns", "mean_abs"]] + rows, rightAligned: [1])
    }

    /// What the columns did to one row, from the expected value to what was predicted.
    func row(_ table: Table) -> String {
        let row = explanation.rows[0]
        var text = heading + "\nrow \(row + 1)\n"
        for output in explanation.outputs.indices {
            let values = Array(explanation.values(row: 0, output: output))
            let order = values.indices.sorted { (values[$1].magnitude, $0) < (values[$0].magnitude, $1) }
            let most = values.map(\.magnitude).max() ?? 0
            if explanation.outputs.count > 1 { text += "\n\(explanation.outputs[output])\n" }
            var lines = [["  column", "value", "adds", ""]]
            lines.append(["  expected", "", NumberFormat.significant(explanation.expected[output]), ""])
            for column in order.prefix(Self.mostColumns) {
                let name = explanation.columns[column], value = table.column(named: name)?.text(at: row) ?? "missing"
                var adds = NumberFormat.delta(values[column], decimals: Self.decimals(most))
                if let error = explanation.errors?[output * values.count + column], error > 0 {
                    adds += " ± \(NumberFormat.significant(error, digits: 2))"
                }
                lines.append(["  " + name, value, adds, Self.bar(values[column], of: most)])
            }
            let rest = order.dropFirst(Self.mostColumns)
            if !rest.isEmpty {
                lines.append([
                    "  \(rest.count) others", "",
                    NumberFormat.delta(rest.reduce(0) { $0 + values[$1] }, decimals: Self.decimals(most)), "",
                ])
            }
            lines.append(["  predicted", "", NumberFormat.significant(explanation.predicted[output]), ""])
            text += RunText.table(lines, rightAligned: [2])
        }
        if explanation.interactions != nil { text += pairs() }
        return text
    }

    func plot(_ plot: PartialDependence) -> String {
        var text = "\npartial dependence on \(plot.column), over \(NumberFormat.grouped(plot.rowCount)) rows"
        if plot.leftOut > 0 { text += "; \(plot.leftOut) rare values left out" }
        text += "\n"
        let count = plot.values.count
        for output in plot.outputs.indices {
            let means = Array(plot.means[output * count..<(output + 1) * count])
            if plot.outputs.count > 1 { text += "\(plot.outputs[output])\n" }
            let least = means.min() ?? 0, span = (means.max() ?? 0) - least
            let lines = plot.values.indices.map { place in
                [
                    "  " + Self.shown(plot.values[place]), NumberFormat.percent(plot.distribution[place], decimals: 1),
                    NumberFormat.significant(means[place]), Self.bar(means[place] - least, of: span),
                ]
            }
            text += RunText.table([["  \(plot.column)", "rows", "predicted", ""]] + lines, rightAligned: [1, 2])
        }
        return text
    }

    static func permutation(_ found: PermutationImportance) -> String {
        let order = found.losses.indices.sorted { (found.losses[$1], $0) < (found.losses[$0], $1) }
        let most = found.losses.max() ?? 0
        let lines = order.map { place in
            [
                "  " + found.columns[place], NumberFormat.significant(found.losses[place]),
                "± " + NumberFormat.significant(found.errors[place], digits: 2), bar(max(0, found.losses[place]), of: most),
            ]
        }
        return "\(found.metric) \(NumberFormat.significant(found.before)) over \(NumberFormat.grouped(found.rowCount)) rows; "
            + "how much worse with a column's values exchanged, \(found.repeatCount) times\n"
            + RunText.table([["  column", "worse by", "95 %", ""]] + lines, rightAligned: [1]) + "\n"
    }

    static func counterfactuals(_ found: [Counterfactual], row: Int) -> String {
        guard !found.isEmpty else { return "row \(row + 1): no change of up to four columns makes the model say that\n\n" }
        var text = "row \(row + 1) would be predicted so with\n"
        for (place, one) in found.enumerated() {
            let changes = one.changes.map { "\($0.column) \(shown($0.from)) → \(shown($0.to))" }.joined(separator: ", ")
            let outputs =
                one.before.count == 1
                ? "   margin \(NumberFormat.significant(one.before[0])) → \(NumberFormat.significant(one.after[0]))" : ""
            text += "  \(place + 1)  \(changes)\(outputs)\n"
        }
        return text + "\n"
    }

    private static func shown(_ value: VariedValue) -> String {
        switch value {
        case .number(let number): NumberFormat.significant(number)
        case .word(let word): word
        case .missing: "missing"
        }
    }

    /// Decimals that show three digits of the largest.
    static func decimals(_ most: Double) -> Int { most >= 100 ? 0 : most >= 10 ? 1 : most >= 1 ? 2 : most >= 0.1 ? 3 : 4 }

    private static func bar(_ value: Double, of most: Double) -> String {
        guard most > 0, value.isFinite else { return "" }
        let halves = Int(nearestWithin: value.magnitude / most * Double(2 * barWidth))
        return String(repeating: "█", count: halves / 2) + (halves % 2 == 1 ? "▌" : "")
    }
}
