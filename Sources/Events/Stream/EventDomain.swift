import JSON

/// The facts of one domain: a closed enumeration that knows the name and the wire form of each of its cases.
public protocol EventDomain: Sendable, Hashable {
    /// The fact's name on the wire.
    var name: EventName { get }
    /// What the fact carries, as members of the event's object. The event's own members stand beside them, so that `v`, `seq`, `time`,
    /// `kind` and `run` are taken.
    var members: [JSONValue.Member] { get }
    /// Reads a fact back; nil for a name of another domain, and where a member is missing or has the wrong type.
    init?(name: EventName, json: JSONValue)
}

extension EventDomain {
    /// A fact that carries what was read; nil where that could not be read.
    init?<Payload>(_ payload: Payload?, _ make: (Payload) -> Self) {
        guard let payload else { return nil }
        self = make(payload)
    }
}
