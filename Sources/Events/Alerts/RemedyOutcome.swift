import JSON

/// What came of a run that was started to mend what was found in another one. A fact about the new run.
public struct RemedyOutcome: Sendable, Hashable {
    /// What was found, and in which run.
    public var alert: AlertReference
    /// Settings that were changed.
    public var set: [String: String]
    /// What the runs were compared by: the sick run's objective.
    public var metric: MetricName
    /// What the sick run and the new one reached; nil where a run reached none.
    public var before: Double?
    public var after: Double?
    /// Whether the difference is for the better, and more than noise as far as that can be told.
    public var helped: Bool
    /// What that rests on, in words.
    public var reason: String

    public init(
        alert: AlertReference, set: [String: String], metric: MetricName, before: Double?, after: Double?, helped: Bool,
        reason: String
    ) {
        self.alert = alert
        self.set = set
        self.metric = metric
        self.before = before
        self.after = after
        self.helped = helped
        self.reason = reason
    }
}

extension RemedyOutcome {
    /// One line: `verified: loss 0.69 → 0.31 (…)`.
    /// - Parameter number: how a value is written.
    public func words(number: (Double) -> String) -> String {
        let change = "\(metric.metric) \(before.map(number) ?? "none") → \(after.map(number) ?? "none")"
        return "\(helped ? "verified" : "did not help"): \(change)" + (reason.isEmpty ? "" : " (\(reason))")
    }

    public var members: [JSONValue.Member] {
        [
            .init("alert", alert.json), .init("set", JSONValue(set)), .init("metric", .string(metric.text)),
            .init("before", before.map { .number($0) } ?? .null), .init("after", after.map { .number($0) } ?? .null),
            .init("helped", .boolean(helped)), .init("reason", .string(reason)),
        ]
    }

    init?(json: JSONValue) {
        guard let alert = json["alert"].flatMap({ AlertReference(json: $0) }), let metric = json["metric"]?.string,
            let helped = json["helped"]?.boolean
        else { return nil }
        self.init(
            alert: alert, set: json["set"]?.strings ?? [:], metric: MetricName(metric), before: json["before"]?.double,
            after: json["after"]?.double, helped: helped, reason: json["reason"]?.string ?? "")
    }
}
