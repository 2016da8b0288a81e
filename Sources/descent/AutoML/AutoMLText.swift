import Cells
import CheckedNumbers
import Events

/// AutoML jobs as lines of text.
enum AutoMLText {
    static func number(_ value: Double) -> String { NumberFormat.significant(value) }

    /// `automl-insurance: done, 12 candidates; validation:mse 2.0e7 ± 1e6`.
    static func outcome(_ record: AutoMLRecord, _ candidates: [AutoMLCandidate]) -> String {
        let ended = candidates.count { $0.outcome != nil }
        let end = "\(record.name): \(ending(record.status, record.reason)), \(ended) candidate\(ended == 1 ? "" : "s")"
        guard let best = record.ensemble else { return end + ", none with a value" }
        let count = candidates.count { $0.weight > 0 }
        return end + "; \(record.objective.metric) \(value(best.value, best.spread)) by "
            + (count == 1 ? "one model" : "\(count) models averaged")
    }

    static func value(_ value: Double, _ spread: Double?) -> String {
        number(value) + (spread.map { " ± \(number($0))" } ?? "")
    }

    static func ending(_ status: JobStatus, _ reason: EndReason) -> String {
        switch reason.text {
        case "MaxRuntimeExceeded": "time is over"
        case "MaxCandidatesReached", "MaxJobs": "as many candidates as were allowed"
        case "NoImprovement": "more candidates bring nothing"
        case "AllTried": "all candidates tried"
        case "Interrupted": "interrupted (`descent automl resume` goes on)"
        case "StoppedByUser": "stopped (`descent automl resume` goes on)"
        case "": status == .inProgress ? "running" : status.rawValue.lowercased()
        default: "\(status.rawValue.lowercased()): \(reason.text)"
        }
    }

    /// The leaderboard as aligned columns, with how much each model counts as a bar.
    static func leaderboard(_ result: AutoMLResult) -> [String] {
        guard !result.leaderboard.isEmpty else { return [] }
        let names = result.leaderboard.map(\.model), width = max(5, names.map(\.count).max() ?? 5)
        let head =
            "model".padded(width) + "  " + String(result.objective.metric).padded(10, right: true) + "  "
            + "±".padded(9, right: true) + "  " + "fit s".padded(7, right: true) + "  " + "ms/row".padded(8, right: true)
            + "  weight"
        return [head]
            + result.leaderboard.map { line in
                let cell = { (value: Double?, width: Int) in (value.map(number) ?? "-").padded(width, right: true) }
                return line.model.padded(width) + "  " + cell(line.value, 10) + "  " + cell(line.spread, 9) + "  "
                    + cell(line.fitSeconds, 7) + "  " + cell(line.predictMilliseconds, 8) + "  " + weight(line)
            }
    }

    private static func weight(_ line: AutoMLResult.Line) -> String {
        guard let weight = line.weight else { return "the average" }
        guard weight > 0 else { return "" }
        let filled = max(1, Int(nearestWithin: weight * 20))
        return String(repeating: "█", count: filled) + " \(NumberFormat.percent(weight, decimals: 0))"
    }

    /// Which models are the most accurate, the fastest and the most readable, with the reason.
    static func advice(_ record: AutoMLRecord, _ candidates: [AutoMLCandidate]) -> [String] {
        AutoMLAdvice(record, candidates, number: number).lines
    }
}

extension String {
    fileprivate func padded(_ width: Int, right: Bool = false) -> String {
        let gap = String(repeating: " ", count: max(0, width - count))
        return right ? gap + self : self + gap
    }
}
