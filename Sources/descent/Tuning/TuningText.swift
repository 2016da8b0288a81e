import Cells
import Events

/// Tuning jobs as lines of text.
enum TuningText {
    static func number(_ value: Double) -> String { NumberFormat.significant(value) }

    static func settings(_ values: [String: String]) -> String {
        values.sorted { $0.key < $1.key }.map { name, text in
            // More digits than matter only hide the others.
            let shown = Int(text) == nil ? Double(text).map(number) ?? text : text
            return "\(name) \(shown)"
        }.joined(separator: ", ")
    }

    /// `tune-insurance: 20 trials, best tune-insurance-007: validation:rmse 4523 (eta 0.1, max_depth 4)`.
    static func outcome(_ result: TuningResult) -> String {
        let trials = "\(result.trials) trial\(result.trials == 1 ? "" : "s")"
        let end = "\(result.name): \(ending(result.status, result.reason)), \(trials)"
        guard let best = result.best else { return end + ", none with a value" }
        return end + "; best \(best.name): \(best.objective) \(number(best.value)) (\(settings(best.hyperparameters)))"
    }

    static func ending(_ status: JobStatus, _ reason: EndReason) -> String {
        switch reason.text {
        case "MaxJobs": "all trials done"
        case "AllTried": "every configuration tried"
        case "TargetValueReached": "target value reached"
        case "NoImprovement": "no improvement any more"
        case "MaxRuntimeExceeded": "time is over"
        case "Interrupted": "interrupted (`descent tune resume` goes on)"
        case "StoppedByUser": "stopped (`descent tune resume` goes on)"
        case "": status == .inProgress ? "running" : status.rawValue.lowercased()
        default: "\(status.rawValue.lowercased()): \(reason.text)"
        }
    }
}
