import Cells
import Events

/// What an AutoML job saw in its data, as a page shows it: how the target is spread, and what each column tells of it.
struct ExplorationText {
    let exploration: DataExploration
    let width: Int

    /// Classes and columns that are listed at most.
    private static let mostClasses = 12, mostColumns = 40, mostPairs = 6

    var sections: [(name: String, blocks: [Document.Block])] {
        var sections: [(name: String, blocks: [Document.Block])] = [
            ("the target", [.text([heading("The target: \(exploration.target)", rows)]), .table(target)]),
            ("columns", [.text([heading("Columns", "what each tells of \(exploration.target) by itself")]), .table(columns)]),
        ]
        let pairs = exploration.strongestPairs(Self.mostPairs)
        if !pairs.isEmpty { sections.append(("correlations", [.text([heading("Correlations", "")]), .table(table(pairs))])) }
        return sections
    }

    private func heading(_ title: String, _ note: String) -> TextLine {
        TextLine(title, .title, .bold).adding("   " + note, .muted)
    }

    private var rows: String {
        let missing = exploration.profile.rowCount - exploration.rowCount
        var text = "\(NumberFormat.grouped(exploration.rowCount)) rows"
        if missing > 0 { text += ", \(NumberFormat.grouped(missing)) without a target are left out" }
        if exploration.repeatedRows > 0 { text += ", \(NumberFormat.grouped(exploration.repeatedRows)) repeat an earlier one" }
        return text
    }

    private var target: DocumentTable {
        DocumentTable(
            "target", BarChart(bars), header: [exploration.target, "rows"], width: min(width - 2, 90), indent: 2, role: .series2)
    }

    private var bars: [BarChart.Bar] {
        if !exploration.classes.isEmpty {
            let total = Double(max(1, exploration.classes.reduce(0) { $0 + $1.count }))
            return exploration.classes.sorted { $0.count > $1.count }.prefix(Self.mostClasses).map { one in
                let share = NumberFormat.percent(Double(one.count) / total, decimals: 1)
                return BarChart.Bar(one.value, Double(one.count), text: "\(NumberFormat.grouped(one.count))  \(share)")
            }
        }
        guard let statistics = exploration.targetColumn?.statistics else { return [] }
        // Two bins a line: a page has few lines.
        let counts = statistics.histogram
        return stride(from: 0, to: counts.count, by: 2).map { bin in
            let count = counts[bin] + (bin + 1 < counts.count ? counts[bin + 1] : 0)
            let low = statistics.minimum + Double(bin) * statistics.binWidth
            return BarChart.Bar(
                "from \(NumberFormat.significant(low, digits: 3))", Double(count), text: NumberFormat.grouped(count))
        }
    }

    private var columns: DocumentTable {
        let order = exploration.told.compactMap { one in exploration.profile.columns.first { $0.name == one.column } }
        let rest = exploration.profile.columns.filter { column in
            column.name != exploration.target && exploration.told(column.name) == nil
        }
        let shown = Array((order + rest).prefix(Self.mostColumns))
        let widest = shown.map { TextWidth.of($0.name) }.max() ?? 8
        let columns = [
            TableColumn(title: "column", width: min(28, max(8, widest)), priority: 0),
            TableColumn(title: "kind", width: 12, priority: 3),
            TableColumn(title: "tells", width: 22, priority: 1),
            TableColumn(title: "correlation", width: 11, isRight: true, priority: 2),
            TableColumn(title: "missing", width: 9, isRight: true, priority: 4),
            TableColumn(title: "distinct", width: 9, isRight: true, priority: 5),
            TableColumn(title: "median or most frequent", width: 26, priority: 6),
        ]
        let cells = shown.map { column -> [TableCell] in
            let told = exploration.told(column.name), total = max(1, column.count + column.missing)
            let bar = BarChart([.init("", told?.power ?? 0, text: "")], most: 1)
            return [
                TableCell(text: column.name), TableCell(text: column.kind, role: .muted),
                TableCell(
                    text: told.map { bar.text(of: bar.bars[0], room: 14) + " \(NumberFormat.percent($0.power))" } ?? "–",
                    role: .series1),
                TableCell(text: told?.correlation.map { NumberFormat.delta($0, decimals: 2) } ?? "", role: .muted),
                TableCell(
                    text: column.missing == 0 ? "" : NumberFormat.percent(Double(column.missing) / Double(total), decimals: 1),
                    role: .warning),
                TableCell(text: NumberFormat.grouped(column.distinct), role: .muted),
                TableCell(
                    text: column.statistics.map { NumberFormat.significant($0.median) } ?? column.mostFrequent.first?.value ?? "",
                    role: .muted),
            ]
        }
        return DocumentTable("columns", columns, cells, width: width - 2, indent: 2)
    }

    private func table(_ pairs: [(first: String, second: String, correlation: Double)]) -> DocumentTable {
        let columns = [
            TableColumn(title: "column", width: 24, priority: 0), TableColumn(title: "with", width: 24, priority: 1),
            TableColumn(title: "correlation", width: 11, isRight: true, priority: 2),
        ]
        let cells = pairs.map { pair in
            [
                TableCell(text: pair.first), TableCell(text: pair.second),
                TableCell(text: NumberFormat.delta(pair.correlation, decimals: 2), role: .muted),
            ]
        }
        return DocumentTable("correlations", columns, cells, width: width - 2, indent: 2)
    }
}
