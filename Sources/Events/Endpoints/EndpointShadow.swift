import JSON

/// A model that is shown an endpoint's requests after they were answered, so that its answers can be compared. Nobody gets them.
public struct EndpointShadow: Hashable, Sendable {
    public var model: EndpointVariant
    /// How many of a hundred requests it is shown.
    /// - Range: above 0, at most 100.
    public var percent: Double
    /// Seconds since 1970.
    public var startedAt: Double

    public init(model: EndpointVariant, percent: Double, startedAt: Double) {
        (self.model, self.percent, self.startedAt) = (model, percent, startedAt)
    }

    public var json: JSONValue {
        .object(["model": model.json, "percent": .number(percent), "startedAt": .number(startedAt)])
    }

    public init?(json: JSONValue) {
        guard let model = json["model"].flatMap(EndpointVariant.init(json:)), let percent = json["percent"]?.double,
            percent > 0, percent <= 100, let startedAt = json["startedAt"]?.double
        else { return nil }
        self.init(model: model, percent: percent, startedAt: startedAt)
    }
}
