extension JSONValue {
    /// An object with the names sorted.
    public init(_ strings: [String: String]) { self = .object(sorted: strings.mapValues { .string($0) }) }

    /// The members if all values are strings.
    public var strings: [String: String]? {
        guard let members else { return nil }
        var out: [String: String] = [:]
        for member in members {
            guard let value = member.value.string else { return nil }
            out[member.name] = value
        }
        return out
    }
}
