import JSON

/// What somebody wants of an endpoint; the workspace's host carries it out.
public enum EndpointWish: Hashable, Sendable {
    case delete
    /// Weights by the variants' names; those that are not named keep theirs.
    case weights([String: Double])
    case update(EndpointUpdate)
    /// The version that is being deployed gets all requests now; without one, the shadow does.
    case promote
    /// The old version gets them back.
    case rollBack
    /// A model is shown the requests beside, or a running one other shares of them.
    case shadow(EndpointShadow)
    case stopShadow
    /// How long nobody may call it until it is deleted; 0: for ever.
    case idleDelete(seconds: Double)
    /// How many of a hundred requests are written down with their answers; 0: none.
    case capture(percent: Double)
    /// Where in an object store that is sent besides; empty: nowhere.
    case sendCapture(to: String)

    public var json: JSONValue {
        switch self {
        case .delete: .object(["wish": .string("delete")])
        case .promote: .object(["wish": .string("promote")])
        case .rollBack: .object(["wish": .string("rollBack")])
        case .shadow(let shadow): .object(["wish": .string("shadow"), "shadow": shadow.json])
        case .stopShadow: .object(["wish": .string("stopShadow")])
        case .idleDelete(let seconds): .object(["wish": .string("idleDelete"), "seconds": .number(seconds)])
        case .capture(let percent): .object(["wish": .string("capture"), "percent": .number(percent)])
        case .sendCapture(let place): .object(["wish": .string("sendCapture"), "to": .string(place)])
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
        case "stopShadow": self = .stopShadow
        case "shadow":
            guard let shadow = json["shadow"].flatMap(EndpointShadow.init(json:)) else { return nil }
            self = .shadow(shadow)
        case "idleDelete":
            guard let seconds = json["seconds"]?.double, seconds >= 0 else { return nil }
            self = .idleDelete(seconds: seconds)
        case "capture":
            guard let percent = json["percent"]?.double, (0...100).contains(percent) else { return nil }
            self = .capture(percent: percent)
        case "sendCapture":
            guard let place = json["to"]?.string else { return nil }
            self = .sendCapture(to: place)
        case "update":
            guard let update = json["update"].flatMap(EndpointUpdate.init(json:)) else { return nil }
            self = .update(update)
        default: return nil
        }
    }
}
