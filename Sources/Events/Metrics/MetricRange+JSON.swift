import JSON

extension MetricRange {
    /// `[low, lowStep, high, highStep]`, which is what a workspace's rows hold.
    var json: JSONValue {
        .array([.number(low), lowStep.map { .integer($0) } ?? .null, .number(high), highStep.map { .integer($0) } ?? .null])
    }

    init?(json: JSONValue) {
        guard let parts = json.array, parts.count == 4, let low = parts[0].double, let high = parts[2].double else { return nil }
        self.init(low: low, lowStep: parts[1].integer, high: high, highStep: parts[3].integer)
    }
}

extension JSONValue {
    /// An object of ranges with the metric names sorted.
    public init(_ ranges: [MetricName: MetricRange]) {
        self = .object(ranges.sorted { $0.key < $1.key }.map { Member($0.key.text, $0.value.json) })
    }

    /// The members that are ranges.
    public var metricRanges: [MetricName: MetricRange] {
        var out: [MetricName: MetricRange] = [:]
        for member in members ?? [] {
            if let range = MetricRange(json: member.value) { out[MetricName(member.name)] = range }
        }
        return out
    }
}
