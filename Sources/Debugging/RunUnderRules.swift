import Events

/// A run and the rules that look at it.
///
/// A class, since rules change in place: copying what they remember with every call would cost more than they do.
final class RunUnderRules {
    private(set) var record: RunRecord
    /// How each rule stands, in the order of the catalogue.
    private(set) var stands: [RuleStand]
    private(set) var lastStep = 0
    /// Whether tensors and observations count the optimizer's steps, and metrics something else, such as epochs.
    private var hasOwnSteps = false
    /// What is known of each set of metrics that samples came with; forgotten when the record changes.
    private var channels: [Channel] = []
    let algorithm: AlgorithmDescription?
    /// How far the rules have been shown each metric, and tensors.
    private(set) var seen = Seen()

    struct Seen {
        var steps: [MetricName: Int] = [:]
        var tensorStep = -1
    }

    /// A set of metrics that are recorded together.
    private struct Channel {
        let metrics: [MetricName]
        /// For each rule which metrics it wants; nil where it wants none of them.
        let wanted: [[Bool]?]
    }

    /// - Parameter algorithm: what trains, where it is one of ours.
    convenience init(record: RunRecord, rules: [any LiveRule], algorithm: AlgorithmDescription? = nil) {
        self.init(record: record, stands: rules.map { RuleStand($0) }, algorithm: algorithm)
    }

    /// The rules that a run's selection has.
    convenience init(record: RunRecord, selection: RuleSelection, algorithm: AlgorithmDescription? = nil) {
        self.init(record: record, stands: selection.entries.map { RuleStand($0) }, algorithm: algorithm)
    }

    init(record: RunRecord, stands: [RuleStand], algorithm: AlgorithmDescription?) {
        self.record = record
        self.stands = stands
        self.algorithm = algorithm
        if let algorithm { _ = show(.algorithm(algorithm)) }
    }

    func take(_ record: RunRecord) {
        self.record = record
        channels = []
    }

    /// Has other rules look from here on.
    func take(_ stands: [RuleStand]) {
        self.stands = stands
        channels = []
    }

    /// Notes that what a rule found before was told and stands.
    func adopt(_ alert: Alert, at place: Int) { stands[place].adopt(alert) }

    /// Takes over settings that were changed while it trains, and tells the rules.
    func take(_ change: HyperparameterChange) -> [DebuggerEvent] {
        record.hyperparameters.merge(change.values) { $1 }
        channels = []
        return show(.settingsChanged(change))
    }

    func show(_ data: TrainingDataSummary) -> [DebuggerEvent] { show(.trainingData(data)) }

    /// Rules are told of training steps: what an evaluation shows is looked at on the screen.
    func show(_ tensors: TensorsOfStep) -> [DebuggerEvent] {
        guard tensors.mode == .train else { return [] }
        if !hasOwnSteps { lastStep = max(lastStep, tensors.step) }
        seen.tensorStep = max(seen.tensorStep, tensors.step)
        return show(.tensors(tensors))
    }

    func show(_ slice: ProfileSlice) -> [DebuggerEvent] {
        lastStep = max(lastStep, slice.step)
        return show(.profiled(slice))
    }

    func show(_ observation: TrainingObservation) -> [DebuggerEvent] {
        hasOwnSteps = observation.metricStep != nil
        lastStep = max(lastStep, observation.metricStep ?? observation.step)
        return show(.observed(observation))
    }

    /// Tells the time to the rules that ask for it.
    func show(time: Double) -> [DebuggerEvent] { show(.clock(time)) }

    /// Whether any rule asks for the time.
    var looksAtClock: Bool { stands.contains { $0.isLooking && $0.rule.looksAtClock } }

    /// Shows the tensors of earlier runs to the rules that ask for them.
    func showEarlier(_ find: (String) -> EarlierRun) -> [DebuggerEvent] {
        let names = Set(stands.filter(\.isLooking).flatMap { $0.rule.earlierRuns })
        return names.sorted().flatMap { show(.earlier(find($0))) }
    }

    func showEnd(_ change: JobStatusChange) -> [DebuggerEvent] {
        let evaluated = change.evaluation.map { show(.evaluated($0, step: lastStep)) } ?? []
        return evaluated + show(.ended(change.status, reason: change.reason, step: lastStep))
    }

    func show(_ input: RuleInput) -> [DebuggerEvent] {
        var news = News()
        for place in stands.indices where stands[place].isLooking {
            switch input {
            case .tensors where !stands[place].rule.looksAtTensors(of: record): continue
            case .earlier(let run) where !stands[place].rule.earlierRuns.contains(run.name): continue
            case .clock where !stands[place].rule.looksAtClock: continue
            case .profiled where !stands[place].rule.looksAtProfile: continue
            case .observed(let observation) where !stands[place].rule.looks(atObserved: observation.name): continue
            default: break
            }
            let finding = stands[place].rule.observe(input, of: record)
            look(input, finding, place, lastStep, &news)
        }
        return news.inOrder
    }

    /// Shows samples of one channel to the rules that want them.
    /// - Parameter samples: in the order of `RunSamples.ordered`.
    func show(_ samples: ArraySlice<MetricSample>, of metrics: [MetricName]) -> [DebuggerEvent] {
        guard let last = samples.last else { return [] }
        lastStep = last.step
        note(samples, of: metrics)
        let channel = channel(metrics)
        let whole = SampleStretch(metrics: metrics, samples: samples)
        var news = News()
        for place in stands.indices {
            guard let wanted = channel.wanted[place] else { continue }
            var rest = whole.showing(wanted)
            // What comes after a finding may be that it is gone.
            while stands[place].isLooking, let start = rest.start {
                let finding = stands[place].rule.observe(.samples(rest), of: record)
                let end = max(start, min(finding?.place ?? samples.endIndex - 1, samples.endIndex - 1))
                look(.samples(rest), finding, place, samples[end].step, &news)
                rest = rest.from(end + 1)
            }
        }
        return news.inOrder
    }

    private func note(_ samples: ArraySlice<MetricSample>, of metrics: [MetricName]) {
        var last = [Int](repeating: -1, count: metrics.count)
        for sample in samples { last[Int(sample.metric)] = sample.step }
        for (metric, step) in zip(metrics, last) where step >= 0 { seen.steps[metric] = step }
    }

    /// Takes what a rule's look came to.
    private func look(_ input: RuleInput, _ finding: RuleFinding?, _ rule: Int, _ step: Int, _ news: inout News) {
        // That a rule has seen enough to look is no news: it is so in every run.
        stands[rule].noteSeen(input, at: step)
        guard var finding else { return }
        if hasOwnSteps { placeOnCurves(&finding, of: input) }
        guard stands[rule].take(finding.verdict, at: finding.step ?? step) else { return }
        let alert = finding.alert.map { DebuggerEvent.alertRaised(applicable($0)) }
        news.add([alert, .ruleEvaluated(stands[rule].evaluation)].compactMap { $0 }, at: finding.place, of: rule)
    }

    /// An alert stands at a step of the run's curves; which step of the optimizer that was is a part of its evidence.
    private func placeOnCurves(_ finding: inout RuleFinding, of input: RuleInput) {
        guard case .raised(var alert) = finding.verdict else { return }
        switch input {
        case .tensors(let tensors): alert.evidence.append(.init("step of the optimizer", Double(tensors.step)))
        case .observed(let observation): alert.evidence.append(.init("step of the optimizer", Double(observation.step)))
        default: return
        }
        alert.step = lastStep
        finding.verdict = .raised(alert)
    }

    /// What several rules said of one stretch, to be told in the order in which the evidence came in.
    private struct News {
        private var parts: [(place: Int, rule: Int, events: [DebuggerEvent])] = []

        mutating func add(_ events: [DebuggerEvent], at place: Int, of rule: Int) { parts.append((place, rule, events)) }

        var inOrder: [DebuggerEvent] {
            parts.count < 2
                ? parts.first?.events ?? [] : parts.sorted { ($0.place, $0.rule) < ($1.place, $1.rule) }.flatMap(\.events)
        }
    }

    /// An algorithm takes the settings that it has. A script takes those that it was given, or declares; others can at most be set while
    /// it trains.
    func applicable(_ alert: Alert) -> Alert {
        var alert = alert
        guard record.request.isScript else {
            guard let algorithm else { return alert }
            let known = Set(algorithm.hyperparameters.map(\.name))
            alert.remedies.removeAll { !$0.set.keys.allSatisfy(known.contains) }
            return alert
        }
        alert.remedies = alert.remedies.map { remedy in
            if remedy.set.keys.allSatisfy(record.isSetByHand) { return remedy }
            guard remedy.set.keys.allSatisfy(record.steerable.contains) else { return Alert.Remedy(remedy.text) }
            let change = remedy.set.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
            return Alert.Remedy("\(remedy.text), while it trains: descent runs steer \(record.name) \(change)")
        }
        return alert
    }

    private func channel(_ metrics: [MetricName]) -> Channel {
        if let known = channels.first(where: { $0.metrics == metrics }) { return known }
        let wanted = stands.map { stand in
            let own = metrics.map { stand.rule.looks(at: $0, of: record) }
            return own.contains(true) ? own : nil
        }
        let channel = Channel(metrics: metrics, wanted: wanted)
        // A log that never has the same metrics twice need not be remembered.
        if channels.count >= 32 { channels = [] }
        channels.append(channel)
        return channel
    }
}
