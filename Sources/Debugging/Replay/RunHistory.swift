import Events

/// What a run recorded so far, as rules are shown it again.
public struct RunHistory: Sendable {
    /// One metric as it was recorded.
    public typealias Curve = (metric: MetricName, points: [MetricPoint])

    /// Of metrics that are no matter of the machine.
    public var curves: [Curve]
    /// What happened to the run, oldest first.
    public var events: [StudioEvent]
    /// Oldest first.
    public var tensors: [TensorsOfStep]

    public init(curves: [Curve] = [], events: [StudioEvent] = [], tensors: [TensorsOfStep] = []) {
        (self.curves, self.events, self.tensors) = (curves, events, tensors)
    }

    /// What rules have to be shown: nobody reads a curve that none of them looks at.
    public struct Wish: Sendable {
        private let rules: [any LiveRule]
        private let run: RunRecord

        public init(_ rules: [any LiveRule], of run: RunRecord) { (self.rules, self.run) = (rules, run) }

        public func wants(_ metric: MetricName) -> Bool {
            !metric.isSystem && rules.contains { $0.looks(at: metric, of: run) }
        }

        public var wantsTensors: Bool { rules.contains { $0.looksAtTensors(of: run) } }
    }

    /// What rules that train along have been shown already, where the store may be ahead of them.
    func upTo(_ seen: RunUnderRules.Seen, before change: RulesChange) -> RunHistory {
        var history = self
        history.curves = curves.map { metric, points in
            let last = seen.steps[metric] ?? -1
            return (metric, points.filter { $0.step <= last })
        }
        history.tensors = tensors.filter { $0.step <= seen.tensorStep }
        let place = events.lastIndex { event in
            if case .debugger(.rulesChanged(change)) = event.kind { true } else { false }
        }
        if let place { history.events = Array(events[..<place]) }
        return history
    }

    /// How good the model is that the run kept at its last end.
    var lastEvaluation: ModelEvaluation? {
        for event in events.reversed() {
            if case .job(.finished(let result)) = event.kind { return result.evaluation }
        }
        return nil
    }

    /// The alerts that were told and not cleared, by their rules.
    var standing: [String: Alert] {
        var standing: [String: Alert] = [:]
        for raised in RaisedAlert.all(in: events) {
            standing[raised.alert.rule] = raised.cleared == nil ? raised.alert : nil
        }
        return standing
    }

    /// How each rule was last told to stand.
    var told: [String: RuleState] {
        var told: [String: RuleState] = [:]
        for event in events {
            if case .debugger(.ruleEvaluated(let evaluation)) = event.kind { told[evaluation.rule] = evaluation.state }
        }
        return told
    }
}

extension RunUnderRules {
    /// Shows the rules what a run recorded, all but its end.
    /// - Returns: what was found and cleared on the way.
    func show(_ history: RunHistory) -> [DebuggerEvent] {
        var found: [DebuggerEvent] = []
        var steps = StepsOfCurves(history.curves.filter { !$0.metric.isSystem })
        var changes: [HyperparameterChange] = [], data: TrainingDataSummary?, slices: [ProfileSlice] = []
        var observations: [TrainingObservation] = []
        for event in history.events {
            switch RunFact(event) {
            case .registered(let known): take(known)
            case .dataSummarised(let summary): data = summary
            case .settingsChanged(let change): changes.append(change)
            case .profileRecorded(let slice): slices.append(slice)
            case .trainingObserved(let observation): observations.append(observation)
            case .ended, .tensorsSummarised, .rulesChanged, nil: break
            }
        }
        if let data { found += show(data) }
        var tensors = history.tensors[...], left = changes[...], profile = slices[...], observed = observations[...]
        func showSamples(upTo step: Int) {
            let samples = steps.next(upTo: step)
            if !samples.isEmpty { found += show(samples, of: steps.metrics) }
        }
        // Up to where the next other thing happened.
        while let limit = [
            tensors.first?.step, left.first.map { $0.step ?? 0 }, profile.first?.step,
            observed.first.map { $0.metricStep ?? $0.step },
        ].compactMap({ $0 }).min() {
            showSamples(upTo: limit)
            if let change = left.first, change.step ?? 0 <= limit {
                left.removeFirst()
                found += take(change)
            } else if let slice = profile.first, slice.step <= limit {
                profile.removeFirst()
                found += show(slice)
            } else if let first = observed.first, first.metricStep ?? first.step <= limit {
                observed.removeFirst()
                found += show(first)
            } else if let first = tensors.popFirst() {
                found += show(first)
            }
        }
        showSamples(upTo: .max)
        return found
    }
}

/// The points of several curves as samples in the order of steps; those of one step as one event.
private struct StepsOfCurves {
    let metrics: [MetricName]
    private let samples: [MetricSample]
    private var place = 0

    init(_ curves: [RunHistory.Curve]) {
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
