import Events
import JSON

/// A group of versions as MLflow's registry has it: what is said of the name itself.
public struct RegisteredModel: Hashable, Sendable {
    public var name: String
    /// Milliseconds since 1970.
    public var createdAt: Int, updatedAt: Int
    public var description = ""
    public var tags: [String: String] = [:]
    /// Versions by the names that somebody gave them, such as `champion`.
    public var aliases: [String: Int] = [:]

    public init(name: String, createdAt: Int) { (self.name, self.createdAt, updatedAt) = (name, createdAt, createdAt) }

    var json: JSONValue {
        .object([
            "created": .integer(createdAt), "updated": .integer(updatedAt), "description": .string(description),
            "tags": JSONValue(tags), "aliases": .object(sorted: aliases.mapValues { .integer($0) }),
        ])
    }

    init(name: String, json: JSONValue) {
        self.init(name: name, createdAt: json["created"]?.integer ?? 0)
        updatedAt = json["updated"]?.integer ?? createdAt
        description = json["description"]?.string ?? ""
        tags = json["tags"]?.strings ?? [:]
        for member in json["aliases"]?.members ?? [] { aliases[member.name] = member.value.integer }
    }
}

/// What MLflow's registry knows of a version beyond what the workspace does.
public struct RegisteredVersion: Hashable, Sendable {
    /// Milliseconds since 1970; nil where nothing was said since it was made.
    public var updatedAt: Int?
    /// Whether it is in `Staging`: decisions say what the other stages are.
    public var isStaging = false
    /// Where the client said that the model is, and where its files are; empty for models of the workspace's own.
    public var source = "", location = ""
    /// The run that it is of, in MLflow's words; the logged model that it is.
    public var run = "", runLink = "", model = ""
    public var tags: [String: String] = [:]

    public init() {}

    var json: JSONValue {
        .object([
            "updated": updatedAt.map { .integer($0) }, "staging": isStaging ? .boolean(true) : nil, "source": .string(source),
            "location": .string(location), "run": .string(run), "runLink": .string(runLink), "model": .string(model),
            "tags": JSONValue(tags),
        ])
    }

    init(json: JSONValue) {
        updatedAt = json["updated"]?.integer
        isStaging = json["staging"]?.boolean ?? false
        (source, location) = (json["source"]?.string ?? "", json["location"]?.string ?? "")
        (run, runLink, model) = (json["run"]?.string ?? "", json["runLink"]?.string ?? "", json["model"]?.string ?? "")
        tags = json["tags"]?.strings ?? [:]
    }
}
