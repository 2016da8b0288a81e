extension EventBatch {
    /// Appends another batch that was posted later. Values of one metric keep their order.
    public mutating func append(_ later: EventBatch) {
        events.append(contentsOf: later.events)
        for group in later.samples {
            if let index = place(of: group) {
                samples[index].samples.append(contentsOf: group.samples)
            } else {
                samples.append(group)
            }
        }
    }

    /// The group that another one goes on, unless a later group has a metric of it too.
    private func place(of group: RunSamples) -> Int? {
        for index in samples.indices.reversed() where samples[index].run == group.run {
            if samples[index].metrics == group.metrics { return index }
            if !Set(samples[index].metrics).isDisjoint(with: group.metrics) { return nil }
        }
        return nil
    }

    /// Of the tensors of each run only the newest step stays.
    mutating func keepNewestTensors() {
        var seen: Set<RunID?> = []
        let kept = events.reversed().filter { event in
            if case .tensors = event.kind { seen.insert(event.run).inserted } else { true }
        }
        if kept.count < events.count { events = kept.reversed() }
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
