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

    /// How much room it takes in a mailbox, a sample being 1.
    var weight: Int {
        events.reduce(sampleCount) { sum, event in
            if case .tensors(.summarised(let step)) = event.kind { return sum + 1 + step.summaries.count * Self.weightOfSummary }
            return sum + 1
        }
    }

    /// A summary with its histogram is as large as so many samples.
    private static let weightOfSummary = 16

    /// Lifecycle and metric events together, in the order in which they were posted.
    public var merged: [StudioEvent] { merged { _ in true } }

    /// As `merged`, with the values of some metrics alone: steps that have none of them are left out.
    public func merged(of isWanted: (MetricName) -> Bool) -> [StudioEvent] {
        var all = events
        for group in samples {
            let wanted = group.metrics.map(isWanted)
            guard wanted.contains(true) else { continue }
            let isSystem = group.metrics.first?.isSystem ?? false
            var start = 0
            while start < group.samples.count {
                let first = group.samples[start]
                var end = start
                var values: [MetricName: Double] = [:]
                while end < group.samples.count, group.samples[end].sequence == first.sequence {
                    let metric = Int(group.samples[end].metric)
                    if wanted[metric] { values[group.metrics[metric]] = group.samples[end].value }
                    end += 1
                }
                start = end
                guard !values.isEmpty else { continue }
                let metrics = MetricsRecorded(step: first.step, epoch: first.epoch, values: values)
                all.append(
                    StudioEvent(
                        sequence: first.sequence, wallTime: first.wallTime, run: group.run,
                        kind: isSystem ? .sample(.systemSampled(metrics)) : .sample(.metricsRecorded(metrics))))
            }
        }
        return all.sorted { $0.sequence < $1.sequence }
    }
}
