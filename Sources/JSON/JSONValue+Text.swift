import CheckedNumbers
import PrintableText

extension JSONValue {
    /// The document on one line, without spaces.
    public var text: String {
        var out = ""
        write(into: &out)
        return out
    }

    /// The shortest text that reads back as the same number; whole numbers without a fraction.
    public static func text(_ number: Double) -> String {
        if number == number.rounded(), abs(number) < 1e15 { return String(Int(nearestWithin: number)) }
        return "\(number)"
    }

    public func write(into out: inout String) {
        switch self {
        case .null: out += "null"
        case .boolean(let flag): out += flag ? "true" : "false"
        case .integer(let value): out += String(value)
        case .number(let value):
            if value.isNaN {
                out += "\"NaN\""
            } else if value.isInfinite {
                out += value > 0 ? "\"Infinity\"" : "\"-Infinity\""
            } else {
                out += Self.text(value)
            }
        case .string(let text): Self.write(quoted: text, into: &out)
        case .array(let elements):
            out += "["
            for (index, element) in elements.enumerated() {
                if index > 0 { out += "," }
                element.write(into: &out)
            }
            out += "]"
        case .object(let members):
            out += "{"
            for (index, member) in members.enumerated() {
                if index > 0 { out += "," }
                Self.write(quoted: member.name, into: &out)
                out += ":"
                member.value.write(into: &out)
            }
            out += "}"
        }
    }

    private static func write(quoted text: String, into out: inout String) {
        out += "\""
        defer { out += "\"" }
        // Nearly everything is this: names of members, of metrics, of runs.
        if text.utf8.allSatisfy(isPlain) {
            out += text
            return
        }
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": out += "\\\""
            case "\\": out += "\\\\"
            case "\n": out += "\\n"
            case "\r": out += "\\r"
            case "\t": out += "\\t"
            case " "..."~": out.unicodeScalars.append(scalar)
            // JSON would allow some of these, but a terminal that it is printed to obeys them.
            case _ where scalar.actsOnTerminal: for unit in UTF16.encode(scalar) ?? .init() { write(escaped: unit, into: &out) }
            default: out.unicodeScalars.append(scalar)
            }
        }
    }

    /// Whether a byte of UTF-8 stands for itself in a JSON text, whatever is beside it.
    private static func isPlain(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte < 0x7F && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
    }

    private static func write(escaped unit: UInt16, into out: inout String) {
        let hex = String(unit, radix: 16)
        out += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
    }
}
