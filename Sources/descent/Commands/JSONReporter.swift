import Events

/// The events themselves, one JSON object a line on standard output.
struct JSONReporter: EventReporter {
    func report(_ batch: EventBatch) {
        var out = ""
        for event in batch.merged {
            event.outline.write(into: &out)
            out += "\n"
        }
        Console.printRaw(out)
    }
}
