import Cells
import Events

extension EndpointPageText {
    /// Rows that are listed.
    private static let mostRows = 8

    /// What a model that is shown the requests beside would have answered; nil where there was none.
    var shadow: [TextLine]? {
        guard record.shadow != nil || reading.shadow != nil else { return nil }
        let title = record.shadow.map { "\($0.model.model) is shown \(EndpointWords.percent($0.percent / 100)) of the requests" }
        var lines = [heading("Shadow", title ?? "the last test has ended")]
        guard let report = reading.shadow, report.requests > 0 else {
            return lines + [TextLine("no request has been compared yet", .muted, indent: 2)]
        }
        lines.append(agreement(report))
        if let apart = report.differences {
            lines.append(
                TextLine("scores apart  ", .muted, indent: 2).adding("p50 \(number(apart.p50))", .text)
                    .adding("   p99 \(number(apart.p99))   most \(number(apart.max))", .text))
        }
        if let served = report.servedLatency, let other = report.shadowLatency {
            var line = TextLine("model took    ", .muted, indent: 2)
            line.add("p50 \(microseconds(served.p50)) here, \(microseconds(other.p50)) the shadow", .text)
            line.add("   p99 \(microseconds(served.p99)), \(microseconds(other.p99))", .text)
            lines.append(line)
        }
        let failed = report.servedErrors + report.shadowErrors + report.bothErrors
        if failed > 0 {
            lines.append(
                TextLine("errors        ", .muted, indent: 2).adding(
                    "\(report.servedErrors) here alone, \(report.shadowErrors) the shadow alone, \(report.bothErrors) both",
                    report.shadowErrors > 0 ? .bad : .text))
        }
        return lines
    }

    private func agreement(_ report: ShadowReport) -> TextLine {
        var line = TextLine("agree         ", .muted, indent: 2)
        let share = report.agreement
        line.add(share.map { EndpointWords.percent($0) } ?? "–", (share ?? 1) > 0.95 ? .good : .warning, .bold)
        line.add(
            " of \(NumberFormat.grouped(report.rows)) \(report.rows == 1 ? "row" : "rows") in \(NumberFormat.grouped(report.requests)) "
                + "\(report.requests == 1 ? "request" : "requests")", .text)
        if report.leftOut > 0 { line.add("   \(NumberFormat.grouped(report.leftOut)) left out: it does not keep up", .warning) }
        return line
    }

    /// The rows on which both differ most; nil where they agree.
    var shadowRows: DocumentTable? {
        guard let rows = reading.shadow?.disagreements.prefix(Self.mostRows), !rows.isEmpty else { return nil }
        let columns = [
            TableColumn(title: "here", width: 18, priority: 0), TableColumn(title: "the shadow", width: 18, priority: 1),
            TableColumn(title: "apart", width: 8, isRight: true, priority: 2),
            TableColumn(title: "row", width: 40, priority: 3, isFlexible: true, least: 12, most: 90),
        ]
        let cells = rows.map { row in
            [
                TableCell(text: row.served), TableCell(text: row.shadow, role: .warning),
                TableCell(text: number(row.difference), role: .muted),
                TableCell(text: row.text.isEmpty ? "row \(row.row) of \(row.request)" : row.text, role: .muted),
            ]
        }
        return DocumentTable("rows that differ", columns, cells, width: width - 2, indent: 2)
    }

    private func number(_ value: Double) -> String { NumberFormat.significant(value, digits: 3) }

    private func microseconds(_ value: Double) -> String { NumberFormat.duration(value * 1e-6) }
}
