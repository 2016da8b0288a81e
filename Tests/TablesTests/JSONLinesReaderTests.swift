import Numerics
import Testing

@testable import Tables

@Suite struct JSONLinesReaderTests {
    @Test func `rows are objects: any order of keys, missing keys, nulls, truth values, numbers and texts`() throws {
        let table = try Table.of(
            """
            {"a": 1, "b": "x", "c": true, "d": 0.5}
            {"b": "y", "a": -2, "d": null}

            {"d": 1e3, "c": false, "e": "late", "a": 3}
            """)
        #expect(table.format == .jsonLines)
        #expect(table.columns.map(\.name) == ["a", "b", "c", "d", "e"])
        #expect(table.columns.map(\.kind) == [.integer, .categorical, .boolean, .numeric, .categorical])
        #expect(
            table.texts == [
                ["1", "-2", "3"], ["x", "y", nil], ["true", nil, "false"], ["0.5", nil, "1000"], [nil, nil, "late"],
            ])
    }

    @Test func `escapes are undone in keys and values, and the same text is one category`() throws {
        let table = try Table.of(
            #"""
            {"k\u0065y":"tab\there \"quoted\" \\ \/ \u00fc \ud83d\ude00","s":"\u0041b"}
            {"key":"\b\f\n\r","s":"Ab"}
            {"key":"\ud800 alone","s":"Ab"}
            """#)
        #expect(table.columns.map(\.name) == ["key", "s"])
        #expect(
            table.texts[0] == ["tab\there \"quoted\" \\ / ü 😀", "\u{8}\u{c}\n\r", "\u{fffd} alone"])
        #expect(table.column(named: "s")?.dictionary == ["Ab"])
    }

    @Test func `of a key that a record has twice the last value counts, and it is said`() throws {
        let table = try Table.of(
            """
            {"a": 1, "b": {"c": 2}}
            {"a": 2, "b": {"c": 4}, "a": 9}
            {"a": 3, "b.c": 5, "b": {"c": 6}, "b": {"c": 7}}
            """)
        #expect(table.texts == [["1", "9", "3"], ["2", "4", "7"]])
        #expect(table.warnings.map(\.code) == [.repeatedKey, .repeatedKey])
        #expect(
            table.warnings.map(\.message) == [
                "a stands in a record that has it already, once: the last value counts",
                "b.c stands in a record that has it already, 2 times: the last value counts",
            ])
    }

    @Test func `texts follow CSV's rules: numbers, dates, missing values and codes`() throws {
        let table = try Table.of(
            """
            {"n":"1.5","m":"NA","code":"007","day":"2020-01-02","mixed":1}
            {"n":2,"m":"5","code":"010","day":"2021-01-02","mixed":"one"}
            {"n":NaN,"m":"","code":"100","day":null,"mixed":2.50}
            """)
        #expect(table.columns.map(\.kind) == [.numeric, .integer, .categorical, .date, .categorical])
        #expect(table.texts[0] == ["1.5", "2", nil])
        #expect(table.texts[1] == [nil, "5", nil])
        #expect(table.texts[2] == ["007", "010", "100"])
        #expect(table.texts[4] == ["1", "one", "2.50"])
    }

    @Test func `objects within objects become columns named by both keys`() throws {
        let table = try Table.of(
            """
            {"user": {"name": "ada", "at": {"x": 1}}, "y": 1}
            {"user": null, "y": 2}
            {"y": 3, "user": {"at": {"x": 4}, "name": "bob"}}
            """)
        #expect(table.columns.map(\.name) == ["user.name", "user.at.x", "y"])
        #expect(table.texts == [["ada", nil, "bob"], ["1", nil, "4"], ["1", "2", "3"]])
    }

    @Test func `a bad line is an error with its line and column`() {
        let cases: [(String, String)] = [
            ("{\"a\":1}\n[1]", "data.csv:2:1: expected {: each line has to be one JSON object"),
            (
                "{\"a\":1}\n{\"a\":1",
                "data.csv:2:7: expected , or } after the value of 'a': an object has to stand whole on one line"
            ),
            ("{\"a\" 1}", "data.csv:1:6: expected : after the key 'a'"),
            ("{\"ä\":1 2}", "data.csv:1:8: expected , or } after the value of 'ä': an object has to stand whole on one line"),
            (
                "{\"a\":nul}",
                "data.csv:1:6: expected a value for 'a': a text in double quotes, a number without leading zeros, true, false or null"
            ),
            (
                "{\"a\":\"x}\n",
                "data.csv:1:6: a text never ends: close its quote on the same line, and write line ends within it as \\n"
            ),
            ("{\"a\":\"\\x\"}", "data.csv:1:7: a backslash that begins no escape: write \\\\ for a backslash"),
            ("{\"a\":1}\n{\"a\":1} 2", "data.csv:2:9: something follows the object: write one object a line"),
            (
                "{\"a\":1}\n{\"tags\":[1 2]}",
                "data.csv:2:12: expected , or ] after an element of the list 'tags': a list has to stand whole on one line"
            ),
            ("{}\n{}", "data.csv: the objects have no keys: each needs at least one"),
        ]
        for (text, expected) in cases { #expect(readingError(text) == expected) }
        let deep = String(repeating: "{\"a\":", count: 100) + "1" + String(repeating: "}", count: 100)
        #expect(readingError(deep).contains("too deep"))
    }

    @Test func `what Python's json module writes is what its csv module writes`() throws {
        // Nothing but the order of columns may differ: keys that are null in the first rows come later.
        let table = try Table(contentsOf: fixture("flat-rows.jsonl.gz"))
        let expected = try Table(contentsOf: fixture("flat.csv"))
        let ordered = expected.columns.compactMap { table.column(named: $0.name) }
        expectSame(Table(columns: ordered), expected, "json")
    }

    @Test func `late keys, late texts and blank lines are found in every part of a large file`() throws {
        var text = ""
        let count = 120_000
        for row in 0..<count {
            if row == 100_000 { text += "  \n" }
            text +=
                "{\"row\":\(row),\"value\":\(row == 90_000 ? "\"off\"" : "\(row).25"),\"padding\":\"a text that makes the file long\""
            text += row == 110_000 ? ",\"late\":5}\n" : "}\n"
        }
        for threads in [1, 3] {
            let table = try Table.of(text, options: ReadOptions(threadCount: threads))
            #expect(table.rowCount == count)
            #expect(table.columns.map(\.kind) == [.integer, .numeric, .categorical, .integer])
            #expect(table.columns[0].numbers == (0..<count).map(Double.init))
            #expect(table.columns[1].numbers?[119_999] == 119_999.25)
            #expect(table.columns[1].missingCount == 1)
            let stray = try #require(table.warnings.first { $0.code == .strayValues })
            #expect(stray.message.contains("off"))
            #expect(table.columns[3].missingCount == count - 1)
            #expect(table.columns[3].text(at: 110_000) == "5")
        }
    }

    @Test func `no bytes stop the process`() {
        let alphabet = Array("{{}}\"\"::,,aab\\u01ee-.  \n\nnulltruefalse[]\r".utf8) + [0xc3, 0xa9, 0xff]
        var random = RandomSource(seed: 8)
        var tables = 0
        for attempt in 0..<600 {
            let valid = "{\"a\":1,\"b\":{\"c\":\"x\\u00e9\"}}\n{\"b\":null,\"a\":true}\n"
            var bytes = Array(valid.utf8)
            for _ in 0..<1 + attempt % 6 {
                bytes[1 + random.integer(below: bytes.count - 1)] = alphabet[random.integer(below: alphabet.count)]
            }
            guard let error = readingError(bytes: bytes, name: "data.jsonl") else {
                tables += 1
                continue
            }
            #expect(!error.message.isEmpty)
        }
        #expect(tables > 10)
    }
}
