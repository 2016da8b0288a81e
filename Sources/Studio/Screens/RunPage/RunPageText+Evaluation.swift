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
    var evaluation: [TextLine] { classes + features }

    private var classes: [TextLine] {
        guard let evaluation = result?.evaluation, !evaluation.classes.isEmpty else { return [] }
        let widest = min(26, max(8, evaluation.classes.map { TextWidth.of($0.name) }.max() ?? 8))
        let number = { (value: Double) in pad(NumberFormat.fixed(value, decimals: 3), 11) }
        var lines = [
            TextLine(), heading("Classes"),
            TextLine(pad("", widest + 2) + pad("precision", 11) + pad("recall", 11) + pad("f1", 11) + "rows", .muted, indent: 2),
        ]
        lines += evaluation.classes.prefix(12).map { row in
            TextLine(pad(row.name.shortened(to: widest), widest + 2), .muted, indent: 2).adding(
                number(row.precision) + number(row.recall) + number(row.f1) + NumberFormat.significant(row.support))
        }
        if let positive = evaluation.positiveClass {
            lines.append(TextLine("precision, recall, f1 and pr_auc are of \(positive)", .muted, indent: 2))
        }
        return lines
    }

    private var features: [TextLine] {
        guard let weights = result?.weights, !weights.rows.isEmpty else { return [] }
        return [TextLine(), heading(weights.kind.title)]
            + weights.rows.map { row in
                let name = row.feature + (row.className.map { " (\($0))" } ?? "")
                return TextLine(pad(name.shortened(to: 34), 36), .muted, indent: 2).adding(
                    NumberFormat.significant(row.value, digits: 5))
            }
    }
}
