import JSON
import Testing

struct JSONTests {
    @Test(arguments: [
        "", "{", "[1,]", "{\"a\" 1}", "tru", "\"open", "1 2", "{\"a\":1,}", "\"\\x\"", "+1", ".5", "nul", "[1 2]", "\u{1}",
        String(repeating: "[", count: 100_000),
    ])
    func textThatIsNotJSONIsRefused(text: String) {
        #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
    }

    @Test func escapesAndSurrogatePairsAreRead() throws {
        #expect(try JSONValue(parsing: #""\u00e9\ud83d\ude00\n\/""#) == .string("é😀\n/"))
    }

    /// However few digits a number has, it is the nearest one in double precision.
    @Test(arguments: [
        "0.1", "-0.0", "0.30000000000000004", "123456789.012345", "-1.7976931348623157", "0.00000000000001", "999999999999999.9",
        "9007199254740993.0", "1.5e3", "-2.5E-3", "00.5", "4.35", "8.5", "0.000000000000000000000000000000000001",
    ])
    func decimalsAreTheNearestNumbers(text: String) throws {
        let number = try JSONValue(parsing: "[\(text)]").array?.first?.double
        #expect(number?.bitPattern == Double(text)?.bitPattern)
    }

    @Test(arguments: ["-", "1.2.3", "-.", "1.5-", ".5"]) func whatIsNoDecimalIsRefused(text: String) {
        #expect(throws: JSONError.self) { try JSONValue(parsing: "[\(text)]") }
    }

    @Test(arguments: [0, 1e-7, 0.1, 1.0 / 3, 123_456_789.125, -2.5e300, .leastNonzeroMagnitude, 1e15, 1e16])
    func numbersReadBackExactly(number: Double) throws {
        #expect(try JSONValue(parsing: JSONValue.number(number).text).double == number)
    }

    @Test(arguments: [
        "", "a,b", "1\n\"2\"\t\\\r", "é😀", "\u{1b}[31m", "\u{7f}", "1,é\n", "\u{202e}", "\u{0}", "\u{e0001}",
        String(repeating: "x\n", count: 5000),
    ])
    func bytesAreQuotedAsTextsAre(text: String) throws {
        var out = Array("before".utf8)
        #expect(JSONValue.write(quoted: Array(text.utf8), into: &out))
        #expect(String(decoding: out, as: UTF8.self) == "before" + JSONValue.string(text).text)
        #expect(try JSONValue(parsing: String(decoding: out.dropFirst(6), as: UTF8.self)) == .string(text))
        #expect(!out.contains { $0 < 0x20 || $0 == 0x7F })
    }

    /// Wherever in a text what has to be quoted stands.
    @Test(arguments: ["\"", "\\", "\n", "\u{1}", "\u{7f}", "é"]) func eachPlaceOfATextIsLookedAt(special: String) throws {
        for place in 0..<50 {
            let text = String(repeating: "a", count: place) + special + String(repeating: "b", count: 50 - place)
            #expect(try JSONValue(parsing: JSONValue.string(text).text) == .string(text), "\(place)")
        }
    }

    @Test(arguments: [[0xFF], [0x31, 0x0A, 0xC3], [0xED, 0xA0, 0x80]] as [[UInt8]])
    func bytesThatAreNoTextAreNotQuoted(bytes: [UInt8]) {
        var out: [UInt8] = [7]
        #expect(!JSONValue.write(quoted: bytes, into: &out) && out == [7])
    }
}
