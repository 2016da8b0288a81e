import JSON

/// Numbers as logs write them.
package enum LogNumber {
    /// The number that a leaf is, or that its text says: `0.5`, `"0.5"`, `"nan"`, `"-inf"`; nil for anything else.
    package static func value(_ json: JSONValue) -> Double? { json.double ?? json.string.flatMap { value(of: $0) } }

    /// The number that a text says in decimal digits or in the usual words for what is no number; nil for anything else.
    package static func value(of text: String) -> Double? {
        var bytes = text.utf8[...]
        while let first = bytes.first, first == 0x20 || (0x09...0x0D).contains(first) { bytes.removeFirst() }
        while let last = bytes.last, last == 0x20 || (0x09...0x0D).contains(last) { bytes.removeLast() }
        let isNegative = bytes.first == UInt8(ascii: "-")
        let unsigned = isNegative || bytes.first == UInt8(ascii: "+") ? bytes.dropFirst() : bytes
        guard let first = unsigned.first else { return nil }
        guard first == UInt8(ascii: ".") || (0x30...0x39).contains(first) else {
            guard unsigned.count == 3 || unsigned.count == 8 else { return nil }
            switch String(decoding: unsigned, as: UTF8.self).lowercased() {
            case "nan": return .nan
            case "inf", "infinity": return isNegative ? -.infinity : .infinity
            default: return nil
            }
        }
        guard unsigned.allSatisfy(isPart), let number = Double(Substring(bytes)) else { return nil }
        // A commit such as 12e5678 looks like a number that no machine can hold.
        return number.isFinite || !unsigned.contains(where: { $0 | 0x20 == UInt8(ascii: "e") }) ? number : nil
    }

    private static func isPart(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"), UInt8(ascii: "+"), UInt8(ascii: "-"): true
        default: false
        }
    }
}
