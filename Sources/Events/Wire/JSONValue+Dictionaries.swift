extension JSONValue {
    /// An object with the names sorted.
    public init(_ strings: [String: String]) { self = .object(sorted: strings.mapValues { .string($0) }) }

    /// An object with the metric names sorted.
    public init(_ metrics: [MetricName: Double]) {
        self = .object(metrics.sorted { $0.key < $1.key }.map { Member($0.key.text, .number($0.value)) })
    }

    /// The members if all values are strings.
    public var strings: [String: String]? {
        guard let members else { return nil }
        var out: [String: String] = [:]
        for member in members {
            guard let value = member.value.string else { return nil }
            out[member.name] = value
        }
        return out
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
