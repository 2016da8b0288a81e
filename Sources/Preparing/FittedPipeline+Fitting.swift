import PipelineSteps
import Tables

extension FittedPipeline {
    /// What a pipeline makes of a table.
    public struct Fit: Sendable {
        public var fitted: FittedPipeline
        /// All rows of the table, with the columns that the pipeline makes.
        public var table: Table
        /// The rows that are learned from, in the file's order; a row that counts twice stands there twice.
        public var rows: [Int]
        /// What was learned and decided, step by step.
        public var notes: [[String]]
        /// Those that say that something may not be as it was meant, with their steps.
        public var doubts: [String]
    }

    /// Learns a pipeline on some rows of a table.
    ///
    /// - Parameters:
    ///   - rows: the training rows.
    ///   - look: is shown each step, from 0, with the columns and the rows that are learned from, before the first step and after each.
    /// - Throws: what is wrong, with the step's number; `columnNotFound`, `columnUnusable`, `badOption`, `noRows`, `infiniteValue`.
    public static func fit(
        _ pipeline: DataPipeline, _ table: Table, rows: [Int], roles: ColumnRoles
    ) throws(TableError) -> Fit {
        try fit(pipeline, table, rows: rows, roles: roles) { _, _, _ in }
    }

    static func fit(
        _ pipeline: DataPipeline, _ table: Table, rows: [Int], roles: ColumnRoles,
        look: (Int, StepFitting, StepFitting.Outcome) -> Void
    ) throws(TableError) -> Fit {
        var fitting = StepFitting(table, rows: rows, roles: roles)
        var operations: [Operation] = [], notes: [[String]] = [], doubts: [String] = []
        do throws(TableError) {
            for (index, step) in pipeline.steps.enumerated() {
                let outcome = try fitting.take(step, number: index + 1)
                operations += outcome.operations.map { Operation(step: index, does: $0) }
                notes.append(outcome.notes)
                doubts += outcome.doubts.map { "step \(index + 1) (\(step.kind.rawValue)): \($0)" }
                look(index, fitting, outcome)
            }
        } catch {
            var error = error
            error.path = table.path.isEmpty ? nil : table.path
            throw error
        }
        let carried = roles.others.filter { fitting.columns[$0] == nil && table.column(named: $0) != nil }.sorted()
        let fitted = FittedPipeline(
            pipeline, operations, inputs: table.columns.map(\.name), outputs: fitting.columns.names, carried: carried,
            target: roles.target, classWeights: fitting.classWeights)
        return Fit(
            fitted: fitted, table: fitted.table(table, fitting.columns, adding: carried, warnings: []), rows: fitting.rows,
            notes: notes, doubts: doubts)
    }
}
