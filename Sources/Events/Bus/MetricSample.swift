/// One metric value at one step: what a training thread hands over, in a fixed number of bytes.
public struct MetricSample: Sendable, Hashable {
    /// The `metricsRecorded` event it belongs to: samples of one run with the same number are one event.
    public var sequence: UInt64
    /// Index into the metric names of its channel or of its `RunSamples`.
    public var metric: Int32
    public var step: Int
    /// Epochs done at this step, with fraction.
    public var epoch: Double
    /// Seconds since 1970.
    public var wallTime: Double
    public var value: Double

    public init(sequence: UInt64, metric: Int32, step: Int, epoch: Double, wallTime: Double, value: Double) {
        self.sequence = sequence
        self.metric = metric
        self.step = step
        self.epoch = epoch
        self.wallTime = wallTime
        self.value = value
    }
}

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

/// What the bus delivers at a time: lifecycle events and samples, each in the order in which they were posted.
public struct EventBatch: Sendable {
    public var events: [StudioEvent]
    public var samples: [RunSamples]

    public init(events: [StudioEvent] = [], samples: [RunSamples] = []) {
        self.events = events
        self.samples = samples
    }

    public var isEmpty: Bool { events.isEmpty && samples.isEmpty }
    public var sampleCount: Int { samples.reduce(0) { $0 + $1.samples.count } }

    /// Lifecycle and metric events together, in the order in which they were posted.
    public var merged: [StudioEvent] {
        var all = events
        for group in samples {
            let isSystem = group.metrics.first?.isSystem ?? false
            var start = 0
            while start < group.samples.count {
                let first = group.samples[start]
                var end = start
                var values: [MetricName: Double] = [:]
                while end < group.samples.count, group.samples[end].sequence == first.sequence {
                    values[group.metrics[Int(group.samples[end].metric)]] = group.samples[end].value
                    end += 1
                }
                let metrics = MetricsRecorded(step: first.step, epoch: first.epoch, values: values)
                all.append(
                    StudioEvent(
                        sequence: first.sequence, wallTime: first.wallTime, run: group.run,
                        kind: isSystem ? .systemSampled(metrics) : .metricsRecorded(metrics)))
                start = end
            }
        }
        return all.sorted { $0.sequence < $1.sequence }
    }
}
