import Learners
import Tables

extension LabelledMatrix {
    /// Rows of a table as a learner takes them.
    /// - Parameters:
    ///   - encoding: what makes targets of a column; nil where there are none.
    ///   - weight: the column that says how much a row counts.
    ///   - outcome: what the pipeline learned from, where the rows are those that it was learned on.
    init(
        _ table: Table, _ rows: [Int], _ pipeline: FeaturePipeline, encoding: TargetEncoding?, weight: String? = nil,
        outcome: TrainingOutcome? = nil
    ) throws(TableError) {
        let features =
            if let outcome { try pipeline.trainingMatrix(table, rows: rows, outcome: outcome) } else {
                try pipeline.transform(table, rows: rows)
            }
        self.init(unlabelled: features)
        if let encoding {
            targets = try encoding.encode(table, rows: rows)
            targetOrigin = encoding.origin
        }
        if let weight { weights = try RowWeights.read(table, column: weight, rows: rows) }
    }
}
