import Events
import Tables

extension Preparation.Parts {
    /// Takes what was found in the data, as far as it concerns what is learned from, and looks at the rows that judge beside the others.
    ///
    /// - Parameters:
    ///   - table: with all columns.
    ///   - training: its rows that are learned from; `heldOut`: those that judge, where these are of the same table.
    mutating func take(
        _ found: DataFindings, of table: Table, training: [Int], heldOut: [Int], _ columns: JobColumns, _ request: JobRequest
    ) {
        findings = found
        let ignored = Set(columns.dropped + [columns.weight, request.group].compactMap { $0 })
        let used = Set(rows.pipeline.columnNames)
        let learned = table.columns.map(\.name).filter { name in
            !ignored.contains(name) && (name == columns.target || used.contains(name))
        }
        // The column that orders the rows is another one in those that judge, by what it was asked for; what training rows have out of fold
        // is, too.
        let outOfFold = rows.preparation?.outOfFold ?? []
        let compared = learned.filter { $0 != request.validationOrder && !outOfFold.contains($0) }
        if let judging {
            findings.compare(table, rows: training, with: judging.table, rows: judging.rows, columns: compared)
        } else if !heldOut.isEmpty {
            findings.compare(table, rows: training, with: table, rows: heldOut, columns: compared)
        }
        findings.keep { finding in
            finding.columns.allSatisfy { learned.contains($0) }
        }
        findings.limit()
    }
}

extension DataFinding {
    package init(_ finding: TableFinding) {
        self.init(
            kind: finding.kind, columns: finding.columns,
            figures: finding.figures.map { .init($0.name, $0.value) }, summary: finding.summary, rows: finding.rows)
    }
}
