import Testing

@testable import Tables

@Suite struct NumberSpellingTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let texts: [String], numbers: [Double]?
        let kind: ColumnKind?
        var testDescription: String { texts.joined(separator: " | ") }

        init(_ texts: String..., is numbers: [Double]?, _ kind: ColumnKind? = nil) {
            (self.texts, self.numbers, self.kind) = (texts, numbers, kind)
        }
    }

    /// Read as columns of a file whose delimiter is a semicolon.
    static let cases = [
        Case("1,234.5", "2,345.75", "12", is: [1234.5, 2345.75, 12], .numeric),
        Case("12,34,567", "1,23,45,678", is: [1_234_567, 12_345_678]),
        Case("1.234,5", "12.345.678,25", "7", is: [1234.5, 12_345_678.25, 7]),
        Case("1 234,5", "12 345,25", "7,5", is: [1234.5, 12_345.25, 7.5]),
        Case("1\u{a0}234,5", "2\u{202f}345,5", "3\u{2009}456,5", is: [1234.5, 2345.5, 3456.5]),
        Case("1'234.5", "2’345.5", is: [1234.5, 2345.5]),
        Case("1_000", "2_500", is: [1000, 2500], .integer),
        Case("$1,234.50", "$5.00", "-$3.25", is: [1234.5, 5, -3.25]),
        Case("€5", "€7.50", is: [5, 7.5]),
        Case("5 €", "7,50 €", is: [5, 7.5]),
        Case("12%", "12.5 %", "0%", is: [0.12, 0.125, 0]),
        Case("(3)", "(1,234.5)", "7", is: [-3, -1234.5, 7]),
        Case("–5", "3", "–", is: [-5, 3, .nan]),
        Case("(12,50)", "3,00", is: [-12.5, 3]),
        Case("(1,2)", "(3,4)", is: nil),
        Case("5-", "3", "7.5-", is: [-5, 3, -7.5]),
        Case("−5", "−3.5", is: [-5, -3.5]),
        Case("+5", "-3", is: [5, -3], .integer),
        Case("1e5", "1E+05", "1.5e-3", "1.", is: [1e5, 1e5, 1.5e-3, 1]),
        Case(".", "0.5", "1.5", is: [.nan, 0.5, 1.5]),
        Case("\\N", "5", "6", is: [.nan, 5, 6], .integer),
        Case("-", "5", "--", "6", is: [.nan, 5, .nan, 6], .integer),
        Case("none", "2.5", "missing", "3.5", "N.A.", is: [.nan, 2.5, .nan, 3.5, .nan]),
        Case("#DIV/0!", "2.5", "#VALUE!", "#REF!", is: [.nan, 2.5, .nan, .nan]),
        Case("-1.#IND", "1.5", is: [.nan, 1.5]),
        Case("NaN", "nan", "NAN", "1.5", is: [.nan, .nan, .nan, 1.5]),
        Case("inf", "-Infinity", "1.5", is: [.infinity, -.infinity, 1.5]),
        Case("1e400", "1", is: [.infinity, 1]),
        Case("18446744073709551616", "9223372036854775808", is: [18_446_744_073_709_551_616, 9_223_372_036_854_775_808]),
        Case("10:30", "23:15", is: [37_800, 83_700]),
        Case("2:30 PM", "12:05 AM", is: [52_200, 300]),
        Case("1:02:03.5", "27:00:00", is: [3723.5, 97_200]),
        Case("P1DT2H", "PT30M", is: [93_600, 1800]),
        Case("2 days 03:04:05", "0 days 00:00:01", is: [183_845, 1]),
        // What is no number stays text.
        Case("1d5", "2d5", is: nil), Case("0x1F", "0x2A", is: nil), Case("½", "¼", is: nil), Case("1/2", "3/4", is: nil),
        Case("007", "012", is: nil, .categorical), Case("12 34", "56 78", is: nil), Case("1.2.3", "4.5.6", is: nil),
        Case("192.168.0.1", "10.0.0.7", is: nil), Case("5 kg", "7 kg", is: nil), Case("1-2", "3-4", is: nil),
        Case("1,234.5", "1.234,5", is: nil), Case("555-1234", "555-9876", is: nil), Case("v1.5", "v2.5", is: nil),
    ]

    @Test(arguments: cases) func `numbers are read as people write them`(_ one: Case) throws {
        let texts = one.texts + one.texts
        let table = try Table.of("key;x\n" + texts.enumerated().map { "\($0);\($1)\n" }.joined())
        let column = table.columns[1]
        if let numbers = one.numbers {
            let read = try #require(column.numbers, "\(column.kind)")
            let wanted = (numbers + numbers).map { $0 }
            #expect(zip(read, wanted).allSatisfy { $0 == $1 || $0.isNaN && $1.isNaN }, "\(read)")
        } else {
            #expect(column.numbers == nil, "\(column.numbers ?? [])")
            #expect((0..<texts.count).map { column.text(at: $0) } == texts)
        }
        if let kind = one.kind { #expect(column.kind == kind) }
    }

    @Test func `what could be read either way says so, and other columns decide it`() throws {
        let alone = try Table.of("a;b\n1,234;x\n2,345;y\n")
        let warning = try #require(alone.warnings.first { $0.code == .ambiguousNumbers })
        #expect(warning.message.contains("--decimal"))
        let beside = try Table.of("a;b\n1,234;0,5\n2,345;0,75\n")
        #expect(beside.columns[0].numbers == [1.234, 2.345])
        #expect(beside.warnings.allSatisfy { $0.code != .ambiguousNumbers })
        let points = try Table.of("a;b\n1,234;0.5\n2,345;0.75\n")
        #expect(points.columns[0].numbers == [1234, 2345])
    }

    @Test func `a user's decimal mark and thousands rule`() throws {
        let text = "a;b\n1.234;1\n2.345;2\n"
        #expect(try Table.of(text).columns[0].numbers == [1.234, 2.345])
        #expect(
            try Table.of(text, options: .with { ($0.decimal, $0.thousands) = (",", .character(".")) }).columns[0].numbers == [
                1234, 2345,
            ])
    }

    @Test func `a few strays are missing values named with their places, many make text with a word about it`() throws {
        func table(_ strays: Int) throws -> Table {
            let rows = (0..<3000).map { $0 % 1000 < strays ? "oops" : "\($0)" }
            return try Table.of("a,b\n" + rows.map { "\($0),1\n" }.joined())
        }
        let few = try table(1)
        #expect(few.columns[0].kind == .integer)
        #expect(few.columns[0].missingCount == 3)
        let warning = try #require(few.warnings.first { $0.code == .strayValues })
        #expect(warning.message.contains("3 values") && warning.message.contains("'oops' (line 2, line 1002, line 2002)"))
        let many = try table(30)
        #expect(many.columns[0].numbers == nil)
        let mixed = try #require(many.warnings.first { $0.code == .mixedColumn })
        #expect(mixed.message.contains("90 values") && mixed.message.contains("--type"))
        let told = try Table.of(
            "a,b\n1,1\noops,2\n3,3\n", options: ReadOptions.with { $0.kinds = ["a": .numeric] })
        #expect(told.columns[0].missingCount == 1)
    }

    @Test func `strict reading refuses what does not fit, with its place`() throws {
        var options = ReadOptions.with { $0.kinds = ["a": .numeric] }
        options.isStrict = true
        let file = TemporaryFile("a,b\n1,1\noops,2\n")
        let error = #expect(throws: TableError.self) { try Table(contentsOf: file.path, options: options) }
        #expect(error?.code == .valueUnusable)
        #expect(error?.message.contains("line 3: 'oops' of column 'a'") == true)
    }
}
