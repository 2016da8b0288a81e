/// A JSON document with object members in order: the wire form of events, and what the store keeps in its columns.
///
/// Numbers that JSON cannot hold are written as the strings "NaN", "Infinity" and "-Infinity" and read back by `double`.
public enum JSONValue: Sendable, Hashable {
    case null
    case boolean(Bool)
    case integer(Int)
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object([Member])

    public struct Member: Sendable, Hashable {
        public var name: String
        public var value: JSONValue

        public init(_ name: String, _ value: JSONValue) {
            self.name = name
            self.value = value
        }
    }

    /// An object from name/value pairs; members whose value is nil are left out.
    public static func object(_ members: KeyValuePairs<String, JSONValue?>) -> JSONValue {
        .object(members.compactMap { name, value in value.map { Member(name, $0) } })
    }

    /// An object with more members at its end; anything else as it is.
    public func adding(_ more: [Member]) -> JSONValue {
        guard case .object(let members) = self else { return self }
        return .object(members + more)
    }

    /// An object with its members sorted by name.
    public static func object(sorted dictionary: [String: JSONValue]) -> JSONValue {
        .object(dictionary.sorted { $0.key < $1.key }.map { Member($0.key, $0.value) })
    }

    @inlinable public subscript(name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }

    @inlinable public var string: String? { if case .string(let text) = self { text } else { nil } }
    @inlinable public var boolean: Bool? { if case .boolean(let flag) = self { flag } else { nil } }
    @inlinable public var array: [JSONValue]? { if case .array(let elements) = self { elements } else { nil } }
    @inlinable public var members: [Member]? { if case .object(let members) = self { members } else { nil } }

    @inlinable public var integer: Int? {
        switch self {
        case .integer(let value): value
        case .number(let value): Int(exactly: value)
        default: nil
        }
    }

    @inlinable public var double: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        case .string("NaN"): .nan
        case .string("Infinity"): .infinity
        case .string("-Infinity"): -.infinity
        default: nil
        }
    }
}
