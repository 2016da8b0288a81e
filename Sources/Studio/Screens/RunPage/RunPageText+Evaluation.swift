import Cells
import Events

extension RunPageText {
    /// How the job ended that left the run's model; nil while it trains, and for watched runs.
    var result: JobResult? {
        guard run.status.isFinal else { return nil }
        return details?.events.lazy.compactMap { event -> JobResult? in
            if case .job(.finished(let result)) = event.kind, !result.metrics.isEmpty { result } else { nil }
        }.last
    }

    /// How well its model tells classes apart, and which features matter most to it.
    var evaluation: [Document.Block] { classes + features }

    private var classes: [Document.Block] {
        guard let evaluation = result?.evaluation, !evaluation.classes.isEmpty else { return [] }
        let shown = evaluation.classes.prefix(12)
        let widest = shown.map { TextWidth.of($0.name) }.max() ?? 8
        let number = { (value: Double) in cell(NumberFormat.fixed(value, decimals: 3)) }
        let columns =
            [TableColumn(title: "class", width: min(26, max(8, widest)), priority: 0)]
            + ["precision", "recall", "f1", "rows"].enumerated().map {
                TableColumn(title: $1, width: 9, isRight: true, priority: $0 + 1)
            }
        let rows = shown.map { row in
            [
                cell(row.name, .muted), number(row.precision), number(row.recall), number(row.f1),
                cell(NumberFormat.significant(row.support)),
            ]
        }
        var blocks: [Document.Block] = [
            .text([TextLine(), heading("Classes")]), .table(DocumentTable("classes", columns, rows, width: width - 2, indent: 2)),
        ]
        if let positive = evaluation.positiveClass {
            blocks.append(.text([TextLine("precision, recall, f1 and pr_auc are of \(positive)", .muted, indent: 2)]))
        }
        return blocks
    }

    private var features: [Document.Block] {
        guard let weights = result?.weights, !weights.rows.isEmpty else { return [] }
        let bars = weights.rows.map { row in
            BarChart.Bar(
                row.feature + (row.className.map { " (\($0))" } ?? ""), row.value,
                text: NumberFormat.significant(row.value, digits: 5))
        }
        return [
            .text([TextLine(), heading(weights.kind.title)]),
            .table(DocumentTable("features", BarChart(bars), header: ["feature", "value"], width: width - 2, indent: 2)),
        ]
    }
}
