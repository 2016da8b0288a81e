import Events

/// The events themselves, one JSON object a line on standard output.
struct JSONReporter: EventReporter {
    private var hasEnded = false

    mutating func report(_ batch: EventBatch) {
        var out: [UInt8] = []
        for event in batch.merged {
            // The stream ends with the job's end; notices may go out behind it, and are recorded.
            if hasEnded, case .action = event.kind { continue }
            if case .job(.finished) = event.kind { hasEnded = true }
            event.outline.write(into: &out)
            out.append(UInt8(ascii: "\n"))
        }
        Console.printRaw(String(decoding: out, as: UTF8.self))
    }
}
