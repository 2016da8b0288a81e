import Testing

@testable import Tables

@Suite struct TableWriterTests {
    /// What a file of the given text, written as `ending`, becomes.
    private static func written(
        _ text: String, from name: String = "data.jsonl", rows: [Int]? = nil, adding: [AddedColumn] = [], as ending: String
    ) throws -> String {
        let source = TemporaryFile(Array(text.utf8), name: name)
        let target = TemporaryFile([], name: "out" + ending)
        try TableWriter.write(try Table(contentsOf: source.path), rows: rows, adding: adding, to: target.path)
        return try target.read()
    }

    /// Texts that change when they go through numbers, dates or truth values.
    static let texts = """
        {"id": 1234567890123456701, "ver": "1.10", "cc": "NA", "hex": "1e5", "day": "03/04/2020", "sp": " a", "amt": 1.0, \
        "big": 1e+21, "plus": "+5", "note": "", "q": "say \\"hi\\", ok\\nnext", "ts": "2020-01-01 10:00:00+02:00", "t": true}
        {"id": -9223372036854775808, "ver": "1.1", "cc": "DE", "hex": "2e3", "day": "05/06/2020", "sp": "a", "amt": 2.50, \
        "big": 0.1E-7, "plus": "5", "note": "null", "q": "\\u00fc\\ud83d\\ude00", "ts": "2020-01-01T10:00:00.123456789Z", "t": false}
        {"id": null, "extra": -0}

        """

    @Test func `records of JSON Lines are kept byte for byte`() throws {
        #expect(try Self.written(Self.texts, as: ".jsonl") == Self.texts)
        let odd = "\u{FEFF}{ \"a\" :1 }\r\n\n  \r\n{}\r\n {\"a\":\t2,\"b\":{\"c\":null}} \n{\"a\":NaN}"
        #expect(
            try Self.written(odd, as: ".ndjson") == "{ \"a\" :1 }\r\n{}\r\n {\"a\":\t2,\"b\":{\"c\":null}} \n{\"a\":NaN}\n")
        #expect(try Self.written(odd, rows: [2, 0, 2], as: ".jsonl") == "{ \"a\" :1 }\r\n {\"a\":\t2,\"b\":{\"c\":null}} \n")
    }

    @Test func `members are added behind those of a record, spaced as it is`() throws {
        let text = "{\"a\":1,\"p\":\"}\"}\n{ \"a\": 2, \"p\": {\"q\": \"\\\"}\"} }\r\n{}\n{\"p\":4}\n"
        let added = [
            AddedColumn(name: "p", values: .numbers([0.1, .nan, -.infinity, 5])),
            AddedColumn(name: "label", values: ["a \"b\"\n\u{1}", "true", "1", ""]),
        ]
        #expect(
            try Self.written(text, adding: added, as: ".jsonl") == """
                {"a":1,"p":"}","p_2":0.1,"label":"a \\"b\\"\\n\\u0001"}
                { "a": 2, "p": {"q": "\\"}"}, "p_2": null, "label": "true" }\r
                {"p_2": "-inf", "label": "1"}
                {"p":4,"p_2":5.0,"label":""}

                """)
    }

    @Test func `records of JSON Lines become the items of a list where the output is called json`() throws {
        let text = "{\"a\":1.10}\n\n{\"a\":2}\n"
        #expect(try Self.written(text, as: ".json") == "[\n{\"a\":1.10},\n{\"a\":2}\n]\n")
        #expect(try Self.written(text, rows: [], as: ".json") == "[\n]\n")
        // The input's own ending stays what it is.
        #expect(try Self.written(text, from: "data.json", rows: [1], as: ".json") == "{\"a\":2}\n")
    }

    @Test func `values of JSON Lines stand in CSV as they stand in the file`() throws {
        #expect(
            try Self.written(Self.texts, as: ".csv") == """
                id,ver,cc,hex,day,sp,amt,big,plus,note,q,ts,t,extra
                1234567890123456701,1.10,NA,1e5,03/04/2020," a",1.0,1e+21,+5,,"say ""hi"", ok
                next",2020-01-01 10:00:00+02:00,true,
                -9223372036854775808,1.1,DE,2e3,05/06/2020,a,2.50,0.1E-7,5,null,ü😀,2020-01-01T10:00:00.123456789Z,false,
                ,,,,,,,,,,,,,-0

                """)
    }

    @Test func `objects within objects become columns with the names joined, and the last of repeated keys counts`() throws {
        let text =
            "{\"a\": {\"b\": 1, \"c\": {\"d\": \"x\"}}, \"k\": 1, \"k\": 2}\n{\"a\": null, \"k\": 3}\n{\"a\": {\"b\": 7}}\n"
        #expect(try Self.written(text, as: ".tsv") == "a.b\ta.c.d\tk\n1\tx\t2\n\t\t3\n7\t\t\n")
    }

    @Test func `fields of CSV become numbers of JSON where their column is numeric and JSON can spell them`() throws {
        let text = """
            id,x,word,flag,when
            1234567890123456701,1.10,01,true,2020-02-03T04:05:06+02:00
            7,+5,"a, ""b""
            c",false,
            ,NA,NA,,2020-02-03
            1,.5,1e5,true,x

            """
        #expect(
            try Self.written(text, from: "data.csv", as: ".jsonl") == """
                {"id": 1234567890123456701, "x": 1.10, "word": "01", "flag": "true", "when": "2020-02-03T04:05:06+02:00"}
                {"id": 7, "x": "+5", "word": "a, \\"b\\"\\nc", "flag": "false", "when": null}
                {"id": null, "x": "NA", "word": "NA", "flag": null, "when": "2020-02-03"}
                {"id": 1, "x": ".5", "word": "1e5", "flag": "true", "when": "x"}

                """)
        #expect(try Self.written("a;b\n1;\"x;y\"\n", from: "data.csv", as: ".tsv") == "a\tb\n1\tx;y\n")
        #expect(try Self.written("a;b\n1;\"x;y\"\n", from: "data.txt", as: ".csv") == "a;b\n1;\"x;y\"\n")
    }

    @Test func `numbers by JSON's grammar are told from others`() {
        for number in ["0", "-0", "12", "-1.5", "1e5", "1E+21", "0.10e-7", "100"] {
            #expect(JSONText.isNumber(number), "\(number)")
        }
        for text in ["", "-", "+5", "01", ".5", "5.", "1e", "1e+", "inf", "NaN", "0x1", "1 ", " 1", "1_0", "٣"] {
            #expect(!JSONText.isNumber(text), "\(text)")
        }
    }

    @Test func `texts of JSON Lines have their text again after a way through Parquet`() throws {
        let target = TemporaryFile([], name: "out.parquet")
        let source = TemporaryFile(Array(Self.texts.utf8), name: "data.jsonl")
        try TableWriter.write(try Table(contentsOf: source.path), to: target.path)
        let table = try Table(contentsOf: target.path)
        let leaves = try ParquetSource(try FileBytes(path: target.path)).leaves.map(\.physicalType)
        #expect(leaves == [2, 6, 6, 6, 6, 6, 5, 5, 6, 6, 6, 6, 0, 2])
        let back = TemporaryFile([], name: "back.csv")
        try TableWriter.write(table, to: back.path)
        #expect(
            try back.read().split(separator: "\n").map(String.init).suffix(2) == [
                "-9223372036854775808,1.1,DE,2e3,05/06/2020,a,2.5,1e-08,5,null,ü😀,2020-01-01T10:00:00.123456789Z,false,",
                ",,,,,,,,,,,,,0",
            ])
    }

    @Test(arguments: [".jsonl", ".csv"])
    func `the parts of a split are a partition of the file's own records`(ending: String) throws {
        let records = (0..<60).map {
            ending == ".csv" ? "\"0\($0)\",1.\($0)0,NA" : "{\"a\":\"0\($0)\", \"b\": 1.\($0)0,\"c\":\"NA\"}"
        }
        let header = ending == ".csv" ? ["a,b,c"] : []
        let source = TemporaryFile(Array((header + records).joined(separator: "\n").utf8), name: "data" + ending)
        let table = try Table(contentsOf: source.path)
        let split = try RowSplit(table, method: .random, fraction: 0.3, seed: 1)
        for rows in [split.training, split.heldOut] {
            let part = TemporaryFile([], name: "part" + ending)
            try TableWriter.write(table, rows: rows, to: part.path)
            let expected = header + rows.sorted().map { records[$0] }
            #expect(try part.read() == expected.map { $0 + "\n" }.joined())
        }
        #expect((split.training + split.heldOut).sorted() == Array(0..<60))
    }

    @Test func `text is packed where the output's name says so`() throws {
        let source = TemporaryFile(Array(Self.texts.utf8), name: "data.jsonl")
        let table = try Table(contentsOf: source.path)
        for ending in [".jsonl.gz", ".jsonl.zst"] {
            let target = TemporaryFile([], name: "out" + ending)
            try TableWriter.write(table, to: target.path)
            let unpacked = try FileBytes(path: target.path)
            withExtendedLifetime(unpacked) { #expect(Array(unpacked.bytes) == Array(Self.texts.utf8)) }
            let packed = try Table(contentsOf: target.path)
            #expect(TableWriter.ending(for: packed) == ".jsonl")
            #expect(packed.texts == table.texts)
        }
    }

    @Test func `values of a format that is only read are the table's own, in CSV unless something else is named`() throws {
        // Two labels of one byte each.
        let source = TemporaryFile([0, 0, 8, 1, 0, 0, 0, 2, 7, 3], name: "labels-idx1-ubyte")
        let table = try Table(contentsOf: source.path)
        #expect(TableWriter.ending(for: table) == ".csv")
        let name = try #require(table.columns.first?.name)
        let copy = TemporaryFile([], name: "copy")
        try TableWriter.write(table, to: copy.path)
        #expect(try copy.read() == "\(name)\n7\n3\n")
        let lines = TemporaryFile([], name: "copy.jsonl")
        try TableWriter.write(table, rows: [1], to: lines.path)
        #expect(try lines.read() == "{\"\(name)\": 3}\n")
    }

    @Test(arguments: ["data.jsonl", "data.parquet", "data.csv", "data.parquet.gz"])
    func `rows can be written over the file that they come from`(name: String) throws {
        let source = TemporaryFile(Array("{\"a\": 1}\n{\"a\": 2}\n{\"a\": 3}\n".utf8), name: "data.jsonl")
        let copy = TemporaryFile([], name: name)
        try TableWriter.write(try Table(contentsOf: source.path), to: copy.path)
        try TableWriter.write(
            try Table(contentsOf: copy.path), rows: [0, 2], adding: [AddedColumn(name: "b", values: ["x", "y"])], to: copy.path)
        let found = try Table(contentsOf: copy.path)
        #expect(found.texts == [["1", "3"], ["x", "y"]])
        #expect(found.format.rawValue == (name == "data.csv" ? "csv" : name == "data.jsonl" ? "json-lines" : "parquet"))
    }

    @Test(arguments: ["data.jsonl", "data.parquet"])
    func `a file that has changed since it was read is an error, and what was there is kept`(name: String) throws {
        let source = TemporaryFile(Array("{\"a\": 1}\n{\"a\": 2}\n".utf8), name: "data.jsonl")
        let copy = TemporaryFile([], name: name)
        try TableWriter.write(try Table(contentsOf: source.path), to: copy.path)
        let table = try Table(contentsOf: copy.path)
        try TableWriter.write(try Table(contentsOf: source.path), rows: [0], to: copy.path)
        let target = TemporaryFile(Array("kept".utf8), name: "out.csv")
        do throws(TableError) {
            try TableWriter.write(table, to: target.path)
            Issue.record("written")
        } catch {
            #expect(error.description == "\(copy.path): has changed since it was read: read it again")
        }
        #expect(try target.read() == "kept")
    }
}
