/// Something a run has that can be searched, shown in a column, sorted and grouped by. Its name is what the user types.
public enum RunField: Hashable, Sendable {
    case name, id, algorithm, experiment, dataset, target, status, tag, note, parent, origin
    case created, started, finished
    case duration
    case seed, step, epoch, alerts, speed, progress
    /// The word of the run's objective, its newest value, its best one, and the step that was reached at.
    case metric, objective, best, bestStep
    /// A metric's newest value or a hyperparameter, by its name; a metric also by its word alone or as its log calls it. A
    /// system metric's peak.
    case named(String)
    /// A hyperparameter by its name, whatever else is called so.
    case setting(String)
    /// What a metric's curve adds up to.
    case statistic(MetricStatistic, String)

    /// What values a field takes, and so how it compares and how it is typed.
    public enum Kind: Hashable, Sendable {
        /// Compared without regard to case.
        case text
        case number
        /// Seconds since 1970.
        case time
        /// Seconds.
        case duration
        /// Number or text, whatever the run has.
        case either
    }

    /// Fields that have a name of their own.
    public static let fixed: [RunField] = [
        .name, .status, .objective, .best, .bestStep, .metric, .algorithm, .dataset, .experiment, .target, .tag, .note, .created,
        .started, .finished, .duration, .step, .epoch, .progress, .speed, .alerts, .seed, .parent, .origin, .id,
    ]

    /// Fields that a bare word is searched in.
    static let searched: [RunField] = [.name, .id, .algorithm, .experiment, .dataset, .status, .tag, .note]

    private static let words: [String: RunField] = {
        var words = Dictionary(uniqueKeysWithValues: fixed.map { ($0.word, $0) })
        // What the table's headers and older settings files call them.
        for (word, field) in [
            ("run", RunField.name), ("last", .objective), ("time", .duration), ("rows/s", .speed), ("tags", .tag),
        ] { words[word] = field }
        return words
    }()

    private static let settingPrefix = "config:"

    /// The field of a name: `status`, `learning_rate`, `validation:rmse`, `rmse`, `best:rmse`, `min:train:loss`, `config:name`.
    /// Any other name is taken for a metric or a hyperparameter.
    public init(word: String) {
        if let field = Self.words[word.lowercased()] {
            self = field
        } else if word.hasPrefix(Self.settingPrefix), word.utf8.count > Self.settingPrefix.utf8.count {
            self = .setting(String(word.dropFirst(Self.settingPrefix.count)))
        } else if let colon = word.firstIndex(of: ":"), let statistic = MetricStatistic(rawValue: String(word[..<colon])) {
            self = .statistic(statistic, String(word[word.index(after: colon)...]))
        } else {
            self = .named(word)
        }
    }

    /// The name that `init(word:)` reads back.
    public var word: String {
        switch self {
        case .bestStep: "best-step"
        case .named(let name): name
        case .setting(let name): Self.settingPrefix + name
        case .statistic(let statistic, let name): statistic.rawValue + ":" + name
        case .name: "name"
        case .id: "id"
        case .algorithm: "algorithm"
        case .experiment: "experiment"
        case .dataset: "dataset"
        case .target: "target"
        case .status: "status"
        case .tag: "tag"
        case .note: "note"
        case .parent: "parent"
        case .origin: "origin"
        case .created: "created"
        case .started: "started"
        case .finished: "finished"
        case .duration: "duration"
        case .seed: "seed"
        case .step: "step"
        case .epoch: "epoch"
        case .alerts: "alerts"
        case .speed: "speed"
        case .progress: "progress"
        case .metric: "metric"
        case .objective: "objective"
        case .best: "best"
        }
    }

    public var kind: Kind {
        switch self {
        case .name, .id, .algorithm, .experiment, .dataset, .target, .status, .tag, .note, .parent, .origin, .metric: .text
        case .created, .started, .finished: .time
        case .duration: .duration
        case .seed, .step, .epoch, .alerts, .speed, .progress, .objective, .best, .bestStep, .statistic: .number
        case .named, .setting: .either
        }
    }

    /// Whether the value can change when metric samples come in.
    public var dependsOnMetrics: Bool {
        switch self {
        case .objective, .best, .bestStep, .step, .epoch, .progress, .named, .statistic: true
        default: false
        }
    }
}

/// What a metric's curve adds up to. The best is the smallest or the largest, whichever is better for that metric.
public enum MetricStatistic: String, Hashable, Sendable, CaseIterable {
    case last, best, min, max
    /// The step the best value was reached at.
    case step
}

/// A value of a run's field.
public enum RunValue: Hashable, Sendable {
    /// Times are in seconds since 1970, durations in seconds.
    case number(Double)
    case text(String)
    /// Any of them: tags, or a status in our words and in SageMaker's.
    case texts([String])

    /// A setting as it was written: a number if it reads as one.
    public init(setting text: String) {
        if let number = Double(text) { self = .number(number) } else { self = .text(text) }
    }
}

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

extension RunRecord {
    private static let synonyms = ["lr": "learning_rate", "learning_rate": "lr"]

    /// A hyperparameter by its name, or by the other of its usual names where the run has only that.
    func setting(_ name: String) -> String? {
        hyperparameters[name] ?? Self.synonyms[name].flatMap { hyperparameters[$0] }
    }
}

extension RunSummary {
    /// Name of the data file without folders.
    public var datasetName: String {
        let path = record.request.datasetPath
        return path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[path.utf8.index(after: $0)...]) } ?? path
    }

    /// The status in a word; a run whose process was killed says so.
    public var statusWord: String { status == .stopped && reason == "Interrupted" ? "interrupted" : status.word }

    /// Seconds it trained, up to now when it still does.
    public func duration(now: Double) -> Double? { startedAt.map { max(0, (finishedAt ?? now) - $0 - record.idleSeconds) } }

    /// Share of the planned steps done, in [0, 1]; nil when not known.
    public var progress: Double? {
        if status == .completed { return 1 }
        return plannedSteps > 0 ? min(1, Double(step) / Double(plannedSteps)) : nil
    }

    /// Whether less or more of a metric is better: as the objective says for its own, else by the metric's word.
    public func direction(of name: MetricName) -> MetricDirection {
        name.family == record.objective.metric.family ? record.objective.direction : name.direction
    }

    /// What a metric's curve adds up to; nil when that is not known.
    public func value(_ statistic: MetricStatistic, of name: MetricName) -> Double? {
        let range = metricRanges[name]
        return switch (statistic, direction(of: name)) {
        case (.last, _): lastMetrics[name]
        case (.min, _), (.best, .minimised): range?.low
        case (.max, _), (.best, .maximised): range?.high
        case (.step, .minimised): range?.lowStep.map { Double($0) }
        case (.step, .maximised): range?.highStep.map { Double($0) }
        // What is best is for him to say who knows the metric.
        case (.best, .unknown), (.step, .unknown): nil
        }
    }
}

extension JobStatus {
    /// The status as tables say it.
    public var word: String {
        switch self {
        case .pending: "queued"
        case .inProgress: "running"
        case .paused: "paused"
        case .stopping: "stopping"
        case .stopped: "stopped"
        case .completed: "completed"
        case .failed: "failed"
        }
    }

    /// Running first, done last.
    public var tableOrder: Int {
        switch self {
        case .inProgress: 0
        case .stopping: 1
        case .paused: 2
        case .pending: 3
        case .failed: 4
        case .stopped: 5
        case .completed: 6
        }
    }
}
