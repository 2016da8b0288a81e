extension EventBatch {
    /// Appends another batch that was posted later. What is measured of a metric stays in its order, in whatever company it came:
    /// samples join the last ones of their run that share a metric with them, or none.
    public mutating func append(_ later: EventBatch) {
        events.append(contentsOf: later.events)
        for group in later.samples {
            let last = samples.lastIndex { $0.run == group.run && $0.metrics.contains { group.metrics.contains($0) } }
            if let last, samples[last].metrics == group.metrics {
                samples[last].samples.append(contentsOf: group.samples)
            } else {
                samples.append(group)
            }
        }
    }

    /// Halves the samples and more: of every eight of one metric, the first, the smallest, the largest and the last stay, and
    /// so do all that are not finite.
    mutating func mergeSamples() {
        for index in samples.indices {
            var kept: [MetricSample] = []
            for metric in samples[index].metrics.indices {
                let own = samples[index].samples.filter { $0.metric == Int32(metric) }
                for start in stride(from: 0, to: own.count, by: 8) {
                    let group = own[start..<min(start + 8, own.count)]
                    let finite = group.filter(\.value.isFinite)
                    let extremes = [finite.min { $0.value < $1.value }, finite.max { $0.value < $1.value }]
                    let wanted = Set(
                        [group.first?.sequence, group.last?.sequence].compactMap { $0 } + extremes.compactMap { $0?.sequence })
                    kept += group.filter { wanted.contains($0.sequence) || !$0.value.isFinite }
                }
            }
            samples[index].samples = kept.sorted { ($0.sequence, $0.metric) < ($1.sequence, $1.metric) }
        }
    }
}
