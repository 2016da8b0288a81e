import JSON

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
