import Events

/// Nothing but what cannot be left unsaid.
struct QuietReporter: EventReporter {
    /// Runs that have ended: what is asked of them afterwards is answered elsewhere.
    private var ended: Set<RunID> = []
    private var told: Set<String> = []

    mutating func report(_ batch: EventBatch) {
        for event in batch.events {
            switch event.kind {
            case .job(.dataWarned(let warning)) where !warning.isNotice:
                // Each run of a search says the same of its data.
                if told.insert(warning.line).inserted { Console.note(warning.line) }
            case .job(.finished): if let run = event.run { ended.insert(run) }
            case .notice(.commandFailed) where event.run.map(ended.contains) ?? false: break
            case .notice(.commandFailed(let message)): Console.note("descent: \(message)")
            case .action(.taken(let taken)) where taken.isWarning: Console.note("descent: \(taken.message)")
            case .workspace(.recordingStalled(let problem)): Console.note("descent: not recorded: \(problem.message)")
            default: break
            }
        }
    }
}
