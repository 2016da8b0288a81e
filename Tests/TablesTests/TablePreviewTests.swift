import Testing

@testable import Tables

/// A look at the first records of a file, before it is read.
@Suite struct TablePreviewTests {
    private func preview(
        _ text: String, rows: Int = 5, byteLimit: Int = 64, _ change: (inout ReadOptions) -> Void = { _ in }
    ) throws -> (table: Table, isWhole: Bool) {
        let file = TemporaryFile(text)
        defer { withExtendedLifetime(file) {} }
        var options = ReadOptions()
        options.rowLimit = rows
        change(&options)
        return try Table.preview(of: file.path, options: options, byteLimit: byteLimit)
    }

    private static let lines = (0..<200).map { "\($0),word \($0)\n" }.joined()

    @Test func `of a large file only the beginning is read`() throws {
        let (table, isWhole) = try preview("a,b\n" + Self.lines, rows: 50, byteLimit: 256)
        #expect(table.rowCount == 24 && !isWhole && table.columns.map(\.name) == ["a", "b"])
        #expect(table.column(named: "a")?.numbers?.prefix(3) == [0, 1, 2])
        // From a handful of rows nothing can be told.
        #expect(try preview("a,b\n" + Self.lines, rows: 50).table.rowCount == 48)
        // What stands behind it is not looked at.
        let (damaged, _) = try preview("a,b\n" + Self.lines + "1,2,3,4\n\"", byteLimit: 256)
        #expect(damaged.rowCount == 5)
    }

    @Test func `a small file is read whole`() throws {
        let (table, isWhole) = try preview("a,b\n1,2\n", byteLimit: 1 << 20)
        #expect(table.rowCount == 1 && isWhole)
        let (cut, isCut) = try preview("a,b\n" + Self.lines, byteLimit: 1 << 20)
        #expect(cut.rowCount == 5 && !isCut)
    }

    @Test func `a cut within a quoted field, or before the first line ends, reads on`() throws {
        let long = String(repeating: "x, \n", count: 50)
        let (table, _) = try preview("a,b\n1,\"\(long)\"\n" + Self.lines, rows: 1)
        #expect(table.rowCount == 1 && table.columns[1].text(at: 0)?.hasPrefix("x, \nx, ") == true)
        let names = (0..<100).map { "column \($0)" }.joined(separator: ",")
        let values = (0..<100).map(String.init).joined(separator: ",")
        let (wide, _) = try preview(names + "\n" + String(repeating: values + "\n", count: 9), rows: 2)
        #expect(wide.columns.count == 100 && wide.rowCount == 2)
        // A line without an end.
        let (one, isWhole) = try preview(String(repeating: "y", count: 2000))
        #expect(one.columns.count == 1 && isWhole)
    }

    @Test func `other formats, encodings and faults are as they are when the file is read`() throws {
        let (objects, _) = try preview((0..<50).map { "{\"k\": \($0)}\n" }.joined())
        #expect(objects.format == .jsonLines && objects.rowCount >= 4)
        let wide = TemporaryFile([0xFF, 0xFE] + "a;b\n1;é\n".utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] })
        #expect(try Table.preview(of: wide.path, options: ReadOptions(), byteLimit: 12).table.columns.map(\.name) == ["a", "b"])
        withExtendedLifetime(wide) {}
        let unknown = #expect(throws: TableError.self) { _ = try preview("a,b\n" + Self.lines) { $0.kinds = ["z": .text] } }
        #expect(unknown?.code == .columnNotFound)
        #expect(throws: TableError.self) { _ = try Table.preview(of: "/none.csv", options: ReadOptions()) }
        #expect(throws: TableError.self) { _ = try preview("") }
    }

    /// Such a number is soon typed where the first rows follow every key.
    @Test(.timeLimit(.minutes(1))) func `a line far behind the last one is not gone to line by line`() throws {
        #expect(throws: TableError.self) { _ = try preview("a\n1\n2\n", byteLimit: 64) { $0.header = .line(.max) } }
        #expect(throws: TableError.self) { _ = try preview("a\n1\n2\n", byteLimit: 64) { $0.skippedLines = .max } }
        #expect(try preview("a\n1\n2\n", byteLimit: 64) { $0.header = .line(2) }.table.columns.map(\.name) == ["1"])
    }
}
