import Events

/// Tells what happens in a foreground job.
protocol EventReporter: Sendable {
    mutating func report(_ batch: EventBatch)
}
