extension EntityEdit {
    public var json: JSONValue {
        .object([
            "name": name.map { .string($0) }, "tags": tags.map { .array($0.map { .string($0) }) },
            "addedTags": addedTags.isEmpty ? nil : .array(addedTags.map { .string($0) }),
            "removedTags": removedTags.isEmpty ? nil : .array(removedTags.map { .string($0) }),
            "note": note.map { .string($0) }, "archived": isArchived.map { .boolean($0) },
            "deleted": isDeleted.map { .boolean($0) },
        ])
    }

    public init?(json: JSONValue) {
        self.init(
            name: json["name"]?.string, tags: json["tags"]?.array?.compactMap(\.string),
            addedTags: json["addedTags"]?.array?.compactMap(\.string) ?? [],
            removedTags: json["removedTags"]?.array?.compactMap(\.string) ?? [], note: json["note"]?.string,
            isArchived: json["archived"]?.boolean, isDeleted: json["deleted"]?.boolean)
    }
}

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

extension CurveSketch {
    public var json: JSONValue {
        .object(["values": .array(values.map { .number($0) }), "stride": .integer(stride), "skipped": .integer(skipped)])
    }

    public init?(json: JSONValue) {
        guard let values = json["values"]?.array?.compactMap(\.double), let stride = json["stride"]?.integer,
            let skipped = json["skipped"]?.integer
        else { return nil }
        self.init(values: values, stride: stride, skipped: skipped)
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
