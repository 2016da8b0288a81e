import Events

/// Rules over what a run recorded: how each stands after it.
///
/// What belongs to one step is shown together, metrics by their names and tensors last. While a run trains, its rules see the same in the
/// order in which it was recorded.
public struct RuleReplay: Sendable {
    /// One metric as it was recorded.
    public typealias Curve = (metric: MetricName, points: [MetricPoint])

    /// How the rules stand, in the order of the selection.
    public private(set) var reports: [RuleReport] = []
    /// What was found and cleared on the way.
    public private(set) var events: [DebuggerEvent] = []

    /// - Parameters:
    ///   - curves: of metrics that are no matter of the machine.
    ///   - events: what happened to the run, oldest first.
    ///   - tensors: oldest first.
    ///   - algorithm: what trains, where it is one of ours.
    public init(
        of record: RunRecord, _ selection: RuleSelection, curves: [Curve], events: [StudioEvent], tensors: [TensorsOfStep] = [],
        algorithm: AlgorithmDescription? = nil
    ) {
        var record = record
        var steps = StepsOfCurves(curves.filter { !$0.metric.isSystem })
        var changes: [HyperparameterChange] = [], end: JobStatusChange?, data: TrainingDataSummary?, slices: [ProfileSlice] = []
        for event in events {
            switch RunFact(event) {
            case .registered(let known): record = known
            case .dataSummarised(let summary): data = summary
            case .settingsChanged(let change): changes.append(change)
            case .ended(let change): end = change
            case .profileRecorded(let slice): slices.append(slice)
            case .tensorsSummarised, nil: break
            }
        }
        let run = RunUnderRules(record: record, selection: selection, algorithm: algorithm)
        if let data { self.events += run.show(data) }
        var tensors = tensors[...], left = changes[...], profile = slices[...]
        // Up to where the next other thing happened.
        while let limit = [tensors.first?.step, left.first.map { $0.step ?? 0 }, profile.first?.step].compactMap({ $0 }).min() {
            show(steps.next(upTo: limit), run, steps.metrics)
            if let change = left.first, change.step ?? 0 <= limit {
                left.removeFirst()
                self.events += run.take(change)
            } else if let slice = profile.first, slice.step <= limit {
                profile.removeFirst()
                self.events += run.show(slice)
            } else if let first = tensors.popFirst() {
                self.events += run.show(first)
            }
        }
        show(steps.next(upTo: .max), run, steps.metrics)
        if let end { self.events += run.showEnd(end) }
        reports = zip(selection.entries, run.stands).map { RuleReport($0, $1) }
    }

    private mutating func show(_ samples: ArraySlice<MetricSample>, _ run: RunUnderRules, _ metrics: [MetricName]) {
        if !samples.isEmpty { events += run.show(samples, of: metrics) }
    }
}

/// The points of several curves as samples in the order of steps; those of one step as one event.
private struct StepsOfCurves {
    let metrics: [MetricName]
    private let samples: [MetricSample]
    private var place = 0

    init(_ curves: [RuleReplay.Curve]) {
        let curves = curves.sorted { $0.metric < $1.metric }
        metrics = curves.map(\.metric)
        var samples: [MetricSample] = []
        samples.reserveCapacity(curves.reduce(0) { $0 + $1.points.count })
        for (index, curve) in curves.enumerated() {
            for point in curve.points {
                samples.append(
                    MetricSample(
                        sequence: UInt64(max(0, point.step)) + 1, metric: Int32(truncatingIfNeeded: index), step: point.step,
                        epoch: point.epoch, wallTime: point.wallTime, value: point.value))
            }
        }
        // The places keep points of one step and metric in the order in which they were recorded.
        self.samples = samples.indices.sorted {
            let (left, right) = (samples[$0], samples[$1])
            return (left.step, left.metric, $0) < (right.step, right.metric, $1)
        }.map { samples[$0] }
    }

    /// What was not handed out yet, up to a step.
    mutating func next(upTo step: Int) -> ArraySlice<MetricSample> {
        let start = place
        while place < samples.count, samples[place].step <= step { place += 1 }
        return samples[start..<place]
    }
}
