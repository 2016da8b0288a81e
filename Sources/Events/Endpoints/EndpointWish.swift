import JSON

/// What somebody wants of an endpoint; the workspace's host carries it out.
public enum EndpointWish: Hashable, Sendable {
    case delete
    /// Weights by the variants' names; those that are not named keep theirs.
    case weights([String: Double])

    public var json: JSONValue {
        switch self {
        case .delete: .object(["wish": .string("delete")])
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
        default: return nil
        }
    }
}
