import JSON

/// The kinds of things in a workspace that others refer to.
public enum EntityKind: String, Sendable, Hashable, CaseIterable {
    case run, dataset
    /// What a rule found in a run; named by `AlertReference`.
    case alert
}

/// Names one thing of a workspace, whatever its kind.
public struct EntityReference: Hashable, Sendable, CustomStringConvertible {
    public var kind: EntityKind
    /// Unique among the things of its kind; a data set's is its fingerprint.
    public var id: String

    public init(_ kind: EntityKind, _ id: String) {
        self.kind = kind
        self.id = id
    }

    public init(_ run: RunID) { self.init(.run, run.text) }

    public var description: String { "\(kind.rawValue) \(id)" }
}

extension EntityReference {
    public var json: JSONValue { .object(["kind": .string(kind.rawValue), "id": .string(id)]) }

    public init?(json: JSONValue) {
        guard let kind = json["kind"]?.string.flatMap(EntityKind.init), let id = json["id"]?.string else { return nil }
        self.init(kind, id)
    }
}
