import Events

/// Nothing but what cannot be left unsaid.
struct QuietReporter: EventReporter {
    func report(_ batch: EventBatch) {
        for event in batch.events {
            switch event.kind {
            case .notice(.commandFailed(let message)): Console.note("descent: \(message)")
            case .workspace(.recordingStalled(let problem)): Console.note("descent: not recorded: \(problem.message)")
            default: break
            }
        }
    }
}
