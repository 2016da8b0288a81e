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

    @Test(arguments: [0, 1e-7, 0.1, 1.0 / 3, 123_456_789.125, -2.5e300, .leastNonzeroMagnitude, 1e15, 1e16])
    func numbersReadBackExactly(number: Double) throws {
        #expect(try JSONValue(parsing: JSONValue.number(number).text).double == number)
    }
}
