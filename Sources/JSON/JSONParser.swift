/// A recursive-descent reader of RFC 8259.
struct JSONParser {
    let bytes: [UInt8]
    /// Whether `NaN`, `Infinity` and `-Infinity` are numbers, which RFC 8259 does not have and Python's `json` writes.
    let admitsNonFinite: Bool
    var position = 0
    var depth = 0

    init(bytes: [UInt8], admitsNonFinite: Bool = false) { (self.bytes, self.admitsNonFinite) = (bytes, admitsNonFinite) }

    mutating func document() throws(JSONError) -> JSONValue {
        let value = try value()
        skipSpace()
        if position < bytes.count { throw failure("unexpected text after the document") }
        return value
    }

    private func failure(_ message: String) -> JSONError { JSONError(offset: position, message: message) }

    private mutating func skipSpace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x09, 0x0A, 0x0D: position += 1
            default: return
            }
        }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    private mutating func value() throws(JSONError) -> JSONValue {
        skipSpace()
        guard position < bytes.count else { throw failure("the text ends too early") }
        switch bytes[position] {
        case UInt8(ascii: "{"): return try nested { parser throws(JSONError) in try parser.object() }
        case UInt8(ascii: "["): return try nested { parser throws(JSONError) in try parser.array() }
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .boolean(true))
        case UInt8(ascii: "f"): return try word("false", .boolean(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case UInt8(ascii: "N") where admitsNonFinite: return try word("NaN", .number(.nan))
        case UInt8(ascii: "I") where admitsNonFinite: return try word("Infinity", .number(.infinity))
        case UInt8(ascii: "-") where admitsNonFinite && bytes[position...].dropFirst().first == UInt8(ascii: "I"):
            return try word("-Infinity", .number(-.infinity))
        default: return try number()
        }
    }

    private mutating func nested(_ body: (inout JSONParser) throws(JSONError) -> JSONValue) throws(JSONError) -> JSONValue {
        depth += 1
        defer { depth -= 1 }
        guard depth <= 256 else { throw failure("nested too deeply") }
        return try body(&self)
    }

    private mutating func word(_ word: String, _ value: JSONValue) throws(JSONError) -> JSONValue {
        guard bytes[position...].starts(with: word.utf8) else { throw failure("expected \(word)") }
        position += word.utf8.count
        return value
    }

    private mutating func object() throws(JSONError) -> JSONValue {
        position += 1
        var members: [JSONValue.Member] = []
        skipSpace()
        if take(UInt8(ascii: "}")) { return .object(members) }
        while true {
            skipSpace()
            guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else { throw failure("expected a member name") }
            let name = try string()
            skipSpace()
            guard take(UInt8(ascii: ":")) else { throw failure("expected a colon") }
            members.append(.init(name, try value()))
            skipSpace()
            if take(UInt8(ascii: "}")) { return .object(members) }
            guard take(UInt8(ascii: ",")) else { throw failure("expected a comma or a closing brace") }
        }
    }

    private mutating func array() throws(JSONError) -> JSONValue {
        position += 1
        var elements: [JSONValue] = []
        skipSpace()
        if take(UInt8(ascii: "]")) { return .array(elements) }
        while true {
            elements.append(try value())
            skipSpace()
            if take(UInt8(ascii: "]")) { return .array(elements) }
            guard take(UInt8(ascii: ",")) else { throw failure("expected a comma or a closing bracket") }
        }
    }

    private mutating func string() throws(JSONError) -> String {
        position += 1
        // Nearly every string is plain, and is taken in one piece.
        let start = position
        while position < bytes.count, bytes[position] != UInt8(ascii: "\""), bytes[position] != UInt8(ascii: "\\"),
            bytes[position] >= 0x20
        { position += 1 }
        if position < bytes.count, bytes[position] == UInt8(ascii: "\"") {
            position += 1
            return String(decoding: bytes[start..<(position - 1)], as: UTF8.self)
        }
        var out = Array(bytes[start..<position])
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: out, as: UTF8.self)
            case UInt8(ascii: "\\"): try escape(into: &out)
            case 0..<0x20: throw failure("control character in a string")
            default: out.append(byte)
            }
        }
        throw failure("the string does not end")
    }

    private mutating func escape(into out: inout [UInt8]) throws(JSONError) {
        guard position < bytes.count else { throw failure("the string does not end") }
        let byte = bytes[position]
        position += 1
        switch byte {
        case UInt8(ascii: "n"): out.append(0x0A)
        case UInt8(ascii: "r"): out.append(0x0D)
        case UInt8(ascii: "t"): out.append(0x09)
        case UInt8(ascii: "b"): out.append(0x08)
        case UInt8(ascii: "f"): out.append(0x0C)
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): out.append(byte)
        case UInt8(ascii: "u"):
            var code = try hexadecimal()
            if (0xD800..<0xDC00).contains(code), take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) {
                let low = try hexadecimal()
                guard (0xDC00..<0xE000).contains(low) else { throw failure("unpaired surrogate") }
                code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
            }
            guard let scalar = Unicode.Scalar(code) else { throw failure("unpaired surrogate") }
            out.append(contentsOf: String(Character(scalar)).utf8)
        default: throw failure("unknown escape")
        }
    }

    private mutating func hexadecimal() throws(JSONError) -> UInt32 {
        guard position + 4 <= bytes.count,
            let code = UInt32(String(decoding: bytes[position..<position + 4], as: UTF8.self), radix: 16)
        else { throw failure("expected four hexadecimal digits") }
        position += 4
        return code
    }

    private static func isNumberPart(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x2B, 0x2D, 0x2E, 0x65, 0x45: true
        default: false
        }
    }

    /// A whole number of at most eighteen digits without a sign; nil for any other number.
    private mutating func digits() -> Int? {
        let start = position
        var whole = 0
        while position < bytes.count, position - start < 19, (0x30...0x39).contains(bytes[position]) {
            whole = whole &* 10 &+ Int(bytes[position] - 0x30)
            position += 1
        }
        let isWhole =
            position > start && position - start < 19 && (position == bytes.count || !Self.isNumberPart(bytes[position]))
        return isWhole ? whole : nil
    }

    /// A decimal of so few digits that they, as a whole number, divided by a power of ten, are the nearest number in double precision;
    /// nil for any other number.
    ///
    /// - Source: Clinger, "How to read floating point numbers accurately" (1990).
    private mutating func shortDecimal() -> Double? {
        let isNegative = take(UInt8(ascii: "-")), first = position
        var whole = 0, point: Int?
        while position < bytes.count {
            let byte = bytes[position]
            if (0x30...0x39).contains(byte) {
                whole = whole &* 10 &+ Int(byte - 0x30)
            } else if byte == UInt8(ascii: "."), point == nil, position > first {
                point = position
            } else if Self.isNumberPart(byte) {
                return nil
            } else {
                break
            }
            position += 1
        }
        guard let point, position > point + 1, position - first <= Self.exactDigits + 1 else { return nil }
        let value = Double(whole) / Self.powersOfTen[position - point - 1]
        return isNegative ? -value : value
    }

    /// Any number of so many digits is exact in double precision.
    private static let exactDigits = 15
    /// Exact in double precision, too.
    private static let powersOfTen: [Double] = [
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
    ]

    private mutating func number() throws(JSONError) -> JSONValue {
        let start = position
        if let whole = digits() { return .integer(whole) }
        position = start
        if let decimal = shortDecimal() { return .number(decimal) }
        position = start
        while position < bytes.count, Self.isNumberPart(bytes[position]) { position += 1 }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        guard let first = text.first, first == "-" || first.isNumber, let number = Double(text) else {
            position = start
            throw failure("expected a value")
        }
        return Int(text).map { .integer($0) } ?? .number(number)
    }
}
