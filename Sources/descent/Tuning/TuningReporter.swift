import Cells
import Events
import PrintableText

/// A line a trial on standard error.
struct TuningReporter: EventReporter {
    let isTerminal: Bool
    private var suggestions: [Int: TrialSuggestion] = [:]
    private var maxJobs = 0
    /// What was said of the data once is not said again with each trial.
    private var said: Set<String> = []

    init(isTerminal: Bool) { self.isTerminal = isTerminal }

    mutating func report(_ batch: EventBatch) {
        for event in batch.merged {
            switch event.kind {
            case .tuning(let fact): take(fact)
            case .job(.dataRead(let reading)): sayOnce(reading.line(grouped: NumberFormat.grouped))
            case .job(.dataWarned(let warning)): sayOnce(warning.line)
            case .notice(.commandFailed(let message)): say("descent: \(message)")
            case .workspace(.recordingStalled(let problem)): say("descent: not recorded: \(problem.message)")
            case .workspace(.recordingResumed): say("descent: everything is recorded again")
            default: break
            }
        }
    }

    private mutating func take(_ fact: TuningEvent) {
        switch fact {
        case .started(let start):
            maxJobs = start.maxJobs
            let why = start.why.isEmpty ? "" : ": " + start.why
            say("\(start.name) searches \(start.ranges.count) ranges by \(start.strategy)\(why)")
            if start.trials > 0 { say("\(start.trials) trials are done already") }
        case .trialSuggested(let suggestion):
            suggestions[suggestion.trial] = suggestion
            if isTerminal {
                Console.showProgress(
                    "trial \(suggestion.trial + 1) of \(maxJobs): \(TuningText.settings(suggestion.hyperparameters))")
            }
        case .trialFinished(let end):
            let settings = suggestions.removeValue(forKey: end.trial).map { TuningText.settings($0.hyperparameters) } ?? ""
            let value = end.value.map { TuningText.value($0, end.deviation, end.others) } ?? "-"
            let mark = end.isBest ? end.others.isEmpty ? "best so far" : "none is better in all" : ""
            switch end.status {
            case .completed:
                say(["trial \(end.trial + 1): \(value)", settings, mark].filter { !$0.isEmpty }.joined(separator: "   "))
            case .stopped: say("trial \(end.trial + 1): \(value)   \(settings)   stopped: \(end.reason)")
            case .failed: say("trial \(end.trial + 1): failed   \(settings)   \(end.reason)")
            }
        case .confirming(let confirming):
            say("trial \(confirming.trial + 1) looks best: it trains again on seed \(confirming.seed)")
        case .changed(let notice): say("\(notice.name): \(notice.text)")
        case .finished: if isTerminal { Console.showProgress("") }
        }
    }

    private mutating func sayOnce(_ text: String) { if said.insert(text).inserted { say(text) } }

    private func say(_ text: String) {
        if isTerminal { Console.noteOverProgress(text.printable) } else { Console.note(text.printable) }
    }
}
