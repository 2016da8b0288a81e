import Events
import JSON
import Numerics

/// Damages samples: bits, bytes, ends, repeats, pieces of other samples, numbers, and members of JSON. The same seed gives the
/// same damage.
struct Mutator {
    var random: RandomSource

    /// Numbers and words that readers stumble over.
    private static let numbers = [
        "0", "-0", "1", "-1", "2147483647", "2147483648", "-2147483649", "4294967296", "9007199254740993", "9223372036854775807",
        "9223372036854775808", "-9223372036854775808", "-9223372036854775809", "18446744073709551615", "1e308", "1e309", "-1e309",
        "1e-320", "1e99999", "0.1e-400", "NaN", "nan", "Infinity", "-inf", "1e12", "1e300", "1.7976931348623157e308", "00012",
        "1,5", "0x1p63", "\"NaN\"", "null", "", " ", "+", "-", ".", "e", "1e", String(repeating: "9", count: 500),
        "0." + String(repeating: "0", count: 500) + "1",
    ]
    private static let words = [
        "\0", "\u{1B}[2J", "\u{1B}]0;x\u{7}", "\u{202E}", "\u{FEFF}", "\"", "\"\"", "\\", "\\u0000", "\\ud800", "\n", "\r\n",
        "\r", "\t",
        ",", ";", "|", "{", "}", "[", "]", ":", "(", ")", "not ", " and ", "..", "@latest", "=cmd()",
        String(repeating: "[", count: 3000), String(repeating: "{\"a\":", count: 1500), String(repeating: "(", count: 3000),
        String(repeating: "a", count: 70_000),
    ]
    private static let integers: [UInt64] = [
        0, 1, 2, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, 0x7FFF_FFFF_FFFF_FFFF,
        0x8000_0000_0000_0000, 0xFFFF_FFFF_FFFF_FFFF, 0x7FF0_0000_0000_0000, 0x7FF8_0000_0000_0000, 0x43E0_0000_0000_0000,
    ]
    /// Longer inputs only take longer.
    private static let longest = 1 << 18

    mutating func damaged(_ sample: Sample, others: [Sample]) -> Sample {
        var result = sample
        for _ in 0...random.integer(below: 3) { damage(&result.bytes, others: others) }
        if result.bytes.count > Self.longest { result.bytes.removeLast(result.bytes.count - Self.longest) }
        return result
    }

    private mutating func damage(_ bytes: inout [UInt8], others: [Sample]) {
        guard !bytes.isEmpty else {
            bytes = Array(pick(Self.words).utf8)
            return
        }
        let place = random.integer(below: bytes.count)
        switch random.integer(below: 14) {
        case 0, 1: bytes[place] ^= 1 << UInt8(random.integer(below: 8))
        case 2: bytes[place] = UInt8(truncatingIfNeeded: random.next())
        case 3: bytes.removeLast(bytes.count - place)
        case 4: bytes.removeSubrange(range(from: place, of: bytes))
        case 5: bytes.insert(contentsOf: bytes[range(from: place, of: bytes)], at: place)
        case 6:
            let other = pick(others).bytes
            guard !other.isEmpty else { return }
            let start = random.integer(below: other.count)
            bytes.replaceSubrange(range(from: place, of: bytes), with: other[range(from: start, of: other)])
        case 7: bytes.insert(contentsOf: pick(Self.words).utf8, at: place)
        case 8, 9: replaceNumber(&bytes, near: place)
        case 10: overwriteInteger(&bytes, at: place)
        case 11: repeatLine(&bytes, near: place)
        default: changeDocument(&bytes, near: place)
        }
    }

    private mutating func pick<Element>(_ elements: [Element]) -> Element { elements[random.integer(below: elements.count)] }

    /// Short ones mostly.
    private mutating func range(from start: Int, of bytes: [UInt8]) -> Range<Int> {
        let length = 1 << random.integer(below: 13)
        return start..<min(bytes.count, start + 1 + random.integer(below: length))
    }

    private mutating func replaceNumber(_ bytes: inout [UInt8], near place: Int) {
        let isPart = { (byte: UInt8) in (0x30...0x39).contains(byte) || [0x2B, 0x2D, 0x2E, 0x45, 0x65].contains(byte) }
        guard var start = bytes[place...].firstIndex(where: { (0x30...0x39).contains($0) }) else { return }
        while start > 0, isPart(bytes[start - 1]) { start -= 1 }
        let end = bytes[start...].firstIndex { !isPart($0) } ?? bytes.count
        bytes.replaceSubrange(start..<end, with: pick(Self.numbers).utf8)
    }

    private mutating func overwriteInteger(_ bytes: inout [UInt8], at place: Int) {
        let value = pick(Self.integers), width = pick([1, 2, 4, 8]), isBig = random.integer(below: 2) == 0
        for index in 0..<width where place + index < bytes.count {
            let shift = 8 * (isBig ? width - 1 - index : index)
            bytes[place + index] = UInt8(truncatingIfNeeded: value >> UInt64(shift))
        }
    }

    private mutating func repeatLine(_ bytes: inout [UInt8], near place: Int) {
        let start = bytes[..<place].lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        let end = bytes[place...].firstIndex(of: 0x0A).map { $0 + 1 } ?? bytes.count
        let line = Array(bytes[start..<end])
        if random.integer(below: 3) == 0 { bytes.removeSubrange(start..<end) }
        bytes.insert(contentsOf: line, at: random.integer(below: 2) == 0 ? min(start, bytes.count) : bytes.count)
    }

    /// Changes a JSON document, or the line of JSON that stands there.
    private mutating func changeDocument(_ bytes: inout [UInt8], near place: Int) {
        let start = bytes[..<place].lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        let end = bytes[place...].firstIndex(of: 0x0A) ?? bytes.count
        guard start < end, bytes[start] == UInt8(ascii: "{") || bytes[start] == UInt8(ascii: "[") else { return }
        do {
            let document = try JSONValue(parsing: String(decoding: bytes[start..<end], as: UTF8.self))
            bytes.replaceSubrange(start..<end, with: changed(document).text.utf8)
        } catch { return }
    }

    private mutating func changed(_ value: JSONValue) -> JSONValue {
        switch value {
        case .object(var members) where !members.isEmpty:
            let index = random.integer(below: members.count)
            switch random.integer(below: 8) {
            case 0: members.remove(at: index)
            case 1: members.insert(members[index], at: random.integer(below: members.count))
            case 2: members[index].name = pick(members).name
            case 3: members[index].value = pick(members).value
            default: members[index].value = changed(members[index].value)
            }
            return .object(members)
        case .array(var elements) where !elements.isEmpty:
            let index = random.integer(below: elements.count)
            switch random.integer(below: 8) {
            case 0: elements.remove(at: index)
            case 1: elements.insert(elements[index], at: random.integer(below: elements.count))
            case 2: elements += elements
            case 3: elements.swapAt(index, random.integer(below: elements.count))
            default: elements[index] = changed(elements[index])
            }
            return .array(elements)
        default: return leaf(value)
        }
    }

    private mutating func leaf(_ value: JSONValue) -> JSONValue {
        if case .integer(let number) = value, random.integer(below: 2) == 0 {
            return .integer(pick([number &+ 1, number &- 1, 0 &- number, number &* 2, 0]))
        }
        switch random.integer(below: 9) {
        case 0: return .null
        case 1: return .boolean(random.integer(below: 2) == 0)
        case 2: return .integer(Int(truncatingIfNeeded: pick(Self.integers)))
        case 3: return .number(Double(bitPattern: random.next()))
        case 4: return .number(pick([.nan, .infinity, -.infinity, 1e308, -1e308, .leastNonzeroMagnitude, 1e19, 9.3e18, 0.5]))
        case 5: return .string(pick(Self.words))
        case 6: return .string(pick(Self.numbers))
        case 7: return .array([value, value])
        default: return .object([.init("a", value)])
        }
    }
}
