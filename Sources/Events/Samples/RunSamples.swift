/// Samples of one run, in the order they were recorded: of system metrics, or of others.
public struct RunSamples: Sendable, Hashable {
    public var run: RunID
    public var metrics: [MetricName]
    public var samples: [MetricSample]

    public init(run: RunID, metrics: [MetricName], samples: [MetricSample]) {
        self.run = run
        self.metrics = metrics
        self.samples = samples
    }
}
