import Events

extension RunField {
    /// The run's value; nil when it has none.
    /// - Parameter now: what a running run's duration counts to, in seconds since 1970.
    public func value(of run: RunSummary, now: Double) -> RunValue? {
        if run.record.origin == .watched, let said = configured(run) { return said }
        return switch self {
        case .name: .text(run.record.name)
        case .id: .text(run.record.id.text)
        case .algorithm: .text(run.record.algorithm)
        case .experiment: .text(run.record.experiment)
        case .dataset: .text(run.datasetName)
        case .target: run.record.request.target.map { .text($0) }
        case .status: .texts([run.statusWord, run.status.rawValue])
        case .tag: run.tags.isEmpty ? nil : .texts(run.tags)
        case .note: run.note.isEmpty ? nil : .text(run.note)
        case .parent: run.record.fork.map { .text($0.parent.text) }
        case .origin: .text(run.record.origin.rawValue)
        case .tuning: run.record.tuning.map { .texts([$0.name, $0.tuning]) }
        case .place: run.record.place.map { .text($0) }
        case .metric: .text(String(run.record.objective.metric.metric))
        case .statistic(let statistic, let name):
            Self.metric(name, of: run).flatMap { run.value(statistic, of: $0) }.map { .number($0) }
        case .named(let name):
            Self.newest(name, of: run).map { .number($0) } ?? run.record.setting(name).map { RunValue(setting: $0) }
        case .setting(let name): run.record.hyperparameters[name].map { RunValue(setting: $0) }
        default: number(of: run, now: now).map { .number($0) }
        }
    }

    /// What a log's own configuration says under a name that here is that of how a run was asked for. The seed, say, that
    /// Descent drew for a run it only watches means nothing beside the one that the run was trained with.
    private func configured(_ run: RunSummary) -> RunValue? {
        switch self {
        case .seed, .dataset, .target, .algorithm:
            guard let text = run.record.hyperparameters[word] else { return nil }
            if self == .dataset { return .texts([text, run.datasetName]) }
            return self == .algorithm ? .texts([text, run.record.algorithm]) : RunValue(setting: text)
        default: return nil
        }
    }

    private func number(of run: RunSummary, now: Double) -> Double? {
        switch self {
        case .created: run.record.createdAt
        case .started: run.startedAt
        case .finished: run.finishedAt
        case .duration: run.duration(now: now)
        // A log that says no seed has none: 0 would be invented.
        case .seed: run.record.origin == .watched && run.record.seed == 0 ? nil : Double(run.record.seed)
        case .step: Double(run.step)
        case .epoch: run.epoch
        case .alerts: Double(run.alertCount)
        case .speed: run.status == .inProgress && run.rowsPerSecond > 0 ? run.rowsPerSecond : nil
        case .progress: run.progress
        case .objective: run.lastObjective
        case .best: run.bestObjective
        case .bestStep: run.bestStep.map { Double($0) }
        default: nil
        }
    }

    /// A metric's newest value by its full name, or by its word alone: validation before training. Of a system metric the peak.
    private static func newest(_ name: String, of run: RunSummary) -> Double? {
        let own = MetricName(name)
        if let exact = run.lastMetrics[own] { return exact }
        if let logged = run.record.loggedNames[name], let value = run.lastMetrics[logged] { return value }
        if own.isSystem { return run.metricRanges[own]?.high }
        if name.contains(":") { return nil }
        for split in splits { if let value = run.lastMetrics[MetricName(split: split, metric: name)] { return value } }
        return nil
    }

    /// The run's metric of that name.
    static func metric(_ name: String, of run: RunSummary) -> MetricName? {
        let words = name.contains(":") ? [] : splits.map { MetricName(split: $0, metric: name) }
        let names = [MetricName(name)] + (run.record.loggedNames[name].map { [$0] } ?? []) + words
        return names.first { run.lastMetrics[$0] != nil || run.metricRanges[$0] != nil }
    }

    private static let splits = ["validation", "train", "test"]

    /// How the value reads as a group's name or a cell of plain text; nil when the run has none.
    public func text(of run: RunSummary, now: Double) -> String? {
        switch value(of: run, now: now) {
        case .text(let text): text
        case .texts(let texts): self == .status ? texts.first : texts.joined(separator: " ")
        case .number(let number):
            setting(of: run) ?? "\(number)"
        case nil: nil
        }
    }

    /// A hyperparameter as it was written, where the field is one of the run's.
    public func setting(of run: RunSummary) -> String? {
        switch self {
        case .named(let name): Self.newest(name, of: run) == nil ? run.record.setting(name) : nil
        case .setting(let name): run.record.hyperparameters[name]
        case .seed, .target: run.record.origin == .watched ? run.record.hyperparameters[word] : nil
        default: nil
        }
    }
}
