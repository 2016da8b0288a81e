import Cells
import Events

/// A line a trial on standard error.
struct TuningReporter: EventReporter {
    private var voice: SearchVoice
    private var suggestions: [Int: TrialSuggestion] = [:]
    private var maxJobs = 0

    init(isTerminal: Bool) { voice = SearchVoice(isTerminal: isTerminal) }

    mutating func report(_ batch: EventBatch) {
        for event in batch.events {
            switch event.kind {
            case .tuning(let fact): take(fact)
            case .job(.dataWarned(let warning)): voice.sayOnce(warning.line)
            default: voice.take(event)
            }
        }
    }

    private mutating func take(_ fact: TuningEvent) {
        switch fact {
        case .started(let start):
            maxJobs = start.maxJobs
            let why = start.why.isEmpty ? "" : ": " + start.why
            voice.say("\(start.name) searches \(start.ranges.count) ranges by \(start.strategy)\(why)")
            if start.trials > 0 { voice.say("\(start.trials) trials are done already") }
        case .trialSuggested(let suggestion):
            suggestions[suggestion.trial] = suggestion
            voice.showProgress(
                "trial \(suggestion.trial + 1) of \(maxJobs): \(TuningText.settings(suggestion.hyperparameters))")
        case .trialFinished(let end):
            let settings = suggestions.removeValue(forKey: end.trial).map { TuningText.settings($0.hyperparameters) } ?? ""
            let value = end.value.map { TuningText.value($0, end.deviation, end.others) } ?? "-"
            let mark = end.isBest ? end.others.isEmpty ? "best so far" : "none is better in all" : ""
            switch end.status {
            case .completed:
                voice.say(["trial \(end.trial + 1): \(value)", settings, mark].filter { !$0.isEmpty }.joined(separator: "   "))
            case .stopped: voice.say("trial \(end.trial + 1): \(value)   \(settings)   stopped: \(end.reason)")
            case .failed: voice.say("trial \(end.trial + 1): failed   \(settings)   \(end.reason)")
            }
        case .confirming(let confirming):
            voice.say("trial \(confirming.trial + 1) looks best: it trains again on seed \(confirming.seed)")
        case .changed(let notice): voice.say("\(notice.name): \(notice.text)")
        case .finished: voice.showProgress("")
        }
    }
}
