import Databases
import Events
import JSON

/// Writes runs inside a transaction that the caller holds.
struct RunWriter {
    private let database: Database

    init(_ database: Database) { self.database = database }

    /// Counts the workspace's change number up by one.
    func nextChange() throws(StoreError) -> Int { try database.nextChange() }

    /// Inserts a run's row, or brings it up to date with what its job did. What the user says about a run stays as it is in the
    /// workspace: another process may have changed it. So do its number and its place in the order of runs.
    /// - Parameter place: where a new run stands among the others, in seconds since 1970; nil = when it was created.
    func write(_ summary: RunSummary, owner: ProcessMark, change: Int, place: Double? = nil) throws(StoreError) {
        let sql = """
            INSERT INTO runs (\(RunRow.columns), created_at, change)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23,
                ?24, ?25, ?26, ?27)
            ON CONFLICT(id) DO UPDATE SET record = ?2, status = ?3, phase = ?4, reason = ?5, started_at = ?6,
                finished_at = ?7, step = ?8, epoch = ?9, planned_steps = ?10, last_metrics = ?11, best_objective = ?12,
                best_step = ?13, alert_count = ?14, rows_per_second = ?15, owner = ?19, metric_ranges = ?22, sketch = ?23,
                cleared_count = ?25, change = ?27
            """
        let record = summary.record
        try database.run(
            sql,
            [
                .text(record.id.text), .text(record.json.text), .text(summary.status.rawValue),
                .optional(summary.phase?.rawValue), .text(summary.reason.text), .optional(summary.startedAt),
                .optional(summary.finishedAt), .integer(summary.step), .real(summary.epoch), .integer(summary.plannedSteps),
                .text(JSONValue(summary.lastMetrics).text), .optional(summary.bestObjective), .optional(summary.bestStep),
                .integer(summary.alertCount), .real(summary.rowsPerSecond), .integer(summary.isDeleted ? 1 : 0),
                .text(JSONValue.array(summary.tags.map { .string($0) }).text), .text(summary.note), .text(owner.text),
                .text(record.name), .integer(summary.isArchived ? 1 : 0), .text(JSONValue(summary.metricRanges).text),
                .text(summary.sketch.json.text), .integer(record.number),
                .integer(summary.clearedAlertCount), .real(place ?? record.createdAt), .integer(change),
            ])
    }
}
