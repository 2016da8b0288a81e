import Events

/// A run and the rules that still look at it.
///
/// A class, since rules change in place: copying what they remember with every call would cost more than they do.
final class RunUnderRules {
    private(set) var record: RunRecord
    private var rules: [any Rule]
    private var lastStep = 0
    /// What is known of each set of metrics that samples came with; forgotten when record or rules change.
    private var channels: [Channel] = []
    private let algorithm: AlgorithmDescription?

    /// A set of metrics that are recorded together.
    private struct Channel {
        let metrics: [MetricName]
        /// For each rule which metrics it wants; nil where it wants none of them.
        let wanted: [[Bool]?]
    }

    /// - Parameter algorithm: what trains, where it is one of ours.
    init(record: RunRecord, rules: [any Rule], algorithm: AlgorithmDescription? = nil) {
        self.record = record
        self.rules = rules
        self.algorithm = algorithm
        if let algorithm { _ = show(.algorithm(algorithm)) }
    }

    func take(_ record: RunRecord) {
        self.record = record
        channels = []
    }

    /// Takes over settings that were changed while it trains, and tells the rules.
    func take(_ change: HyperparameterChange) -> [Alert] {
        record.hyperparameters.merge(change.values) { $1 }
        channels = []
        return show(.settingsChanged(change))
    }

    func show(_ data: TrainingDataSummary) -> [Alert] { show(.trainingData(data)) }

    func show(_ tensors: TensorsOfStep) -> [Alert] {
        settle(
            rules.indices.compactMap { rule in
                guard type(of: rules[rule]).wantsTensors(of: record) else { return nil }
                return rules[rule].observe(.tensors(tensors), of: record).map { (rule, $0) }
            })
    }

    func showEnd(_ change: JobStatusChange) -> [Alert] {
        show(.ended(change.status, reason: change.reason, step: lastStep))
    }

    private func show(_ input: RuleInput) -> [Alert] {
        settle(rules.indices.compactMap { rule in rules[rule].observe(input, of: record).map { (rule, $0) } })
    }

    /// Shows samples of one channel to the rules that want them.
    /// - Parameter samples: in the order of `RunSamples.ordered`.
    func show(_ samples: ArraySlice<MetricSample>, of metrics: [MetricName]) -> [Alert] {
        if let last = samples.last { lastStep = last.step }
        let channel = channel(metrics)
        let stretch = SampleStretch(metrics: metrics, samples: samples)
        var findings: [(rule: Int, RuleFinding)] = []
        for rule in rules.indices {
            guard let wanted = channel.wanted[rule] else { continue }
            if let finding = rules[rule].observe(.samples(stretch.showing(wanted)), of: record) {
                findings.append((rule, finding))
            }
        }
        return settle(findings)
    }

    /// Takes rules that are done off the list; returns their alerts in the order in which the evidence came in.
    private func settle(_ findings: [(rule: Int, finding: RuleFinding)]) -> [Alert] {
        guard !findings.isEmpty else { return [] }
        for rule in findings.map(\.rule).reversed() { rules.remove(at: rule) }
        channels = []
        return findings.sorted { ($0.finding.place, $0.rule) < ($1.finding.place, $1.rule) }.map { applicable($0.finding.alert) }
    }

    /// An algorithm takes the settings that it has. A script takes those that it was given, or declares; others can at most be set while
    /// it trains.
    private func applicable(_ alert: Alert) -> Alert {
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
        let wanted = rules.map { rule in
            let own = metrics.map { type(of: rule).wants($0, of: record) }
            return own.contains(true) ? own : nil
        }
        let channel = Channel(metrics: metrics, wanted: wanted)
        // A log that never has the same metrics twice need not be remembered.
        if channels.count >= 32 { channels = [] }
        channels.append(channel)
        return channel
    }
}
