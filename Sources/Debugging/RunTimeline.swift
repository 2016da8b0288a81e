import Events

/// What a batch holds of one run, in the order in which it happened: sequence numbers decide.
///
/// The samples of each channel stay together as far as nothing else happened in between, so that a rule is called once for a
/// whole stretch of them.
struct RunTimeline {
    enum Entry {
        case event(StudioEvent)
        /// Samples of one channel, by its place among the groups.
        case samples(ArraySlice<MetricSample>, group: Int)
    }

    private let events: [StudioEvent]
    private let groups: [[MetricSample]]
    private var eventPlace = 0
    private var places: [Int]

    /// - Parameters:
    ///   - events: the run's lifecycle events, in order.
    ///   - groups: each channel's samples, in order.
    init(events: [StudioEvent], groups: [[MetricSample]]) {
        self.events = events
        self.groups = groups
        places = groups.map { _ in 0 }
    }

    /// What happened next; nil when that was all.
    mutating func next() -> Entry? {
        let event = eventPlace < events.count ? events[eventPlace].sequence : .max
        // The channel that goes on first, and up to where nobody else has something to say.
        var first: Int?, start = UInt64.max, limit = event
        for group in groups.indices where places[group] < groups[group].count {
            let sequence = groups[group][places[group]].sequence
            if first == nil || sequence < start {
                limit = min(limit, start)
                (first, start) = (group, sequence)
            } else {
                limit = min(limit, sequence)
            }
        }
        guard let first, start < event else {
            guard eventPlace < events.count else { return nil }
            defer { eventPlace += 1 }
            return .event(events[eventPlace])
        }
        let samples = groups[first], place = places[first]
        // At least the samples of one event, whatever numbers others have.
        let end = Self.end(of: samples, from: place, before: max(limit, start + 1))
        places[first] = end
        return .samples(samples[place..<end], group: first)
    }

    /// The place of the first sample from `start` on whose number is not below `limit`.
    private static func end(of samples: [MetricSample], from start: Int, before limit: UInt64) -> Int {
        guard let last = samples.last, last.sequence >= limit else { return samples.count }
        var low = start, high = samples.count
        while low < high {
            let middle = (low + high) / 2
            if samples[middle].sequence < limit { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

extension RunSamples {
    /// The samples by sequence number, and those of one event by the names of their metrics: training before validation, so
    /// that a rule that compares them sees both of one step in a known order. Most channels have them so, and nothing is copied.
    var ordered: [MetricSample] {
        var ranks = metrics.map { _ in 0 }
        for (rank, place) in metrics.indices.sorted(by: { metrics[$0] < metrics[$1] }).enumerated() { ranks[place] = rank }
        func isBefore(_ left: MetricSample, _ right: MetricSample) -> Bool {
            left.sequence == right.sequence
                ? ranks[Int(left.metric)] < ranks[Int(right.metric)] : left.sequence < right.sequence
        }
        let isOrdered = samples.withUnsafeBufferPointer { samples in
            !samples.indices.dropFirst().contains { isBefore(samples[$0], samples[$0 - 1]) }
        }
        return isOrdered ? samples : samples.sorted(by: isBefore)
    }
}
