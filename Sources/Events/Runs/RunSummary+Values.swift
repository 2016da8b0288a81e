import MetricDirections

extension RunSummary {
    /// Name of the data file without folders.
    public var datasetName: String {
        let path = record.request.datasetPath
        return path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[path.utf8.index(after: $0)...]) } ?? path
    }

    /// The status in a word; a run whose process was killed says so.
    public var statusWord: String { status == .stopped && reason == .interrupted ? "interrupted" : status.word }

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
