import Testing

@testable import Tables

/// Rows out are rows in, and a column that is said to be text keeps what the file has.
@Suite struct OwnTextTests {
    private func csv(_ name: String, adding: [AddedColumn] = []) throws -> [String] {
        let copy = TemporaryFile([], name: "copy.csv")
        try TableWriter.write(try Table(contentsOf: fixture(name)), adding: adding, to: copy.path)
        return try copy.read().split(separator: "\n").map(String.init)
    }

    @Test func `every stored value of an Arrow file has its exact text in CSV`() throws {
        let copy = TemporaryFile([], name: "copy.csv")
        try TableWriter.write(try Table(contentsOf: fixture("exact.arrow")), to: copy.path)
        #expect(try fields(copy.path) == fields(fixture("exact.csv")))
    }

    @Test func `values of a database and of a workbook stand in CSV as they stand there`() throws {
        #expect(
            try csv("exact.sqlite") == [
                "id,version,amount,mixed", "1234567890123456701,1.10,0.1,9007199254740993",
                "-9223372036854775808,NA,1e+21,007", ",1e5,5e-324,2.5",
            ])
        #expect(
            try csv("exact.xlsx") == [
                "id,version,at,n", "1234567890123456701,1.10,2024-03-05T06:07:08,0.1", "1234567890123456702,NA,2024-03-06,12",
                "007,1e5,,",
            ])
        let added = AddedColumn(name: "id", values: ["a", "b", "c"])
        #expect(try csv("exact.sqlite", adding: [added])[1] == "1234567890123456701,1.10,0.1,9007199254740993,a")
    }

    @Test(arguments: ["exact.arrow", "exact.parquet", "exact.sqlite", "exact.xlsx"])
    func `a column that is said to be text keeps its digits`(_ name: String) throws {
        let table = try Table(contentsOf: fixture(name), options: .with { $0.kinds = ["id": .text] })
        let first = try #require(table.column(named: "id"))
        #expect(first.kind == .text)
        #expect(["1234567890123456700", "1234567890123456701"].contains(first.text(at: 0)))
        // And so it is where that was learned from another file.
        let again = try Table(contentsOf: fixture(name), schema: table.schema)
        #expect(again.column(named: "id") == first)
    }

    @Test func `whole numbers that would be the same when rounded are ids and stay text, in every format`() throws {
        let ids = (0..<60).map { 1_234_567_890_123_456_700 + $0 }
        let csv = TemporaryFile("id,y\n" + ids.map { "\($0),1\n" }.joined())
        let lines = TemporaryFile(Array(ids.map { "{\"id\": \($0), \"y\": 1}\n" }.joined().utf8), name: "data.jsonl")
        let parquet = TemporaryFile([], name: "data.parquet")
        try TableWriter.write(try Table(contentsOf: csv.path), to: parquet.path)
        for path in [csv.path, lines.path, parquet.path] {
            let table = try Table(contentsOf: path)
            #expect(table.columns[0].numbers == nil)
            #expect((0..<60).map { table.columns[0].text(at: $0) } == ids.map(String.init))
            #expect(table.warnings.contains { $0.code == .roundedNumbers })
        }
        let apart = try Table.of("n,y\n18446744073709551616,1\n9223372036854775808,2\n")
        #expect(apart.columns[0].kind == .integer)
        #expect(apart.warnings.map(\.code) == [.roundedNumbers])
    }

    @Test func `objects of a list are kept byte for byte, and become lines where lines are asked for`() throws {
        let source = TemporaryFile(
            Array("[ {\"id\": 1234567890123456701,\n  \"v\": [1, 2]},\n {\"id\":2, \"t\":\"}]\\\"\"} ]".utf8), name: "data.json")
        let table = try Table(contentsOf: source.path)
        let list = TemporaryFile([], name: "copy.json"), lines = TemporaryFile([], name: "copy.jsonl")
        let added = AddedColumn(name: "p", values: .numbers([0.5, 2]))
        try TableWriter.write(table, adding: [added], to: list.path)
        #expect(
            try list.read()
                == "[\n{\"id\": 1234567890123456701,\n  \"v\": [1, 2], \"p\": 0.5},\n{\"id\":2, \"t\":\"}]\\\"\",\"p\":2.0}\n]\n")
        try TableWriter.write(table, rows: [0], to: lines.path)
        #expect(try lines.read() == "{\"id\": 1234567890123456701,   \"v\": [1, 2]}\n")
    }
}
