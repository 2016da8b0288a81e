import Cells
import CheckedNumbers
import Events

/// What monitors and what they found are called on pages.
enum MonitorWords {
    /// `data quality`
    static func kind(_ kind: MonitorRecord.Kind) -> String {
        switch kind {
        case .dataQuality: "data quality"
        case .modelQuality: "model quality"
        case .bias: "bias"
        case .explainability: "attributions"
        }
    }

    /// `every=60s`, `cron(0 * ? * * *)`, in words where they are few.
    static func schedule(_ record: MonitorRecord) -> String {
        switch record.schedule.lowercased() {
        case "now": "when told to"
        case "cron(0 * ? * * *)": "every hour"
        case "cron(0 0 ? * * *)": "every day"
        case let text where text.hasPrefix("every="): "every " + text.dropFirst(6)
        default: record.schedule
        }
    }

    static func next(_ record: MonitorRecord, _ now: Double) -> String {
        if record.isPaused { return "paused" }
        guard let next = record.nextAt else { return "–" }
        let seconds = next - now
        if seconds < 1 { return "now" }
        return "in " + (NumberFormat.duration(seconds.rounded()).split(separator: " ").first.map(String.init) ?? "")
    }

    static func glyph(_ status: MonitorExecution.Status) -> String {
        switch status {
        case .pending: "○"
        case .inProgress: "▶"
        case .completed: "●"
        case .completedWithViolations: "▲"
        case .failed: "✖"
        case .stopped: "◂"
        }
    }

    static func role(_ status: MonitorExecution.Status) -> ColorRole {
        switch status {
        case .pending, .stopped: .muted
        case .inProgress: .info
        case .completed: .good
        case .completedWithViolations, .failed: .bad
        }
    }

    /// Names that stand once each.
    static func features(_ violations: [MonitorExecution.Violation]) -> [String] {
        var names: [String] = []
        for violation in violations where !names.contains(violation.feature) { names.append(violation.feature) }
        return names
    }

    /// `2 violations: income, age`
    static func violations(_ violations: [MonitorExecution.Violation]) -> String {
        let names = features(violations)
        let shown = names.prefix(4).joined(separator: ", ") + (names.count > 4 ? ", …" : "")
        return "\(violations.count == 1 ? "1 violation" : "\(violations.count) violations"): \(shown)"
    }

    // MARK: - Retraining

    static func role(_ status: RetrainingRecord.Status) -> ColorRole {
        switch status {
        case .waiting, .training, .deploying: .info
        case .deployed, .trained: .good
        case .kept, .rolledBack: .warning
        case .failed: .bad
        }
    }

    /// How a retraining stands, in a sentence.
    static func retraining(_ record: RetrainingRecord) -> String {
        let reason = record.reason.isEmpty ? "" : ": \(record.reason)"
        let name = record.runName ?? "the new model"
        switch record.status {
        case .waiting: return "\(record.endpoint): its model is to be trained again" + reason
        case .training:
            return "\(record.endpoint): \(name) trains on \(NumberFormat.grouped(record.newRowCount)) new rows" + reason
        case .deploying: return "\(record.endpoint): \(name) is \(verdict(record)), and gets requests as a canary" + reason
        case .deployed: return "\(record.endpoint): \(name) answers now, \(verdict(record))" + reason
        case .trained: return "\(record.endpoint): \(name) is trained, \(verdict(record))" + reason
        case .kept: return "\(record.endpoint): the old model stays" + reason
        case .rolledBack: return "\(record.endpoint): rolled back" + reason
        case .failed: return "\(record.endpoint): its model was not trained again" + reason
        }
    }

    /// `better: log_loss 0.31 instead of 0.52`
    static func verdict(_ record: RetrainingRecord) -> String {
        guard let first = record.measures.first else { return "not compared" }
        let (new, old) = (NumberFormat.significant(first.after, digits: 3), NumberFormat.significant(first.before, digits: 3))
        return "\(record.verdict): \(first.name) \(new) instead of \(old)"
    }

    // MARK: - Values

    /// The metrics of a model that tell most, of those that there are.
    static let headlines = [
        "accuracy", "auc", "f1", "weighted_f1", "recall", "precision", "rmse", "mae", "r2", "ndcg", "moved share",
    ]

    /// Names of values in the order in which they are shown: those that are violated, then those that tell most, or are far away.
    static func order(_ values: [String: Double], violated: Set<String>, kind: MonitorRecord.Kind) -> [String] {
        values.keys.sorted { first, second in
            let (one, other) = (violated.contains(first), violated.contains(second))
            if one != other { return one }
            if kind == .dataQuality {
                let (one, other) = (values[first] ?? 0, values[second] ?? 0)
                return one == other ? first < second : one > other
            }
            let (place, otherPlace) = (
                headlines.firstIndex(of: first) ?? headlines.count, headlines.firstIndex(of: second) ?? headlines.count
            )
            return place == otherPlace ? first < second : place < otherPlace
        }
    }
}
