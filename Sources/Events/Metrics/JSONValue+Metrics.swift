import JSON

extension JSONValue {
    /// An object with the metric names sorted.
    public init(_ metrics: [MetricName: Double]) {
        self = .object(metrics.sorted { $0.key < $1.key }.map { Member($0.key.text, .number($0.value)) })
    }

    /// The members if all values are numbers.
    public var metrics: [MetricName: Double]? {
        guard let members else { return nil }
        var out: [MetricName: Double] = [:]
        for member in members {
            guard let value = member.value.double else { return nil }
            out[MetricName(member.name)] = value
        }
        return out
    }
}
