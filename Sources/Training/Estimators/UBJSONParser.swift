import JSON

/// A reader of Universal Binary JSON, as far as it says what JSON says.
///
/// - Source: ubjson.org, draft 12: types, containers with a count and a type. Numbers in text (`H`) are not read.
struct UBJSONParser {
    /// Why bytes are none, and where.
    struct Fault: Error {
        var offset: Int
        var message: String
    }

    private let bytes: [UInt8]
    private var position = 0, depth = 0

    private init(bytes: [UInt8]) { self.bytes = bytes }

    /// Reads one document; deeper nesting than 256 is refused.
    static func value(_ bytes: [UInt8]) throws(Fault) -> JSONValue {
        var parser = UBJSONParser(bytes: bytes)
        return try parser.document()
    }

    private mutating func document() throws(Fault) -> JSONValue {
        let value = try value(of: try byte())
        if position < bytes.count { throw failure("unexpected bytes after the document") }
        return value
    }

    private func failure(_ message: String) -> Fault { Fault(offset: position, message: message) }

    private mutating func byte() throws(Fault) -> UInt8 {
        guard position < bytes.count else { throw failure("the bytes end too early") }
        position += 1
        return bytes[position - 1]
    }

    /// Numbers lie with the highest byte first.
    private mutating func word(_ count: Int) throws(Fault) -> UInt64 {
        guard bytes.count - position >= count else { throw failure("the bytes end too early") }
        var word: UInt64 = 0
        for _ in 0..<count {
            word = word << 8 | UInt64(bytes[position])
            position += 1
        }
        return word
    }

    private mutating func whole(of type: UInt8) throws(Fault) -> Int? {
        switch type {
        case UInt8(ascii: "i"): Int(Int8(truncatingIfNeeded: try word(1)))
        case UInt8(ascii: "U"): Int(try word(1))
        case UInt8(ascii: "I"): Int(Int16(truncatingIfNeeded: try word(2)))
        case UInt8(ascii: "l"): Int(Int32(truncatingIfNeeded: try word(4)))
        case UInt8(ascii: "L"): Int(Int64(truncatingIfNeeded: try word(8)))
        default: nil
        }
    }

    private mutating func length() throws(Fault) -> Int {
        guard let length = try whole(of: try byte()), length >= 0 else { throw failure("expected a length") }
        return length
    }

    private mutating func text() throws(Fault) -> String {
        let count = try length()
        guard bytes.count - position >= count else { throw failure("the bytes end within a text") }
        position += count
        return String(decoding: bytes[(position - count)..<position], as: UTF8.self)
    }

    private mutating func value(of type: UInt8) throws(Fault) -> JSONValue {
        if let whole = try whole(of: type) { return .integer(whole) }
        switch type {
        case UInt8(ascii: "Z"): return .null
        case UInt8(ascii: "T"): return .boolean(true)
        case UInt8(ascii: "F"): return .boolean(false)
        case UInt8(ascii: "d"): return .number(Double(Float(bitPattern: UInt32(truncatingIfNeeded: try word(4)))))
        case UInt8(ascii: "D"): return .number(Double(bitPattern: try word(8)))
        case UInt8(ascii: "C"): return .string(String(UnicodeScalar(try byte())))
        case UInt8(ascii: "S"): return .string(try text())
        case UInt8(ascii: "["), UInt8(ascii: "{"):
            depth += 1
            defer { depth -= 1 }
            guard depth <= 256 else { throw failure("nested too deeply") }
            return type == UInt8(ascii: "[") ? try array() : try object()
        default: throw failure("unknown type")
        }
    }

    /// The type and the number of a container's values, where they stand before them.
    private mutating func heading() throws(Fault) -> (type: UInt8?, count: Int?) {
        var type: UInt8?
        if position < bytes.count, bytes[position] == UInt8(ascii: "$") {
            position += 1
            type = try byte()
        }
        guard position < bytes.count, bytes[position] == UInt8(ascii: "#") else {
            if type != nil { throw failure("expected a count") }
            return (nil, nil)
        }
        position += 1
        let count = try length()
        // Each value takes a byte at least, but for those that are nothing but their type.
        guard count <= bytes.count - position || count == 0 else { throw failure("more values than there are bytes") }
        return (type, count)
    }

    /// A value whose type is known, or stands before it.
    private mutating func next(_ type: UInt8?) throws(Fault) -> JSONValue {
        if let type { return try value(of: type) }
        return try value(of: try byte())
    }

    private mutating func array() throws(Fault) -> JSONValue {
        let (type, count) = try heading()
        var elements: [JSONValue] = []
        if let count {
            elements.reserveCapacity(count)
            for _ in 0..<count { elements.append(try next(type)) }
            return .array(elements)
        }
        while true {
            let next = try byte()
            if next == UInt8(ascii: "]") { return .array(elements) }
            elements.append(try value(of: next))
        }
    }

    private mutating func object() throws(Fault) -> JSONValue {
        let (type, count) = try heading()
        var members: [JSONValue.Member] = []
        if let count {
            for _ in 0..<count { members.append(.init(try text(), try next(type))) }
            return .object(members)
        }
        while true {
            guard position < bytes.count else { throw failure("the bytes end too early") }
            if bytes[position] == UInt8(ascii: "}") {
                position += 1
                return .object(members)
            }
            members.append(.init(try text(), try value(of: try byte())))
        }
    }
}
