import Cells
import Clocks
import Events

/// News of watched runs, a line each on standard output.
struct WatchReporter: EventReporter {
    private var names: [RunID: String] = [:]
    private var steps: [RunID: Int] = [:]
    private var metrics: [RunID: [MetricName: Double]] = [:]
    private var lastShown: [RunID: Double] = [:]

    mutating func report(_ batch: EventBatch) {
        var news: [RunID] = []
        for event in batch.merged {
            guard let run = event.run else {
                if case .notice(.commandFailed(let message)) = event.kind { Console.note("descent: \(message)") }
                continue
            }
            switch event.kind {
            case .run(.registered(let record)):
                if names[run] == nil { Console.print("+ \(record.name)  \(record.algorithm)  \(record.request.datasetPath)") }
                names[run] = record.name
            case .sample(.metricsRecorded(let recorded)):
                steps[run] = recorded.step
                metrics[run, default: [:]].merge(recorded.values) { $1 }
                if news.last != run { news.append(run) }
            case .job(.finished(let result)):
                show(run)
                Console.print(
                    "\(RunText.glyph(result.status)) \(result.name)  \(result.status.rawValue)"
                        + (result.reason.isEmpty ? "" : " (\(result.reason))"))
            case .debugger(.alertRaised(let alert)): Console.print("▲ \(names[run] ?? run.text)  \(alert.rule): \(alert.summary)")
            case .debugger(.ruleEvaluated(let rule)) where rule.state == .cleared:
                Console.print("  \(names[run] ?? run.text)  \(rule.rule) \(rule.clearedWords)")
            case .job(.dataWarned(let warning)): Console.note("\(warning.isNotice ? "" : "warning: ")\(warning.message)")
            default: break
            }
        }
        // At most a line a second of each run.
        let now = SteadyClock.seconds()
        for run in Set(news) where now - lastShown[run, default: -.infinity] > 1 { show(run, at: now) }
    }

    private mutating func show(_ run: RunID, at time: Double = SteadyClock.seconds()) {
        guard let values = metrics.removeValue(forKey: run) else { return }
        lastShown[run] = time
        let text = values.sorted { $0.key < $1.key }.prefix(6).map { "\($0.key) \(NumberFormat.significant($0.value))" }
        let place = "\(names[run] ?? run.text)  step \(NumberFormat.grouped(steps[run] ?? 0))"
        Console.print("  \(place)  " + text.joined(separator: "  "))
    }
}
