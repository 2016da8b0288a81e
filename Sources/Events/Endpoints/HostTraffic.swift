import JSON

/// What the workspace's host has counted of its endpoints' requests, as it tells whoever asks.
public struct HostTraffic: Hashable, Sendable {
    /// Up to when it is counted: seconds since 1970, of which those that are over are told.
    public var until: Double
    /// The host's process, and since when it is there.
    public var process: Int
    public var startedAt: Double
    /// What the whole process has used: processor time in seconds, and memory in bytes.
    public var cpuSeconds: Double
    public var residentBytes: Int
    public var endpoints: [EndpointTraffic]

    public init(
        until: Double, process: Int, startedAt: Double, cpuSeconds: Double, residentBytes: Int, endpoints: [EndpointTraffic]
    ) {
        (self.until, self.process, self.startedAt) = (until, process, startedAt)
        (self.cpuSeconds, self.residentBytes, self.endpoints) = (cpuSeconds, residentBytes, endpoints)
    }

    public subscript(endpoint id: String) -> EndpointTraffic? { endpoints.first { $0.id == id } }

    public var json: JSONValue {
        .object([
            "kind": .string("hostTraffic"), "until": .number(until), "pid": .integer(process), "since": .number(startedAt),
            "cpuSeconds": .number(cpuSeconds), "residentBytes": .integer(residentBytes),
            "endpoints": .array(endpoints.map(\.json)),
        ])
    }

    /// - Returns: nil for what a host of another version says otherwise.
    public init?(json: JSONValue) {
        guard let until = json["until"]?.double, until.isFinite, let process = json["pid"]?.integer,
            let since = json["since"]?.double, let cpu = json["cpuSeconds"]?.double,
            let bytes = json["residentBytes"]?.integer, let endpoints = json["endpoints"]?.array
        else { return nil }
        self.init(
            until: until, process: process, startedAt: since, cpuSeconds: cpu, residentBytes: max(0, bytes),
            endpoints: endpoints.compactMap(EndpointTraffic.init))
    }
}

/// What was counted of one endpoint's requests.
public struct EndpointTraffic: Hashable, Sendable {
    public var id: String
    /// Those that answer, those that will, and those that did lately.
    public var variants: [VariantTraffic]
    /// The deployment that is under way.
    public var rollout: RolloutStanding?

    public init(id: String, variants: [VariantTraffic], rollout: RolloutStanding? = nil) {
        (self.id, self.variants, self.rollout) = (id, variants, rollout)
    }

    /// When it was last asked; nil: not since its host began.
    /// - Units: seconds since 1970.
    public var lastAt: Double? { variants.compactMap(\.lastAt).max() }

    /// All variants' requests, in each stretch of time.
    public var stretches: [RequestCounts] {
        let count = variants.map(\.stretches.count).max() ?? 0
        return (0..<count).map { place in
            variants.reduce(into: RequestCounts()) { sum, variant in
                if variant.stretches.indices.contains(place) { sum.add(variant.stretches[place]) }
            }
        }
    }

    public var json: JSONValue {
        .object(["id": .string(id), "variants": .array(variants.map(\.json)), "rollout": rollout.map(\.json)])
    }

    public init?(json: JSONValue) {
        guard let id = json["id"]?.string, let variants = json["variants"]?.array else { return nil }
        self.init(
            id: id, variants: variants.compactMap(VariantTraffic.init),
            rollout: json["rollout"].flatMap(RolloutStanding.init))
    }
}

/// What was counted of one variant's requests.
public struct VariantTraffic: Hashable, Sendable {
    public enum Part: String, Hashable, Sendable {
        case current
        /// It belongs to the version that is being deployed.
        case new
        /// Nobody asks it any more.
        case retired
    }

    public var name: String
    public var modelID: String
    public var part: Part
    /// All of its requests since it was loaded.
    public var total: RequestCounts
    /// When it was last asked; nil: never.
    /// - Units: seconds since 1970.
    public var lastAt: Double?
    /// Stretches of equal length up to now, the oldest first.
    public var stretches: [RequestCounts]

    public init(
        name: String, modelID: String, part: Part, total: RequestCounts, lastAt: Double? = nil, stretches: [RequestCounts] = []
    ) {
        (self.name, self.modelID, self.part, self.total) = (name, modelID, part, total)
        (self.lastAt, self.stretches) = (lastAt, stretches)
    }

    public var json: JSONValue {
        .object([
            "name": .string(name), "modelID": .string(modelID), "part": .string(part.rawValue), "total": total.json,
            "lastAt": lastAt.map { .number($0) }, "stretches": .array(stretches.map(\.json)),
        ])
    }

    public init?(json: JSONValue) {
        guard let name = json["name"]?.string, let model = json["modelID"]?.string,
            let part = json["part"]?.string.flatMap(Part.init), let total = json["total"].flatMap(RequestCounts.init)
        else { return nil }
        self.init(
            name: name, modelID: model, part: part, total: total, lastAt: json["lastAt"]?.double,
            stretches: (json["stretches"]?.array ?? []).map { RequestCounts(json: $0) ?? RequestCounts() })
    }
}
