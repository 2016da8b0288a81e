import Numerics
import Testing

@testable import Tables

@Suite struct LibSVMReaderTests {
    @Test func `what scikit-learn writes gives the table that CSV gives, counted as the file says`() throws {
        let zero = try Table(contentsOf: fixture("libsvm-zero.svm"))
        #expect(zero.format == .libsvm)
        #expect(zero.warnings == [])
        expectSame(zero, try Table(contentsOf: fixture("libsvm.csv")), "zero-based")
        expectSame(
            try Table(contentsOf: fixture("libsvm-one-qid.svm")), try Table(contentsOf: fixture("libsvm-qid.csv")), "one-based")
    }

    @Test func `a feature numbered 0 anywhere makes the first column f0`() throws {
        let one = try Table.of("1 1:0.5 2:1\n-1 3:2\n")
        #expect(one.columns.map(\.name) == ["f1", "f2", "f3", "label"])
        #expect(one.texts == [["0.5", "0"], ["1", "0"], ["0", "2"], ["1", "-1"]])
        #expect(one.columns.map(\.kind) == [.numeric, .integer, .integer, .integer])
        let zero = try Table.of("1 1:0.5 2:1\n-1 3:2\n1 0:7\n")
        #expect(zero.columns.map(\.name) == ["f0", "f1", "f2", "f3", "label"])
    }

    @Test func `comments, blank lines, rows of zeros, other orders and missing values are read`() throws {
        let table = try Table.of("# a\r\n+1 3:1 1:nan # b\r\n\r\n2.5\r\n0\t2:1e3  3:-.5#c")
        #expect(table.format == .libsvm)
        #expect(table.texts == [[nil, "0", "0"], ["0", "0", "1000"], ["1", "0", "-0.5"], ["1", "2.5", "0"]])
    }

    @Test(arguments: [
        "1 10:30\n2 11:45\n3 12:00\n", "1 9:05\n", "a b\n1 2:3\n", "5 10:30 11:00\n6 10:45 12:15\n", "1 2\n3 4\n",
        "10:30 1\n11:45 2\n",
        "1,2:3\n", "x,1 1:5\n", "1 10:30:00\n2 10:31:00\n", "1 2:3\n4 5:6 note\n",
    ])
    func `times and other text with colons are no libsvm`(text: String) throws {
        #expect(try Table.of(text).format == .csv)
    }

    @Test func `a model's columns decide which columns there are`() throws {
        let schema = try Table.of("1 1:0.5 4:1\n").schema
        let narrow = try Self.table("0 2:3\n", schema)
        #expect(narrow.columns.map(\.name) == ["f1", "f2", "f3", "f4", "label"])
        #expect(narrow.texts.map { $0[0] } == ["0", "3", "0", "0", "0"])
        let wide = try Self.table("0 2:3 6:1 9:1\n", schema)
        #expect(wide.columns.map(\.name) == ["f1", "f2", "f3", "f4", "label"])
        #expect(wide.warnings.map(\.code) == [.extraColumns])
        #expect(wide.warnings[0].message == "the model does not know f6, f9, 2 in all: what stands in them is left out")
        #expect(throws: TableError.self) { try Self.table("0 0:3\n", schema) }
        let zero = try Self.table("0 1:3\n", try Table.of("1 0:0.5 2:1\n").schema)
        #expect(zero.columns.map(\.name) == ["f0", "f1", "f2", "label"])
    }

    @Test func `only as many rows are read as are asked for`() throws {
        var options = ReadOptions()
        options.rowLimit = 2
        let table = try Table.of("1 1:5\n2 1:6\n3 7:7\n", options: options)
        #expect(table.rowCount == 2)
        #expect(table.reading.isCut)
        options.rowLimit = 3
        #expect(try !Table.of("1 1:5\n2 1:6\n3 7:7\n", options: options).reading.isCut)
    }

    @Test func `what cannot be read is refused with its line`() {
        let good = "1 1:0.5\n1 2:0.5\n"
        let many = String(repeating: good, count: 20)
        #expect(
            readingError("1,3 1:0.5 2:7\n")
                == "data.csv:1: a row with several labels, which cannot be learned: write one label a row")
        #expect(
            readingError(many + "x 1:0.5\n") == "data.csv:41: expected a number as the label: write 0 where none is known")
        #expect(
            readingError(many + "\n1 1:0.5 2\n")
                == "data.csv:42: expected number:value, found '2': give each feature its number, a colon and its value")
        #expect(readingError(many + "1 -1:2\n").contains("found '-1:2'"))
        #expect(readingError(many + "1 12345678901:2\n").contains("found '12345678901:2'"))
        #expect(readingError("1 2:1 1:1 2:5\n1 1:3\n") == "data.csv:1: feature 2 stands twice: give each feature once a row")
        #expect(
            readingError(many + "1 999999999:2\n")
                == "data.csv: has a feature numbered 999999999: only those below 262144 can be columns; number them anew")
    }

    @Test func `damaged bytes are read or refused, and never more`() throws {
        var random = RandomSource(seed: 15)
        let whole = try fixtureBytes("libsvm-one-qid.svm")
        for _ in 0..<500 {
            var bytes = whole
            for _ in 0..<3 { bytes[random.integer(below: bytes.count)] = UInt8(random.integer(below: 128)) }
            if let error = readingError(bytes: bytes) { #expect(!error.message.isEmpty) }
        }
    }

    private static func table(_ text: String, _ schema: TableSchema) throws -> Table {
        let file = TemporaryFile(text)
        defer { withExtendedLifetime(file) {} }
        return try Table(contentsOf: file.path, schema: schema)
    }
}
