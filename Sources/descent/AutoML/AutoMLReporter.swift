import Cells
import Events
import PrintableText

/// A line a candidate on standard error.
struct AutoMLReporter: EventReporter {
    let isTerminal: Bool
    private var planned = 0
    private var metric = ""
    /// What was said of the data once is not said again with each candidate.
    private var said: Set<String> = []

    init(isTerminal: Bool) { self.isTerminal = isTerminal }

    mutating func report(_ batch: EventBatch) {
        for event in batch.merged {
            switch event.kind {
            case .automl(let fact): take(fact)
            case .job(.dataRead(let reading)):
                let line = reading.line(grouped: NumberFormat.grouped)
                if said.insert(line).inserted { say(line) }
            case .notice(.commandFailed(let message)): say("descent: \(message)")
            case .workspace(.recordingStalled(let problem)): say("descent: not recorded: \(problem.message)")
            case .workspace(.recordingResumed): say("descent: everything is recorded again")
            default: break
            }
        }
    }

    private mutating func take(_ fact: AutoMLEvent) {
        switch fact {
        case .started(let start):
            (planned, metric) = (start.planned, String(start.objective.metric))
            for line in start.why { say(line) }
            for line in start.findings { say("warning: \(line)") }
            if start.candidates > 0 { say("\(start.candidates) candidates are done already") }
        case .candidateStarted(let news):
            if isTerminal {
                Console.showProgress(
                    "candidate \(news.candidate.number + 1) of \(planned): \(news.candidate.name): \(news.candidate.why)")
            }
        case .candidateFinished(let news):
            let candidate = news.candidate
            let value = candidate.value.map { AutoMLText.value($0, candidate.spread) } ?? "-"
            let seconds = candidate.fitSeconds.map { "  \(NumberFormat.significant($0, digits: 2)) s" } ?? ""
            let mark = news.isBest ? "   best single model so far" : ""
            switch candidate.outcome {
            case .failed, nil: say("\(candidate.name): failed: \(candidate.reason)")
            default: say("\(candidate.name): \(metric) \(value)\(seconds)\(mark)")
            }
        case .ensembleImproved(let news):
            let parts = news.weights.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { name, weight in
                "\(NumberFormat.percent(weight, decimals: 0)) \(name.dropFirst(news.name.count + 1))"
            }
            say(
                "  average: \(metric) \(AutoMLText.value(news.ensemble.value, news.ensemble.spread))  (\(parts.joined(separator: ", ")))"
            )
        case .finished: if isTerminal { Console.showProgress("") }
        }
    }

    private func say(_ text: String) {
        if isTerminal { Console.noteOverProgress(text.printable) } else { Console.note(text.printable) }
    }
}
