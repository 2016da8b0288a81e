import Events
import Preparing
import Tables

/// Which rows of a table a pipeline is learned on, and what its columns are beside features: as a job with the same request has it.
package struct PipelineRows {
    /// Rows to learn from and rows held out, in the file's order. Rows without a target are neither.
    package let training: [Int], heldOut: [Int]
    package let roles: ColumnRoles
    /// What is said of the rows that are neither.
    package let warnings: [DataWarning]

    /// - Throws: `badData` where target, group or order are none of the table's; as `RowSplit`.
    package init(_ table: Table, _ request: JobRequest) throws(TrainingError) {
        do throws(TableError) {
            let columns = try JobColumns(table, request.aboutRoles)
            let usable = try columns.usableRows(of: table)
            let split = try Preparation.split(table, rows: usable.rows, encoding: columns.encoding, request)
            (training, heldOut) = (split.training, split.heldOut)
            roles = try PreparedTable.roles(table, encoding: columns.encoding, request)
            warnings = (usable.warnings + columns.notes).map { DataWarning($0) }
        } catch { throw TrainingError(.badData, error.description, operation: "prepare") }
    }
}
