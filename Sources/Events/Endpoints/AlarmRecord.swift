import JSON

/// An alarm over an endpoint's requests: what it looks at, and how it stands.
public struct AlarmRecord: Hashable, Sendable {
    /// When it changed, and to what.
    public struct Change: Hashable, Sendable {
        /// Seconds since 1970.
        public var at: Double
        public var state: String

        public init(at: Double, state: String) { (self.at, self.state) = (at, state) }
    }

    public var name: String
    /// The endpoint's name: an alarm may be there before it.
    public var endpoint: String
    /// Nil: all of them.
    public var variant: String?
    /// In SageMaker's and CloudWatch's words, as the user said them: `ModelLatency`, `p99`, `gt`, `notBreaching`.
    public var metric: String, statistic: String, comparison: String, missing: String
    public var threshold: Double
    /// - Units: seconds.
    public var period: Int
    public var evaluationPeriods: Int, datapoints: Int
    /// Of metrics of a monitor: its name, and which of its values; nil = all of its violations.
    public var monitor: String?, feature: String?
    /// `OK`, `ALARM`, `INSUFFICIENT_DATA`.
    public var state = "INSUFFICIENT_DATA"
    /// The newest last.
    public var history: [Change] = []

    /// Changes that are kept.
    public static let mostChanges = 100

    public init(
        name: String, endpoint: String, variant: String?, metric: String, statistic: String, comparison: String, missing: String,
        threshold: Double, period: Int, evaluationPeriods: Int, datapoints: Int
    ) {
        (self.name, self.endpoint, self.variant) = (name, endpoint, variant)
        (self.metric, self.statistic, self.comparison, self.missing) = (metric, statistic, comparison, missing)
        (self.threshold, self.period) = (threshold, period)
        (self.evaluationPeriods, self.datapoints) = (evaluationPeriods, datapoints)
    }

    /// It stands otherwise from a time on.
    public mutating func enter(_ state: String, at time: Double) {
        self.state = state
        history.append(Change(at: time, state: state))
        history.removeFirst(max(0, history.count - Self.mostChanges))
    }
}

extension AlarmRecord {
    public var json: JSONValue {
        .object([
            "name": .string(name), "endpoint": .string(endpoint), "variant": variant.map { .string($0) },
            "metric": .string(metric), "statistic": .string(statistic), "comparison": .string(comparison),
            "threshold": .number(threshold), "period": .integer(period), "evaluationPeriods": .integer(evaluationPeriods),
            "datapoints": .integer(datapoints), "missing": .string(missing), "state": .string(state),
            "monitor": monitor.map { .string($0) }, "feature": feature.map { .string($0) },
            "history": .array(history.map { .object(["at": .number($0.at), "state": .string($0.state)]) }),
        ])
    }

    public init?(json: JSONValue) {
        guard let name = json["name"]?.string, let endpoint = json["endpoint"]?.string, let metric = json["metric"]?.string,
            let statistic = json["statistic"]?.string, let comparison = json["comparison"]?.string,
            let missing = json["missing"]?.string, let threshold = json["threshold"]?.double,
            let period = json["period"]?.integer, let periods = json["evaluationPeriods"]?.integer,
            let datapoints = json["datapoints"]?.integer
        else { return nil }
        self.init(
            name: name, endpoint: endpoint, variant: json["variant"]?.string, metric: metric, statistic: statistic,
            comparison: comparison, missing: missing, threshold: threshold, period: period, evaluationPeriods: periods,
            datapoints: datapoints)
        state = json["state"]?.string ?? state
        (monitor, feature) = (json["monitor"]?.string, json["feature"]?.string)
        history = (json["history"]?.array ?? []).compactMap { change in
            guard let at = change["at"]?.double, let state = change["state"]?.string else { return nil }
            return Change(at: at, state: state)
        }
    }
}
