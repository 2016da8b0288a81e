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
        guard let spread else { return number(value) }
        let texts = NumberFormat.withSpread(value, spread)
        return "\(texts.value) ± \(texts.spread)"
    }

    static func ending(_ status: JobStatus, _ reason: EndReason) -> String {
        if let ending = AutoMLEnding(reason) { return ending.words }
        switch reason {
        case .interrupted: return "interrupted (`descent automl resume` goes on)"
        case .stoppedByUser: return "stopped (`descent automl resume` goes on)"
        case .unsaid:
            return status == .pending ? "waits for a host" : status == .inProgress ? "running" : status.rawValue.lowercased()
        default: return "\(status.rawValue.lowercased()): \(reason.text)"
        }
    }

    /// The leaderboard as aligned columns, with how much each model counts as a bar.
    static func leaderboard(_ result: AutoMLResult) -> [String] {
        guard !result.leaderboard.isEmpty else { return [] }
        let cell = { (value: Double?) in value.map(number) ?? "-" }
        let pair = { (line: AutoMLResult.Line) in
            line.value.flatMap { value in line.spread.map { NumberFormat.withSpread(value, $0) } }
        }
        let rows = result.leaderboard.map { line in
            [
                line.model, pair(line)?.value ?? cell(line.value), pair(line)?.spread ?? "-", cell(line.fitSeconds),
                cell(line.predictMilliseconds), line.weight == nil ? "" : String(line.level), weight(line),
            ]
        }
        let heads = ["model", String(result.objective.metric), "±", "fit s", "ms/row", "level", "weight"]
        return RunText.table([heads] + rows, rightAligned: [1, 2, 3, 4, 5]).split(separator: "\n").map(String.init)
    }

    /// What each step of preparation brings, as aligned columns.
    static func ablation(_ record: AutoMLRecord, _ candidates: [AutoMLCandidate]) -> [String] {
        guard let found = AutoMLAblation(record, candidates), !found.lines.isEmpty else { return [] }
        let rows = found.lines.map { line in
            let texts = NumberFormat.withSpread(line.without, line.gain)
            return [line.step, texts.value, (line.gain > 0 ? "+" : "") + texts.spread, words(line.gain)]
        }
        let heads = ["without", String(record.objective.metric.metric), "it brings", ""]
        return ["what preparation brings to \(found.base) (\(number(found.lines[0].with))):"]
            + RunText.table([heads] + rows, rightAligned: [1, 2]).split(separator: "\n").map(String.init)
    }

    /// Whether a gain is one.
    static func words(_ gain: Double) -> String { gain > 0 ? "better with it" : gain < 0 ? "better without it" : "no difference" }

    private static func weight(_ line: AutoMLResult.Line) -> String {
        guard let weight = line.weight else { return "the average" }
        guard weight > 0 else { return "" }
        let filled = max(1, Int(nearestWithin: weight * 20))
        return String(repeating: "█", count: filled) + " \(NumberFormat.percent(weight, decimals: 0))"
    }

    /// Which models are the most accurate, the fastest and the most readable, with the reason.
    static func advice(_ record: AutoMLRecord, _ candidates: [AutoMLCandidate]) -> [String] {
        AutoMLAdvice(record, candidates, number: number, time: { NumberFormat.duration($0) }).lines
    }
}
