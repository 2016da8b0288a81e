import JSON

/// Something that looks at data again and again: what it looks at, how often, and up to when it has.
public struct MonitorRecord: Hashable, Sendable {
    /// What is compared, in the words of the command line.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        case dataQuality = "data-quality"
        case modelQuality = "model-quality"
        case bias
        case explainability

        /// SageMaker's word.
        public var title: String {
            switch self {
            case .dataQuality: "DataQuality"
            case .modelQuality: "ModelQuality"
            case .bias: "ModelBias"
            case .explainability: "ModelExplainability"
            }
        }
    }

    /// Where its rows come from.
    public enum Source: Hashable, Sendable {
        /// What an endpoint of this name captures.
        case endpoint(String)
        /// Data files that are put into a folder.
        case folder(String)
    }

    public var name: String
    public var kind: Kind
    public var source: Source
    /// The baseline's folder.
    public var baseline: String
    /// As the user said it: `now`, `every=60s`, `cron(0 * ? * * *)`.
    public var schedule: String
    /// A folder or a file with labels, for whoever needs some.
    public var groundTruth: String?
    /// Options of the kind, by name.
    public var settings: [String: String]
    /// Seconds since 1970.
    public var createdAt: Double
    /// When it looks next; nil = when it is told to.
    public var nextAt: Double?
    /// Up to when rows have been looked at.
    public var coveredUntil: Double

    public init(
        name: String, kind: Kind, source: Source, baseline: String, schedule: String, groundTruth: String? = nil,
        settings: [String: String] = [:], createdAt: Double, nextAt: Double?
    ) {
        (self.name, self.kind, self.source, self.baseline, self.schedule) = (name, kind, source, baseline, schedule)
        (self.groundTruth, self.settings, self.createdAt, self.nextAt) = (groundTruth, settings, createdAt, nextAt)
        coveredUntil = createdAt
    }
}

extension MonitorRecord {
    public var json: JSONValue {
        var endpoint: String?, folder: String?
        switch source {
        case .endpoint(let name): endpoint = name
        case .folder(let path): folder = path
        }
        return .object([
            "name": .string(name), "type": .string(kind.rawValue), "endpoint": endpoint.map { .string($0) },
            "batch": folder.map { .string($0) }, "baseline": .string(baseline), "schedule": .string(schedule),
            "groundTruth": groundTruth.map { .string($0) },
            "settings": .object(sorted: settings.mapValues { .string($0) }), "createdAt": .number(createdAt),
            "nextAt": nextAt.map { .number($0) }, "coveredUntil": .number(coveredUntil),
        ])
    }

    public init?(json: JSONValue) {
        guard let name = json["name"]?.string, let kind = json["type"]?.string.flatMap(Kind.init),
            let source = json["endpoint"]?.string.map(Source.endpoint) ?? json["batch"]?.string.map(Source.folder),
            let baseline = json["baseline"]?.string, let schedule = json["schedule"]?.string,
            let createdAt = json["createdAt"]?.double
        else { return nil }
        var settings: [String: String] = [:]
        for member in json["settings"]?.members ?? [] { settings[member.name] = member.value.string }
        self.init(
            name: name, kind: kind, source: source, baseline: baseline, schedule: schedule,
            groundTruth: json["groundTruth"]?.string, settings: settings, createdAt: createdAt, nextAt: json["nextAt"]?.double)
        coveredUntil = json["coveredUntil"]?.double ?? createdAt
    }
}
