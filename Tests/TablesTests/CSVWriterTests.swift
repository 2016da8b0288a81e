import Testing

@testable import Tables

@Suite struct CSVWriterTests {
    static func written(_ text: String, rows: [Int]?, adding: [AddedColumn] = []) throws -> String {
        let source = TemporaryFile(text)
        let target = TemporaryFile([], name: "out.csv")
        let table = try Table(contentsOf: source.path)
        try TableWriter.write(table, rows: rows, adding: adding, to: target.path)
        return try target.read()
    }

    @Test func `chosen records are kept byte for byte, the header too`() throws {
        let text = "\u{feff}name, n\r\n\"a,\r\nb\", 1\r\n\r\nc,2.50\r\nd,3"
        #expect(try Self.written(text, rows: [0, 2]) == "\u{feff}name, n\r\n\"a,\r\nb\", 1\r\nd,3\n")
        #expect(try Self.written("1,2\n3,4\n5,6\n", rows: [1]) == "3,4\n")
        #expect(try Self.written("a\n1\n\n3\n\n", rows: nil) == "a\n1\n\n3\n")
    }

    @Test func `added columns stand behind the record; a file without a header gets one`() throws {
        let prediction = AddedColumn(name: "prediction", values: ["x,y", "2"])
        #expect(
            try Self.written("a,prediction\n1,2\n3,4\n", rows: nil, adding: [prediction])
                == "a,prediction,prediction_2\n1,2,\"x,y\"\n3,4,2\n")
        #expect(
            try Self.written("1;2\n3;4\n", rows: nil, adding: [prediction]) == "column_1;column_2;prediction\n1;2;x,y\n3;4;2\n")
    }

    @Test func `the parts of a split hold all records between them`() throws {
        let source = TemporaryFile("a,b\n" + (0..<50).map { "\($0),\"q\n\($0)\"\n" }.joined())
        let table = try Table(contentsOf: source.path)
        let split = try RowSplit(table, method: .random, fraction: 0.3, seed: 1)
        let (one, two) = (TemporaryFile([], name: "one.csv"), TemporaryFile([], name: "two.csv"))
        try TableWriter.write(table, rows: split.training, to: one.path)
        try TableWriter.write(table, rows: split.heldOut, to: two.path)
        let parts = try [Table(contentsOf: one.path), Table(contentsOf: two.path)]
        #expect(parts.map(\.rowCount) == [35, 15])
        #expect(Set(parts.flatMap { $0.texts[1] }) == Set(table.texts[1]))
    }

    @Test func `a table in memory is written so that it reads back equal`() throws {
        let table = try Table.of("a,b,c\n1,\"x\n\"\"y\"\"\",2020-01-02\n,z,\n")
        let target = TemporaryFile([], name: "out.csv")
        try TableWriter.write(columnsOf: table, to: target.path)
        let copy = try Table(contentsOf: target.path)
        #expect(copy.texts == table.texts)
        #expect(copy.columns.map(\.kind) == table.columns.map(\.kind))
    }

    @Test func `a place that cannot be written and a file that changed are errors`() throws {
        let source = TemporaryFile("a,b\n1,2\n")
        let table = try Table(contentsOf: source.path)
        do throws(TableError) {
            try TableWriter.write(table, to: "/tmp/no-such-folder/x.csv")
            Issue.record("written")
        } catch {
            #expect(
                error.description
                    == "/tmp/no-such-folder/x.csv: cannot be written: No such file or directory: make the folder first")
        }
        try TableWriter.write(columnsOf: Table.of("a,b\n1,3\n"), to: source.path)
        let target = TemporaryFile(Array("kept".utf8), name: "out.csv")
        #expect(throws: TableError.self) { try TableWriter.write(table, to: target.path) }
        #expect(try target.read() == "kept")
    }
}
