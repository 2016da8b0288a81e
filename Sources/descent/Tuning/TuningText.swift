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
    static func outcome(_ result: TuningResult, isConfirming: Bool = false) -> String {
        let trials = "\(result.trials) trial\(result.trials == 1 ? "" : "s")"
        let ending = isConfirming ? "confirming the best on fresh seeds" : ending(result.status, result.reason)
        let end = "\(result.name): \(ending), \(trials)"
        guard let best = result.best else { return end + ", none with a value" }
        if result.front.count > 1 {
            let others = best.others.keys.sorted().map(\.text).joined(separator: ", ")
            return end + "; \(result.front.count) of which none is better in all of \(best.objective), \(others): "
                + "`descent tune best \(result.name)` lists them"
        }
        return end + "; best \(best.name): \(worth(best)) (\(settings(best.hyperparameters)))"
    }

    /// `validation:rmse 0.312 ± 0.004 over 3 seeds; it was 0.305 when it was chosen`.
    static func worth(_ best: TuningResult.Best) -> String {
        let others = best.others.sorted { $0.key < $1.key }.map { ", \($0.key) \(number($0.value))" }.joined()
        let chosen = number(best.value) + (best.deviation.map { " ± \(number($0)) over folds" } ?? "")
        guard let confirmed = best.confirmed else { return "\(best.objective) \(chosen)\(others)" }
        if confirmed.values == [best.value] { return "\(best.objective) \(chosen), the same on another seed" }
        let spread = confirmed.deviation.map { " ± \(number($0))" } ?? ""
        let seeds = "\(confirmed.values.count) seed\(confirmed.values.count == 1 ? "" : "s")"
        return "\(best.objective) \(number(confirmed.mean))\(spread) over \(seeds); it was \(chosen) when it was chosen"
    }

    /// A trial's value, with its spread over folds and what it is worth by further objectives.
    static func value(_ value: Double, _ deviation: Double?, _ others: [Double?]) -> String {
        number(value) + (deviation.map { " ± \(number($0))" } ?? "") + others.map { ", " + ($0.map(number) ?? "-") }.joined()
    }

    static func ending(_ status: JobStatus, _ reason: EndReason) -> String {
        switch reason.text {
        case "MaxJobs": "all trials done"
        case "AllTried": "every configuration tried"
        case "TargetValueReached": "target value reached"
        case "NoImprovement": "no improvement any more"
        case "ConvergenceDetected": "a gain of 1 % has become unlikely"
        case "MaxRuntimeExceeded": "time is over"
        case "Interrupted": "interrupted (`descent tune resume` goes on)"
        case "StoppedByUser": "stopped (`descent tune resume` goes on)"
        case "": status == .inProgress ? "running" : status.rawValue.lowercased()
        default: "\(status.rawValue.lowercased()): \(reason.text)"
        }
    }
}
