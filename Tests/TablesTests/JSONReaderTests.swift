import Numerics
import Testing

@testable import Tables

@Suite struct JSONReaderTests {
    /// The same three rows.
    static let layouts = [
        #"[{"a":1,"b":"x"},{"b":"y","a":2.5},{"a":null,"c":{"d":true}}]"#,
        """
        [
          {
            "a": 1,
            "b": "x"
          },
          {"b": "y",
           "a": 2.5},
          {"a": null, "c": {
             "d": true}}
        ]

        """,
        #"{"a":1,"b":"x"}{"b":"y","a":2.5} {"a":null,"c":{"d":true}}"#,
        "{\n\"a\":1,\r\n\"b\":\"x\"\n}\n{\"b\":\"y\",\n\"a\":2.5\n}\n{\"a\":null,\"c\":{\"d\":true}}\n",
        "{\"a\":1,\"b\":\"x\"},\n{\"b\":\"y\",\"a\":2.5},\n{\"a\":null,\"c\":{\"d\":true}}\n",
        "\u{feff}[{\"a\":1,\"b\":\"x\"}\n,{\"b\":\"y\",\"a\":2.5}\n,{\"a\":null,\"c\":{\"d\":true}}\n]",
    ]

    @Test(arguments: layouts) func `objects are rows however they are laid out`(text: String) throws {
        let table = try Table.of(text)
        #expect(table.format == .json)
        #expect(table.columns.map(\.name) == ["a", "b", "c.d"])
        #expect(table.columns.map(\.kind) == [.numeric, .categorical, .boolean])
        #expect(table.texts == [["1", "2.5", nil], ["x", "y", nil], [nil, nil, "true"]])
        #expect(table.warnings == [])
    }

    @Test func `lines that run together only further down are read all the same`() throws {
        let table = try Table.of("{\"a\":1}\n{\"a\":2}{\"a\":3}\n{\"a\":4}\n")
        #expect(table.format == .json)
        #expect(table.texts == [["1", "2", "3", "4"]])
    }

    @Test func `one object is one row, and one of objects too`() throws {
        let single = try Table.of("{\n \"a\": 1,\n \"b\": \"2020-01-02\"\n}\n")
        #expect(single.texts == [["1"], ["2020-01-02"]])
        let nested = try Table.of("{\n \"x\": {\"0\": 1, \"1\": 2},\n \"y\": {\"0\": 3}\n}\n")
        #expect(nested.columns.map(\.name) == ["x.0", "x.1", "y.0"])
        #expect(nested.rowCount == 1)
    }

    @Test(arguments: [
        #"{"instances":[{"features":[1.5,2]},{"features":[-3,null]}]}"#,
        "{\n  \"instances\": [\n    {\"features\": [\n 1.5,\n 2]},\n {\"features\": [-3, NaN]}\n ]\n}\n",
    ])
    func `the only list of an object is read as the rows, and that is told`(text: String) throws {
        let table = try Table.of(text)
        #expect(table.format == .json)
        #expect(table.columns.map(\.name) == ["features_1", "features_2"])
        #expect(table.texts == [["1.5", "-3"], ["2", nil]])
        #expect(table.warnings.map(\.code) == [.unwrapped, .listColumn])
        #expect(table.warnings[0].message.contains("'instances'"))
        // With a second member it is an object like any other.
        let plain = try Table.of(#"{"instances":[{"features":[1]}],"id":7}"#)
        #expect(plain.columns.map(\.name) == ["instances", "id"])
        #expect(plain.texts == [[#"[{"features":[1]}]"#], ["7"]])
    }

    @Test func `lists of as many numbers are a column for each place`() throws {
        let table = try Table.of(
            """
            {"id":1,"v":[1, 2.5 ,-3e2]}
            {"id":2,"v":[4,null,6]}
            {"v":null,"id":3}
            {"id":4,"v":[Infinity,-Infinity,NaN]}
            """)
        #expect(table.format == .jsonLines)
        #expect(table.columns.map(\.name) == ["id", "v_1", "v_2", "v_3"])
        #expect(table.texts[1...] == [["1", "4", nil, "inf"], ["2.5", nil, nil, "-inf"], ["-300", "6", nil, nil]])
        #expect(table.warnings.map(\.message).contains("v holds lists of 3 numbers, which are the columns v_1 to v_3"))
    }

    @Test func `other lists are kept as their text, and that is told`() throws {
        let lists = [
            #"["a","b"],[]"#, "[1,2],[1]", #"[1],"x""#, "[1],5", "[[1]],[[2]]", "[true],[false]",
            "[" + (1...65).map(String.init).joined(separator: ",") + "]",
        ]
        for list in lists {
            let values = list.contains("65") ? [list] : Self.elements(list)
            let table = try Table.of(values.map { "{\"tags\":\($0)}\n" }.joined())
            #expect(table.columns.map(\.name) == ["tags"])
            #expect(table.texts == [values.map { $0.trimmedQuotes }])
            #expect(table.warnings.map(\.code).contains(.listColumn))
        }
        let laidOut = try Table.of("[{\"tags\": [\n  \"a b\",\n  {\"c\": [\"\\\" ]\"]}\n ]}]")
        #expect(laidOut.texts == [[#"["a b",{"c":["\" ]"]}]"#]])
    }

    @Test func `who says what a list's column is, or learned so, gets one column`() throws {
        let text = "[{\"v\":[1,2]},{\"v\":[3,4]}]"
        var options = ReadOptions()
        options.kinds = ["v": .text]
        #expect(try Table.of(text, options: options).columns.map(\.name) == ["v"])
        let file = TemporaryFile(text)
        let schema = TableSchema(columns: [ColumnRule(name: "v", kind: .categorical)])
        #expect(try Table(contentsOf: file.path, schema: schema).columns.map(\.name) == ["v"])
    }

    @Test func `what is wrong is told with its place`() {
        let cases: [(String, String)] = [
            ("[{\"a\":1},\n {\"a\":2}", "data.csv:2: the list is not closed: the file was cut short; copy it again, or add ]"),
            ("[{\"a\":1},\n {\"a\":", "data.csv:2:7: expected a value for 'a'"),
            ("[[1,2],[3,4]]\n", "data.csv:1:2: expected {: a list has to hold objects and nothing else"),
            ("[{\"a\":1},\n 5]", "data.csv:2:2: expected {: a list has to hold objects and nothing else"),
            ("[{\"a\":1}]\n[{\"a\":1}]", "data.csv:2: something follows the last object"),
            ("[{\"a\":1}}", "data.csv:1: expected ]"),
            ("{\n\"a\":1\n}\n]", "data.csv:4: something follows the last object"),
            ("[]", "data.csv: the list is empty: it needs at least one object"),
            ("[ {\"a\" 1} ]", "data.csv:1:8: expected : after the key 'a'"),
            ("[{\"a\":[1,}]", "data.csv:1:10: expected a value for 'a'"),
            ("[{\"a\":[1 2]}]", "data.csv:1:10: expected , or ] after an element of the list 'a'"),
            ("[{\"a\":[{\"b\" 2}]}]", "data.csv:1:13: expected : after the key 'a'"),
            ("[{}]", "data.csv: the objects have no keys: each needs at least one"),
        ]
        for (text, expected) in cases { #expect(readingError(text).hasPrefix(expected), "\(text): \(readingError(text))") }
        let deep = "[{\"a\":" + String(repeating: "[", count: 5000) + String(repeating: "]", count: 5000) + "}]"
        #expect(readingError(deep).contains("too deep"))
    }

    @Test func `only the first records are read when so many are wanted`() throws {
        var options = ReadOptions()
        options.rowLimit = 2
        for text in ["[{\"a\":1},{\"a\":2},{\"a\":3},{\"a\":", "{\"a\":1}\n{\"a\":2}\n{\"a\":3}\n{\"a\":x}\n"] {
            let table = try Table.of(text, options: options)
            #expect(table.texts == [["1", "2"]])
            #expect(table.reading.isCut)
        }
        for text in ["[{\"a\":1},{\"a\":2}\n]", "{\"a\":1}\n{\"a\":2}\n \n"] {
            #expect(try !Table.of(text, options: options).reading.isCut)
        }
    }

    @Test func `a large list is read by many threads as by one`() throws {
        let count = 90_000
        var text = "["
        for row in 0..<count {
            text += row == 0 ? "\n" : row % 7 == 0 ? " ,\n" : ","
            text +=
                "{\"row\":\(row),\"s\":\"a } \\\" { \(row % 5)\",\n\"v\":[\(row),0.5],\"padding\":\"a text that makes the file long\""
            text += row == 80_000 ? ",\"late\":5}" : "}"
        }
        text += "]\n"
        let one = try Table.of(text, options: ReadOptions(threadCount: 1))
        let three = try Table.of(text, options: ReadOptions(threadCount: 3))
        #expect(one.rowCount == count)
        let isSame = one.texts == three.texts && one.columns.map(\.kind) == three.columns.map(\.kind)
        #expect(isSame)
        #expect(three.columns.map(\.name) == ["row", "s", "v_1", "v_2", "padding", "late"])
        let isCounted = three.columns[0].numbers == (0..<count).map(Double.init)
        #expect(isCounted)
        #expect(three.columns[5].text(at: 80_000) == "5")
    }

    @Test func `what Python's json module writes is what its csv module writes`() throws {
        let expected = try Table(contentsOf: fixture("flat.csv"))
        for name in ["flat-list.json.gz", "flat-indented.json.gz"] {
            let table = try Table(contentsOf: fixture(name))
            #expect(table.format == .json)
            expectSame(Table(columns: expected.columns.compactMap { table.column(named: $0.name) }), expected, name)
        }
    }

    @Test func `no bytes stop the process`() {
        let alphabet = Array("{{}}[[]]\"\"::,,a\\u-.  \n\nnull1".utf8) + [0xc3, 0xff]
        let valid = Array("[{\"a\":1,\"b\":[1,2]},\n {\"b\":null,\"a\":{\"c\":[{\"d\":\"x\"}]}}]".utf8)
        var random = RandomSource(seed: 9)
        var tables = 0
        for attempt in 0..<600 {
            var bytes = valid
            for _ in 0..<1 + attempt % 4 {
                bytes[1 + random.integer(below: bytes.count - 1)] = alphabet[random.integer(below: alphabet.count)]
            }
            if let error = readingError(bytes: bytes, name: "data.json") { #expect(!error.message.isEmpty) } else { tables += 1 }
        }
        #expect(tables > 10)
    }

    /// Values between commas that lie in no list.
    private static func elements(_ text: String) -> [String] {
        var depth = 0, values = [""]
        for mark in text {
            depth += mark == "[" ? 1 : mark == "]" ? -1 : 0
            if mark == ",", depth == 0 { values.append("") } else { values[values.count - 1].append(mark) }
        }
        return values
    }
}

extension String {
    fileprivate var trimmedQuotes: String { first == "\"" ? String(dropFirst().dropLast()) : self }
}
