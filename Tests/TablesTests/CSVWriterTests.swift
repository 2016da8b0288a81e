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

    /// What a file becomes with the column `p` added, whose values are 7, 8 and so on.
    private func added(_ bytes: [UInt8]) throws -> [UInt8] {
        let file = TemporaryFile(bytes), copy = TemporaryFile([], name: "copy.csv")
        let table = try Table(contentsOf: file.path)
        let values = (0..<table.rowCount).map { String($0 + 7) }
        try TableWriter.write(table, adding: [AddedColumn(name: "p", values: values)], to: copy.path)
        let written = try FileBytes(path: copy.path)
        return withExtendedLifetime(written) { [UInt8](written.bytes) }
    }

    @Test func `what stands above the names, below them and around the records stays`() throws {
        func text(_ text: String) throws -> String { String(decoding: try added(Array(text.utf8)), as: UTF8.self) }
        #expect(try text("My report\nmade 2024\n\na,b\n1,2\n3,4\n") == "My report\nmade 2024\n\na,b,p\n1,2,7\n3,4,8\n")
        #expect(try text("t;v\ns;m/s\n0;1,5\n1;2,5\n") == "t;v;p\ns;m/s;\n0;1,5;7\n1;2,5;8\n")
        #expect(try text("\u{feff}a,b\r\n1,2\r\n") == "\u{feff}a,b,p\r\n1,2,7\r\n")
        #expect(try text("a,b\r1,2\r3,4\r") == "a,b,p\r1,2,7\r3,4,8\r")
        #expect(try text("a  b\n1  2\n3  4\n") == "a  b p\n1  2 7\n3  4 8\n")
        // A delimiter too many stays at the end of the line.
        #expect(try text("a,b,\n1,2,\n3,4,\n") == "a,b,p,\n1,2,7,\n3,4,8,\n")
        #expect(try text("a,b\n1,2,\n3,4,\n") == "a,b,p\n1,2,7,\n3,4,8,\n")
        #expect(try text("a,b\nr1,1,2\nr2,3,4\n") == "a,b,p\nr1,1,2,7\nr2,3,4,8\n")
    }

    @Test func `text is written back in the encoding it came in`() throws {
        let latin = Array("w,n\nf".utf8) + [0xFC] + Array("r,1\n".utf8)
        #expect(try added(latin) == Array("w,n,p\nf".utf8) + [0xFC] + Array("r,1,7\n".utf8))
        // Bytes that are no character of the page are kept too.
        let hole = Array("w,n\nf".utf8) + [0xFC, 0x81, 0x80] + Array("r,1\n".utf8)
        #expect(try added(hole) == Array("w,n,p\nf".utf8) + [0xFC, 0x81, 0x80] + Array("r,1,7\n".utf8))
        let wide = "\u{feff}w,n\nfür,1\n漢,2\n".utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
        let expected = "\u{feff}w,n,p\nfür,1,7\n漢,2,8\n".utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
        #expect(try added(wide) == expected)
    }
}
