import JSON

/// What somebody wants of an endpoint; the workspace's host carries it out.
public enum EndpointWish: Hashable, Sendable {
    case delete
    /// Weights by the variants' names; those that are not named keep theirs.
    case weights([String: Double])
    case update(EndpointUpdate)
    /// The version that is being deployed gets all requests now.
    case promote
    /// The old version gets them back.
    case rollBack

    public var json: JSONValue {
        switch self {
        case .delete: .object(["wish": .string("delete")])
        case .promote: .object(["wish": .string("promote")])
        case .rollBack: .object(["wish": .string("rollBack")])
        case .update(let update): .object(["wish": .string("update"), "update": update.json])
        case .weights(let weights):
            .object(["wish": .string("weights"), "weights": .object(sorted: weights.mapValues { .number($0) })])
        }
    }

    public init?(json: JSONValue) {
        switch json["wish"]?.string {
        case "delete": self = .delete
        case "weights":
            var weights: [String: Double] = [:]
            for member in json["weights"]?.members ?? [] { weights[member.name] = member.value.double }
            self = .weights(weights)
        case "promote": self = .promote
        case "rollBack": self = .rollBack
        case "update":
            guard let update = json["update"].flatMap(EndpointUpdate.init(json:)) else { return nil }
            self = .update(update)
        default: return nil
        }
    }
}
