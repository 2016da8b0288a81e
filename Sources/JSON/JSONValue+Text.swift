import CheckedNumbers
import PrintableText

extension JSONValue {
    /// The document on one line, without spaces.
    public var text: String {
        var out: [UInt8] = []
        write(into: &out)
        return String(decoding: out, as: UTF8.self)
    }

    /// The shortest text that reads back as the same number; whole numbers without a fraction.
    public static func text(_ number: Double) -> String {
        if number == number.rounded(), abs(number) < 1e15 { return String(Int(nearestWithin: number)) }
        return "\(number)"
    }

    /// Appends what `text` says, as UTF-8.
    public func write(into out: inout [UInt8]) {
        switch self {
        case .null: out.append(contentsOf: "null".utf8)
        case .boolean(let flag): out.append(contentsOf: (flag ? "true" : "false").utf8)
        case .integer(let value): out.append(contentsOf: String(value).utf8)
        case .number(let value):
            if value.isNaN {
                out.append(contentsOf: "\"NaN\"".utf8)
            } else if value.isInfinite {
                out.append(contentsOf: (value > 0 ? "\"Infinity\"" : "\"-Infinity\"").utf8)
            } else {
                out.append(contentsOf: Self.text(value).utf8)
            }
        case .string(let text): Self.write(quoted: text, into: &out)
        case .array(let elements):
            out.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { out.append(UInt8(ascii: ",")) }
                element.write(into: &out)
            }
            out.append(UInt8(ascii: "]"))
        case .object(let members):
            out.append(UInt8(ascii: "{"))
            for (index, member) in members.enumerated() {
                if index > 0 { out.append(UInt8(ascii: ",")) }
                Self.write(quoted: member.name, into: &out)
                out.append(UInt8(ascii: ":"))
                member.value.write(into: &out)
            }
            out.append(UInt8(ascii: "}"))
        }
    }

    /// Appends a text as a JSON string, with its quotes.
    public static func write(quoted text: String, into out: inout [UInt8]) {
        // Nearly everything is this: names of members, of metrics, of runs.
        let isWritten: Bool? = text.utf8.withContiguousStorageIfAvailable { appended(quoted: $0, to: &out) }
        if isWritten != true { write(scalars: text, into: &out) }
    }

    /// Appends bytes of UTF-8 as a JSON string, with its quotes.
    /// - Returns: false, with nothing appended, where the bytes are not UTF-8.
    public static func write(quoted bytes: [UInt8], into out: inout [UInt8]) -> Bool {
        if bytes.withUnsafeBufferPointer({ appended(quoted: $0, to: &out) }) { return true }
        guard let text = String(validating: bytes, as: UTF8.self) else { return false }
        write(scalars: text, into: &out)
        return true
    }

    /// For what is ASCII without control characters but line ends and tabs; false, with nothing appended, for all else.
    private static func appended(quoted bytes: UnsafeBufferPointer<UInt8>, to out: inout [UInt8]) -> Bool {
        let before = out.count
        out.append(UInt8(ascii: "\""))
        var start = 0
        while let place = firstSpecial(in: bytes, from: start) {
            guard let letter = escapeLetter(bytes[place]) else {
                out.removeSubrange(before...)
                return false
            }
            out.append(contentsOf: bytes[start..<place])
            out.append(backslash)
            out.append(letter)
            start = place + 1
        }
        out.append(contentsOf: bytes[start...])
        out.append(UInt8(ascii: "\""))
        return true
    }

    /// The first byte that does not stand in a JSON string as it is. Most texts have none, so that sixteen are looked at at a time.
    private static func firstSpecial(in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
        var place = start
        while place < bytes.count {
            if place + 16 <= bytes.count, let base = bytes.baseAddress {
                let block = UnsafeRawPointer(base + place).loadUnaligned(as: SIMD16<UInt8>.self)
                let isSpecial = (block .< 0x20) .| (block .>= 0x7F) .| (block .== quote) .| (block .== backslash)
                if !any(isSpecial) {
                    place += 16
                    continue
                }
            }
            for near in place..<min(place + 16, bytes.count) {
                let byte = bytes[near]
                if byte < 0x20 || byte >= 0x7F || byte == quote || byte == backslash { return near }
            }
            place += 16
        }
        return nil
    }

    private static let quote = UInt8(ascii: "\"")
    private static let backslash = UInt8(ascii: "\\")

    private static func escapeLetter(_ byte: UInt8) -> UInt8? {
        switch byte {
        case quote, backslash: byte
        case UInt8(ascii: "\n"): UInt8(ascii: "n")
        case UInt8(ascii: "\r"): UInt8(ascii: "r")
        case UInt8(ascii: "\t"): UInt8(ascii: "t")
        default: nil
        }
    }

    private static func write(scalars text: String, into out: inout [UInt8]) {
        out.append(quote)
        defer { out.append(quote) }
        for scalar in text.unicodeScalars {
            if scalar.isASCII, let letter = escapeLetter(UInt8(truncatingIfNeeded: scalar.value)) {
                out.append(backslash)
                out.append(letter)
            } else if scalar.actsOnTerminal {
                // JSON would allow some of these, but a terminal that it is printed to obeys them.
                for unit in UTF16.encode(scalar) ?? .init() { write(escaped: unit, into: &out) }
            } else {
                out.append(contentsOf: UTF8.encode(scalar) ?? .init())
            }
        }
    }

    private static func write(escaped unit: UInt16, into out: inout [UInt8]) {
        let hex = String(unit, radix: 16)
        out.append(contentsOf: ("\\u" + String(repeating: "0", count: 4 - hex.count) + hex).utf8)
    }
}
