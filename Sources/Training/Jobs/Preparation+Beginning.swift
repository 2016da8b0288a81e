import Events
import Tables

extension Preparation {
    /// Looks at the first rows of a job's data for what the rest would not change: that they can be read, and have the column that is to be
    /// predicted. Whoever hands a job over and goes away hears of it now.
    /// - Throws: `badData`.
    package static func checkBeginning(_ request: JobRequest) throws(TrainingError) {
        guard let target = request.target, !request.datasetPath.isEmpty, !request.isScript, request.engine == nil else { return }
        do throws(TableError) {
            var options = try ReadOptions(request.reading)
            options.rowLimit = min(options.rowLimit ?? 200, 200)
            let table = try Table(contentsOf: request.datasetPath, options: options)
            // It says how the columns are called.
            if table.column(named: target) == nil { _ = try JobColumns(table, request) }
        } catch { throw TrainingError(.badData, "\(error)", operation: "read") }
    }
}
