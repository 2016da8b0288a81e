import Events

/// The events themselves, one JSON object a line on standard output.
struct JSONReporter: EventReporter {
    private var hasEnded = false

    mutating func report(_ batch: EventBatch) {
        var out = ""
        for event in batch.merged {
            // The stream ends with the job's end; notices may go out behind it, and are recorded.
            if hasEnded, case .action = event.kind { continue }
            if case .job(.finished) = event.kind { hasEnded = true }
            event.outline.write(into: &out)
            out += "\n"
        }
        Console.printRaw(out)
    }
}
