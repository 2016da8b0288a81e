import Databases
import Events
import JSON

/// How a `RunSummary` lies in the table `runs`.
enum RunRow {
    static let columns = """
        id, record, status, phase, reason, started_at, finished_at, step, epoch, planned_steps, last_metrics, \
        best_objective, best_step, alert_count, rows_per_second, is_deleted, tags, note, owner, \
        name, is_archived, metric_ranges, sketch, number, cleared_count
        """
    static let count: Int32 = 25

    static func owner(_ row: Database.Row) -> ProcessMark { ProcessMark(text: row.text(18)) }

    /// Reads a row; nil if its record cannot be read.
    /// - Parameter showingInterruption: a run that was never finished and whose process is gone reads as stopped.
    static func summary(_ row: Database.Row, showingInterruption: Bool = true) -> RunSummary? {
        guard let json = parse(row.text(1)), case .object(let members) = json,
            let record = RunRecord(json: .object(members + [.init("run", .string(row.text(0)))]))
        else { return nil }
        var summary = RunSummary(record: record)
        summary.record.name = row.text(19)
        summary.record.number = row.integer(23)
        summary.status = JobStatus(rawValue: row.text(2)) ?? .failed
        summary.phase = JobPhase(rawValue: row.text(3))
        summary.reason = EndReason(row.text(4))
        summary.startedAt = row.optionalReal(5)
        summary.finishedAt = row.optionalReal(6)
        summary.step = row.integer(7)
        summary.epoch = row.real(8)
        summary.plannedSteps = row.integer(9)
        summary.lastMetrics = parse(row.text(10))?.metrics ?? [:]
        summary.bestObjective = row.optionalReal(11)
        summary.bestStep = row.optionalInteger(12)
        (summary.alertCount, summary.clearedAlertCount) = (row.integer(13), row.integer(24))
        summary.rowsPerSecond = row.real(14)
        summary.isDeleted = row.integer(15) != 0
        summary.tags = (parse(row.text(16))?.array ?? []).compactMap(\.string)
        summary.note = row.text(17)
        summary.isArchived = row.integer(20) != 0
        summary.metricRanges = parse(row.text(21))?.metricRanges ?? [:]
        summary.sketch = parse(row.text(22)).flatMap(CurveSketch.init(json:)) ?? CurveSketch()
        if showingInterruption, !summary.status.isFinal, !owner(row).isAlive {
            summary.status = .stopped
            summary.phase = nil
            summary.reason = .interrupted
        }
        return summary
    }

    private static func parse(_ text: String) -> JSONValue? {
        do { return try JSONValue(parsing: text) } catch { return nil }
    }
}
