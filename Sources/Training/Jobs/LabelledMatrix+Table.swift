import Learners
import Tables

extension LabelledMatrix {
    /// Rows of a table as a learner takes them.
    /// - Parameters:
    ///   - encoding: what makes targets of a column; nil where there are none.
    ///   - weight: the column that says how much a row counts.
    init(
        _ table: Table, _ rows: [Int], _ pipeline: FeaturePipeline, encoding: TargetEncoding?, weight: String? = nil
    ) throws(TableError) {
        self.init(unlabelled: try pipeline.transform(table, rows: rows))
        if let encoding {
            targets = try encoding.encode(table, rows: rows)
            targetOrigin = encoding.origin
        }
        if let weight { weights = try RowWeights.read(table, column: weight, rows: rows) }
    }
}
