import Events

/// Samples of one run as its trainer recorded them: metric names once, values behind one another in memory.
///
/// In the order in which they were recorded; those of one event (with the same sequence number) by the names of their metrics.
/// It is a view of what the bus delivered: nothing is copied, and metrics that a rule does not want are skipped.
public struct SampleStretch: Sendable {
    /// What `MetricSample.metric` is an index into.
    public let metrics: [MetricName]
    private var samples: ArraySlice<MetricSample>
    /// Whether the samples of a metric are shown, by its index.
    private var isShown: [Bool]

    public init(metrics: [MetricName], samples: ArraySlice<MetricSample>) {
        self.metrics = metrics
        self.samples = samples
        isShown = [Bool](repeating: true, count: metrics.count)
    }

    /// The same samples without those of metrics that are not wanted.
    func showing(_ isShown: [Bool]) -> SampleStretch {
        var stretch = self
        stretch.isShown = isShown
        return stretch
    }

    /// The index that samples of a metric have; −1, which no sample has, where there are none.
    public func index(of metric: MetricName) -> Int32 {
        metrics.firstIndex(of: metric).map { Int32(truncatingIfNeeded: $0) } ?? -1
    }

    /// The samples from a place on.
    func from(_ place: Int) -> SampleStretch {
        var stretch = self
        stretch.samples = samples[min(max(place, samples.startIndex), samples.endIndex)...]
        return stretch
    }

    /// Where the last sample stands; nil where there is none.
    var last: Int? { samples.isEmpty ? nil : samples.endIndex - 1 }

    /// Where the next sample stands; nil at the end.
    var start: Int? { samples.isEmpty ? nil : samples.startIndex }

    /// Looks at one sample after the other until one of them is the last piece of evidence.
    public func firstFinding(_ look: (MetricSample) -> Alert?) -> RuleFinding? {
        firstVerdict { look($0).map { .raised($0) } }
    }

    /// Looks at one sample after the other until one of them changes how the rule stands.
    public func firstVerdict(_ look: (MetricSample) -> RuleVerdict?) -> RuleFinding? {
        samples.withUnsafeBufferPointer { buffer in
            let first = samples.startIndex
            for place in buffer.indices where isShown[Int(buffer[place].metric)] {
                if let verdict = look(buffer[place]) { return RuleFinding(verdict, at: first + place) }
            }
            return nil
        }
    }

    /// Looks at all samples.
    public func forEach(_ look: (MetricSample) -> Void) {
        _ = firstVerdict { sample in
            look(sample)
            return nil
        }
    }
}
