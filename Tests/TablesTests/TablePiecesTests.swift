import Tables
import TemporaryFolders
import Testing

@Suite struct TablePiecesTests {
    private let scratch: TemporaryFolder

    init() throws { scratch = try TemporaryFolder() }

    private func texts(_ table: Table, _ column: Int) -> [String?] {
        (0..<table.rowCount).map { table.columns[column].text(at: $0) }
    }

    /// The pieces of a file, one behind the other, are the file.
    private func check(_ path: String, options: ReadOptions = ReadOptions()) throws -> TablePieces {
        var pieces = try TablePieces(path: path, options: options)
        while !pieces.isComplete { try pieces.extend(by: 1 << 20) }
        let whole = try Table(contentsOf: path, options: options)
        try #require(pieces.rowCount == whole.rowCount)
        for column in whole.columns.indices {
            let parts = try (0..<pieces.count).flatMap { texts(try pieces.table($0), column) }
            #expect(parts == texts(whole, column), "column \(whole.columns[column].name)")
        }
        for row in [0, whole.rowCount / 2, whole.rowCount - 1] {
            let piece = try #require(pieces.piece(of: row))
            #expect(pieces.rows(of: piece).contains(row))
        }
        #expect(pieces.piece(of: whole.rowCount) == nil && pieces.piece(of: -1) == nil)
        return pieces
    }

    @Test func `text with remarks, blank lines, headers that come again and quoted line breaks is cut at records`() throws {
        var text = "# made by hand\nid;when;amount;note\n"
        for row in 0..<30_000 {
            text += "\(row);\(1 + row % 28).03.2024;\(row % 50),5;\(row % 100 == 3 ? "\"a;\nb\"" : "c")\n"
            if row % 7000 == 6999 { text += "\n# more\nid;when;amount;note\n" }
        }
        let pieces = try check(try scratch.write(text, as: "odd.csv"))
        #expect(pieces.count > 2 && !pieces.isInMemory)
        #expect(pieces.sample.columns.map(\.kind) == [.integer, .date, .numeric, .categorical])
    }

    @Test func `text in Latin-1 is cut as well`() throws {
        let line = Array("Zürich,1\n".unicodeScalars.map { UInt8($0.value) })
        let path = try scratch.write(Array("town,n\n".utf8) + (0..<40_000).flatMap { _ in line }, as: "latin.csv")
        let pieces = try check(path)
        #expect(pieces.count > 1)
        #expect(texts(try pieces.table(1, asWritten: true), 0).first == "Zürich")
    }

    @Test func `what stands in the file is shown as it stands`() throws {
        let path = try scratch.write("a,b,c\n1.50,01/02/2024,NA\n2e3,03/02/2024,x\n", as: "few.csv")
        let table = try TablePieces(path: path).table(0, asWritten: true)
        #expect(texts(table, 0) == ["1.50", "2e3"] && texts(table, 1) == ["01/02/2024", "03/02/2024"])
        #expect(texts(table, 2) == [nil, "x"])
    }

    @Test func `Parquet is cut at its row groups`() throws {
        let count = 300_000
        let made = Table(columns: [
            Column(name: "n", kind: .integer, storage: .numbers((0..<count).map { $0 % 7 == 0 ? .nan : Double($0) })),
            Column(
                name: "t", kind: .categorical,
                storage: .codes((0..<count).map { Int32($0 % 5) }, dictionary: ["a", "b", "c", "d", "e"])),
        ])
        let path = scratch.path + "/groups.parquet"
        try TableWriter.write(columnsOf: made, to: path)
        let pieces = try check(path)
        #expect(pieces.isComplete)
    }

    @Test func `other formats and packed files are one piece`() throws {
        let path = try scratch.write("{\"a\": 1}\n{\"a\": 2}\n", as: "few.jsonl")
        let pieces = try check(path)
        #expect(pieces.count == 1 && pieces.isInMemory)
    }

    @Test func `a file that changed is told`() throws {
        let path = try scratch.write("a\n" + (0..<1000).map { "\($0)\n" }.joined(), as: "t.csv")
        let pieces = try TablePieces(path: path)
        try scratch.write("a\n1\n", as: "t.csv")
        let error = #expect(throws: TableError.self) { try pieces.table(0) }
        #expect(error?.code == .unreadable)
    }

    @Test func `an open quote is told with its place`() throws {
        // Larger than what is read whole.
        let text = "a,b\n" + String(repeating: "1,x\n", count: 2_500_000) + "2,\"open\n" + String(repeating: "3,y\n", count: 10)
        var pieces = try TablePieces(path: try scratch.write(text, as: "open.csv"))
        let error = #expect(throws: TableError.self) { while !pieces.isComplete { try pieces.extend(by: 1 << 22) } }
        #expect(error?.code == .openQuote && error?.line == 2_500_002)
    }
}
