import Exploring
import Searching
import Tables
import TemporaryFolders
import Testing

@Suite struct BrowsedRowsTests {
    private let scratch: TemporaryFolder

    init() throws { scratch = try TemporaryFolder() }

    /// A file of several pieces, with what makes records other than lines.
    private func manyRows(_ count: Int) throws -> String {
        var text = "id,score,word,note\n"
        for row in 0..<count {
            let note = row % 1000 == 7 ? "\"two\nlines, \"\"quoted\"\"\"" : row % 3 == 0 ? "" : "plain"
            text += "\(row),\(Double(row % 97) / 8),w\(row % 11),\(note)\n"
            if row % 5000 == 0 { text += "\n" }
        }
        return try scratch.write(text, as: "many.csv")
    }

    private func scanned(_ rows: BrowsedRows, _ search: String, by order: RowOrder? = nil) throws -> RowScan {
        var scan = RowScan(
            try RowSearch(parsing: search, columns: rows.columns), by: order, clock: SearchClock(now: 0))
        while scan.pieceCount < rows.pieces.count { try scan.look(at: rows.pieces) }
        scan.sort()
        return scan
    }

    @Test func `rows of a text in pieces are those of the whole file, as they are written`() throws {
        let path = try manyRows(60_000)
        let rows = try BrowsedRows(path: path)
        #expect(rows.columns.map(\.name) == ["id", "score", "word", "note"])
        #expect(rows.pieces.isComplete && rows.pieces.count > 3)
        #expect(rows.pieces.rowCount == 60_000)
        for row in [0, 1, 7, 1007, 33_333, 59_999] {
            let cells = try rows.cells(rows: [row], columns: [0, 1, 2, 3])[0]
            #expect(cells[0] == "\(row)")
            #expect(cells[1] == "\(Double(row % 97) / 8)")
            #expect(cells[3] == (row % 1000 == 7 ? "two\nlines, \"quoted\"" : row % 3 == 0 ? nil : "plain"))
        }
        #expect(try rows.cells(rows: [59_999, 0], columns: [0]) == [["59999"], ["0"]])
    }

    @Test func `rows of a file that is gone through bit by bit are found as far as it was`() throws {
        let text = "x,y\n" + (0..<1_200_000).map { "\($0),a\n" }.joined()
        let rows = try BrowsedRows(path: try scratch.write(text, as: "large.csv"))
        #expect(rows.pieces.rowCount == 0 && !rows.pieces.isComplete)
        #expect(rows.sample.rowCount > 100)
        try rows.extend(toRow: 10)
        #expect(rows.pieces.rowCount > 10)
        try rows.extend(toRow: 1_199_999)
        #expect(rows.pieces.isComplete && rows.pieces.progress == 1)
        #expect(try rows.cells(rows: [1_199_999], columns: [0, 1]) == [["1199999", "a"]])
    }

    @Test func `a search finds rows of all pieces`() throws {
        let rows = try BrowsedRows(path: try manyRows(60_000))
        let scan = try scanned(rows, "word = w3 and score >= 12")
        let expected = (0..<60_000).filter { (row: Int) -> Bool in row % 11 == 3 && row % 97 >= 96 }
        #expect(scan.rows == expected)
        #expect(scan.rowCount == 60_000)
    }

    @Test func `rows are sorted by numbers and by texts, equal ones as in the file and missing ones last`() throws {
        let text = "n,t\n3,b\n,a\n1,\n3,a\n-2,c\n"
        let rows = try BrowsedRows(path: try scratch.write(text, as: "few.csv"))
        #expect(try scanned(rows, "", by: RowOrder(column: 0)).rows == [4, 2, 0, 3, 1])
        #expect(try scanned(rows, "", by: RowOrder(column: 0, isDescending: true)).rows == [0, 3, 2, 4, 1])
        #expect(try scanned(rows, "", by: RowOrder(column: 1)).rows == [1, 3, 0, 4, 2])
        #expect(try scanned(rows, "has:n", by: RowOrder(column: 1, isDescending: true)).rows == [4, 0, 3, 2])
    }

    @Test func `values that are none of their column's kind are counted where they were not compared`() throws {
        // Behind the first megabyte, by which the column is one of numbers.
        var text = "x,filler\n" + (0..<700_000).map { "\($0),abcdefgh\n" }.joined()
        text += "seven,abcdefgh\n8,abcdefgh\n"
        let rows = try BrowsedRows(path: try scratch.write(text, as: "stray.csv"))
        try rows.extend(toRow: .max)
        let scan = try scanned(rows, "x < 5 or x = 8")
        #expect(scan.rows == [0, 1, 2, 3, 4, 8, 700_001])
        #expect(scan.misfits == ["x": 1])
        #expect(try rows.cells(rows: [700_000], columns: [0]) == [["seven"]])
    }

    @Test func `a table in memory is browsed as well`() throws {
        let rows = BrowsedRows(Table(columns: [Column(name: "a", kind: .integer, storage: .numbers([1, .nan, 3]))]))
        #expect(try rows.cells(rows: [2, 1], columns: [0]) == [["3"], [nil]])
    }
}
