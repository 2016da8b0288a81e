import Cells
import Events

// Models that are trained again, for people.
extension MonitorText {
    /// `better: log_loss 0.31 instead of 0.52`
    static func verdict(_ record: RetrainingRecord) -> String {
        guard let first = record.measures.first else { return "not compared" }
        return "\(record.verdict): \(first.name) \(short(first.after)) instead of \(short(first.before))"
    }

    /// `churn  Deployed  churn-again-1: better: log_loss 0.31 instead of 0.52`
    static func line(_ record: RetrainingRecord) -> String {
        var text = "\(record.endpoint)  \(record.status.rawValue)"
        if let name = record.runName { text += "  \(name)" }
        if record.newRowCount > 0, !record.status.isOver {
            text += ": \(count(record.rowCount, "row")), \(count(record.newRowCount, "new one"))"
        }
        if record.status.isOver, !record.measures.isEmpty, record.status != .kept { text += ": \(verdict(record))" }
        return record.reason.isEmpty ? text : text + ": \(record.reason)"
    }

    static func line(_ measure: RetrainingRecord.Measure) -> String {
        var text = "\(measure.name)  \(short(measure.after)) instead of \(short(measure.before))"
        if let low = measure.low, let high = measure.high {
            text += ", a difference of \(short(low)) to \(short(high)) in 95 of 100 draws of the rows"
        }
        return text
    }
}
