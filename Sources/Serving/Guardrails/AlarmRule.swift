import CheckedNumbers

/// When an endpoint is not well: a number of its requests, looked at over some periods, beyond a threshold.
/// - Source: the alarms that SageMaker's deployment guardrails watch, Amazon CloudWatch.
public struct AlarmRule: Sendable, Hashable {
    /// SageMaker's names.
    public enum Metric: String, Sendable, CaseIterable {
        /// - Units: microseconds.
        case modelLatency = "ModelLatency"
        /// - Units: microseconds.
        case overheadLatency = "OverheadLatency"
        case invocations = "Invocations"
        case clientErrors = "Invocation4XXErrors"
        case serverErrors = "Invocation5XXErrors"
        case modelErrors = "InvocationModelErrors"
        /// The processor time that answering the endpoint's requests took, of one core's.
        /// - Units: percent; beyond 100 with several cores.
        case processor = "CPUUtilization"
        /// What the whole host has of the machine's memory: of one endpoint it cannot be told.
        /// - Units: percent.
        case memory = "MemoryUtilization"
        /// Asynchronous requests that wait.
        case backlog = "ApproximateBacklogSize"
        /// What one of the endpoint's monitors found last: how much does not meet its constraints, and a column's distance or a metric.
        case monitorViolations = "MonitorViolations"
        case monitorValue = "MonitorValue"

        /// Whether it is one of a monitor's.
        public var isOfMonitor: Bool { self == .monitorViolations || self == .monitorValue }

        var isLatency: Bool { self == .modelLatency || self == .overheadLatency }
        /// Whether it has a value at every moment.
        var isLevel: Bool { [.processor, .memory, .backlog].contains(self) || isOfMonitor }
    }

    public enum Statistic: Sendable, Hashable {
        /// Of errors: their share of the requests.
        case average
        case sum
        /// A value that so many of a hundred do not exceed.
        case percentile(Double)

        /// `Average`, `Sum`, `p99`, `p99.9`.
        public init?(_ text: String) {
            switch text.lowercased() {
            case "average": self = .average
            case "sum": self = .sum
            default:
                guard text.lowercased().hasPrefix("p"), let number = Double(text.dropFirst()), number > 0, number <= 100 else {
                    return nil
                }
                self = .percentile(number)
            }
        }
    }

    public enum Comparison: String, Sendable, CaseIterable {
        case above = "gt"
        case atLeast = "ge"
        case below = "lt"
        case atMost = "le"

        func holds(_ value: Double, _ threshold: Double) -> Bool {
            switch self {
            case .above: value > threshold
            case .atLeast: value >= threshold
            case .below: value < threshold
            case .atMost: value <= threshold
            }
        }
    }

    /// What a period without requests counts as.
    public enum Missing: String, Sendable, CaseIterable {
        case notBreaching, breaching, ignore, missing
    }

    /// As CloudWatch says it.
    public enum State: String, Sendable {
        case ok = "OK"
        case alarm = "ALARM"
        case insufficientData = "INSUFFICIENT_DATA"
    }

    public var metric: Metric
    public var statistic: Statistic
    public var comparison: Comparison
    public var threshold: Double
    /// - Units: seconds.
    public var period: Int
    public var evaluationPeriods: Int
    /// How many of the periods have to be beyond the threshold.
    public var datapoints: Int
    public var missing: Missing

    public init(
        metric: Metric, statistic: Statistic, comparison: Comparison, threshold: Double, period: Int, evaluationPeriods: Int,
        datapoints: Int, missing: Missing = .notBreaching
    ) {
        (self.metric, self.statistic, self.comparison, self.threshold) = (metric, statistic, comparison, threshold)
        (self.period, self.evaluationPeriods, self.datapoints, self.missing) = (period, evaluationPeriods, datapoints, missing)
    }

    /// Why the rule makes no sense; nil where it does.
    public var fault: String? {
        if metric.isLevel, statistic != .average { return "\(metric.rawValue) is a level: use Average" }
        if case .percentile = statistic, !metric.isLatency { return "\(metric.rawValue) has no percentiles: use Sum or Average" }
        if period < 1 || evaluationPeriods < 1 || period * evaluationPeriods > 3600 {
            return "periods are whole seconds, and all together at most an hour"
        }
        if datapoints < 1 || datapoints > evaluationPeriods { return "datapoints are from 1 to the evaluation periods" }
        return threshold.isFinite ? nil : "the threshold is no number"
    }

    /// A period's value; nil where there was nothing to measure.
    public func value(_ counts: VariantMetrics.Counts) -> Double? {
        if metric == .processor { return Double(counts.processorNanoseconds) / (Double(period) * 1e9) * 100 }
        guard counts.invocations > 0 else { return nil }
        switch metric {
        case .modelLatency: return latency(counts.modelLatency)
        case .overheadLatency: return latency(counts.overheadLatency)
        case .invocations: return statistic == .sum ? Double(counts.invocations) : 1
        case .clientErrors: return share(counts.clientErrors, counts)
        case .serverErrors: return share(counts.serverErrors, counts)
        case .modelErrors: return share(counts.modelErrors, counts)
        case .processor, .memory, .backlog, .monitorViolations, .monitorValue: return nil
        }
    }

    /// - Parameters:
    ///   - values: of the evaluation periods, the newest last; nil: nothing was measured.
    ///   - before: how it stood until now.
    public func state(_ values: [Double?], before: State) -> State {
        let known = values.compactMap { $0 }
        let breaching = known.count { comparison.holds($0, threshold) }
        let unknown = values.count - known.count
        switch missing {
        case .notBreaching: return breaching >= datapoints ? .alarm : .ok
        case .breaching: return breaching + unknown >= datapoints ? .alarm : .ok
        case .ignore: return known.isEmpty ? before : breaching >= datapoints ? .alarm : .ok
        case .missing: return known.isEmpty ? .insufficientData : breaching >= min(datapoints, known.count) ? .alarm : .ok
        }
    }

    /// The moments at which alarms have to be looked at since the last time: each second that ended meanwhile, and now. Whoever comes late
    /// would miss an alarm that was on for a second only.
    /// - Parameters:
    ///   - last: nil: nobody has looked yet.
    ///   - now: seconds since 1970.
    public static func moments(after last: Double?, until now: Double) -> [Double] {
        guard let last, last < now else { return [now] }
        let end = Int(roundedDownWithin: now), first = max(Int(roundedDownWithin: last) + 1, end - 3600)
        return (first <= end ? (first...end).map(Double.init) : []) + [now]
    }

    /// Looks at metrics up to the second that has ended last.
    /// - Parameter levels: of the memory, of the backlog, or of what a monitor found, for rules about those.
    public func state(of metrics: [VariantMetrics], levels: LevelHistory? = nil, now: Double, before: State) -> State {
        state(values(of: metrics, levels: levels, now: now), before: before)
    }

    /// A value for each evaluation period, the newest last; nil: nothing was measured.
    public func values(of metrics: [VariantMetrics], levels: LevelHistory? = nil, now: Double) -> [Double?] {
        let end = Int(roundedDownWithin: now)
        return (0..<evaluationPeriods).reversed().map { number -> Double? in
            let last = end - number * period
            if metric == .memory || metric == .backlog || metric.isOfMonitor {
                return levels?.mean(from: last - period, before: last)
            }
            var sum = VariantMetrics.Counts()
            for one in metrics { sum.add(one.counts(from: last - period, before: last)) }
            return value(sum)
        }
    }

    private func latency(_ histogram: LatencyHistogram) -> Double? {
        guard histogram.count > 0 else { return nil }
        switch statistic {
        case .average: return Double(histogram.sum) / Double(histogram.count) / 1000
        case .sum: return Double(histogram.sum) / 1000
        case .percentile(let percent): return histogram.quantile(percent / 100).map { $0 * 1e6 }
        }
    }

    private func share(_ errors: Int, _ counts: VariantMetrics.Counts) -> Double {
        statistic == .sum ? Double(errors) : Double(errors) / Double(counts.invocations)
    }
}
