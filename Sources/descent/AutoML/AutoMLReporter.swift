import Cells
import Events

/// A line a candidate on standard error.
struct AutoMLReporter: EventReporter {
    private var voice: SearchVoice
    private var planned = 0
    private var metric = ""

    init(isTerminal: Bool) { voice = SearchVoice(isTerminal: isTerminal) }

    mutating func report(_ batch: EventBatch) {
        for event in batch.events {
            if case .automl(let fact) = event.kind { take(fact) } else { voice.take(event) }
        }
    }

    private mutating func take(_ fact: AutoMLEvent) {
        switch fact {
        case .started(let start):
            (planned, metric) = (start.planned, String(start.objective.metric))
            for line in start.why { voice.say(line) }
            for line in start.findings { voice.say("warning: \(line)") }
            if start.candidates > 0 { voice.say("\(start.candidates) candidates are done already") }
        case .candidateStarted(let news):
            voice.showProgress(
                "candidate \(news.candidate.number + 1) of \(max(planned, news.candidate.number + 1)): \(news.candidate.name): \(news.candidate.why)"
            )
        case .candidateFinished(let news):
            let candidate = news.candidate
            let value = candidate.value.map { AutoMLText.value($0, candidate.spread) } ?? "-"
            let seconds = candidate.fitSeconds.map { "  \(NumberFormat.significant($0, digits: 2)) s" } ?? ""
            let mark = news.isBest ? "   best single model so far" : ""
            switch candidate.outcome {
            case .failed, nil: voice.say("\(candidate.name): failed: \(candidate.reason)")
            default: voice.say("\(candidate.name): \(metric) \(value)\(seconds)\(mark)")
            }
        case .ensembleImproved(let news):
            let parts = news.weights.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { name, weight in
                "\(NumberFormat.percent(weight, decimals: 0)) \(name.dropFirst(news.name.count + 1))"
            }
            voice.say(
                "  average: \(metric) \(AutoMLText.value(news.ensemble.value, news.ensemble.spread))  (\(parts.joined(separator: ", ")))"
            )
        case .stackingDecided(let news): voice.say(news.stacking.why)
        case .finished: voice.showProgress("")
        }
    }
}
