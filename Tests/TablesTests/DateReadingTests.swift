import Testing

@testable import Tables

@Suite struct DateReadingTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let texts: [String], first: String
        var testDescription: String { texts.joined(separator: " | ") }

        /// - Parameter first: the moment of the first text.
        init(_ texts: String..., first: String) { (self.texts, self.first) = (texts, first) }
    }

    static let cases = [
        Case("2024-03-05", "2024-12-31", first: "2024-03-05"),
        Case("2024/03/05", "2024/12/31", first: "2024-03-05"),
        Case("2024.03.05", "2024.12.31", first: "2024-03-05"),
        Case("20240305", "20241231", first: "2024-03-05"),
        Case("05.03.2024", "06.03.2024", first: "2024-03-05"),
        Case("5.3.2024", "6.3.2024", first: "2024-03-05"),
        Case("13/03/2024", "05/03/2024", first: "2024-03-13"),
        Case("03/13/2024", "03/05/2024", first: "2024-03-13"),
        Case("3/25/24", "3/5/24", first: "2024-03-25"),
        Case("05-Mar-2024", "06-Apr-2024", first: "2024-03-05"),
        Case("5-Jan-24", "6-Feb-24", first: "2024-01-05"),
        Case("05 Mar 2024", "5 March 2024", first: "2024-03-05"),
        Case("March 5, 2024", "August 3, 2018", first: "2024-03-05"),
        Case("Mar 5 2024", "Tue Mar 5 2024", first: "2024-03-05"),
        Case("Tuesday, 5 March 2024", "Wednesday, 6 March 2024", first: "2024-03-05"),
        Case("5. März 2024", "6. Mai 2024", first: "2024-03-05"),
        Case("5 février 2024", "6 août 2024", first: "2024-02-05"),
        Case("2024年3月5日", "2024年12月31日", first: "2024-03-05"),
        Case("2024-03-05 14:30", "2024-03-06 00:00", first: "2024-03-05T14:30:00Z"),
        Case("2024-03-05T14:30:15", "2024-03-05T14:30:16", first: "2024-03-05T14:30:15Z"),
        Case("2024-03-05T14:30:15Z", "2024-03-05T14:30:16Z", first: "2024-03-05T14:30:15Z"),
        Case("2024-03-05T14:30:15+02:00", "2024-07-05T14:30:15+01:00", first: "2024-03-05T12:30:15Z"),
        Case("2024-03-05 14:30:15+02", "2024-07-05 14:30:15+01", first: "2024-03-05T12:30:15Z"),
        Case("2024-03-05 14:30:15.5", "2024-07-05 14:30:15.25", first: "2024-03-05T14:30:15.5Z"),
        Case("2024-03-05 14:30:15,5", "2024-07-05 14:30:15,25", first: "2024-03-05T14:30:15.5Z"),
        Case("3/25/2024 2:30 PM", "3/5/2024 12:05 AM", first: "2024-03-25T14:30:00Z"),
        Case("03/25/2024 02:30:15 pm", "03/05/2024 02:30:15 am", first: "2024-03-25T14:30:15Z"),
        Case("20240305T143015", "20240306T143015", first: "2024-03-05T14:30:15Z"),
        Case("20240305143015", "20240306143015", first: "2024-03-05T14:30:15Z"),
        Case("2024-W10-2", "2024-W11-2", first: "2024-03-05"),
        Case("2024-W10", "2024-W11", first: "2024-03-04"),
        Case("2020-W53-7", "2020-W53-6", first: "2021-01-03"),
        Case("2024-Q1", "2024-Q2", first: "2024-01-01"),
        Case("2024Q3", "2024Q4", first: "2024-07-01"),
        Case("Q1 2024", "Q2 2024", first: "2024-01-01"),
        Case("2024-03", "2024-04", first: "2024-03-01"),
        Case("Mar-2024", "Apr-2024", first: "2024-03-01"),
        Case("Mar 2024", "Apr 2024", first: "2024-03-01"),
        Case("Tue, 05 Mar 2024 14:30:15 GMT", "Wed, 06 Mar 2024 14:30:15 GMT", first: "2024-03-05T14:30:15Z"),
        Case("05/Mar/2024:14:30:15 +0000", "06/Mar/2024:14:30:15 +0000", first: "2024-03-05T14:30:15Z"),
        Case("05Mar2024:14:30:15", "06Mar2024:14:30:15", first: "2024-03-05T14:30:15Z"),
        Case("1709649015000", "1709649016000", first: "2024-03-05T14:30:15Z"),
        Case("2024-03-05", "2024-03-06 10:00", first: "2024-03-05"),
        Case("2024-03-05", "NA", "", "2024-03-06", first: "2024-03-05"),
        Case("2024-03-05", "0000-00-00", "2024-03-06", first: "2024-03-05"),
        Case("31/12/68", "31/12/69", first: "2068-12-31"),
    ]

    @Test(arguments: cases) func `dates are read as people write them`(_ one: Case) throws {
        let table = try Table.of("n;when\n" + (one.texts + one.texts).enumerated().map { "\($0);\"\($1)\"\n" }.joined())
        let column = table.columns[1]
        #expect(column.kind == .date)
        let expected = try #require(CalendarTime.seconds(iso: one.first))
        #expect(column.numbers?[0] == expected, "\(column.text(at: 0) ?? "")")
    }

    @Test(arguments: ["time", "created_at", "epoch"]) func `seconds are dates where the name says so`(_ name: String) throws {
        let table = try Table.of("\(name),v\n1709649015,1\n1709649016,2\n1709649050,2\n")
        #expect(table.columns[0].kind == .date)
        #expect(table.columns[0].numbers?[0] == 1_709_649_015)
        #expect(try Table.of("phone,v\n1709649015,1\n1709649016,2\n").columns[0].kind == .integer)
    }

    static func days(_ texts: [String], options: ReadOptions = ReadOptions()) throws -> Table {
        try Table.of("when,v\n" + texts.enumerated().map { "\($1),\($0)\n" }.joined(), options: options)
    }

    @Test func `the order of day and month is what the whole column bears out`() throws {
        let dayFirst = try Self.days(["05/03/2024", "13/03/2024", "07/03/2024"])
        #expect(dayFirst.columns[0].text(at: 0) == "2024-03-05")
        let monthFirst = try Self.days(["05/03/2024", "03/13/2024", "07/03/2024"])
        #expect(monthFirst.columns[0].text(at: 0) == "2024-05-03")
        #expect((dayFirst.warnings + monthFirst.warnings).isEmpty)
    }

    @Test func `dates that ask for both orders stay text, with one of each named`() throws {
        let table = try Self.days(["05/03/2024", "13/03/2024", "03/13/2024"])
        #expect(table.columns[0].numbers == nil)
        let warning = try #require(table.warnings.first { $0.code == .mixedColumn })
        #expect(warning.message.contains("13/03/2024") && warning.message.contains("03/13/2024"))
    }

    @Test func `dates that fit both orders say which was taken and how to take the other`() throws {
        let table = try Self.days(["05/03/2024", "06/03/2024", "07/03/2024", "01/02/2024"])
        #expect(table.columns[0].text(at: 0) == "2024-03-05")
        let warning = try #require(table.warnings.first { $0.code == .ambiguousDates })
        #expect(warning.message.contains("--date-format mdy"))
        let told = try Self.days(["05/03/2024", "06/03/2024"], options: .with { $0.dateFormat = "mdy" })
        #expect(told.columns[0].text(at: 0) == "2024-05-03")
        let pattern = try Self.days(["05x03x2024", "06x03x2024"], options: .with { $0.dateFormat = "%mx%dx%Y" })
        #expect(pattern.columns[0].text(at: 0) == "2024-05-03")
    }

    @Test func `another date column that leaves no doubt decides`() throws {
        let table = try Table.of("from,to\n03/04/2024,04/13/2024\n05/06/2024,06/25/2024\n")
        #expect(table.columns[0].text(at: 0) == "2024-03-04")
        #expect(table.warnings.allSatisfy { $0.code != .ambiguousDates })
    }

    @Test func `two-digit years of a log in the order of time are not taken for days`() throws {
        // A year of days, written day first: month first only 40 % are dates, year first they span 31 years.
        var texts: [String] = []
        for month in 1...12 {
            for day in 1...28 { texts.append("\(day < 10 ? "0" : "")\(day)/\(month < 10 ? "0" : "")\(month)/11") }
        }
        let table = try Self.days(texts)
        #expect(table.columns[0].text(at: 0) == "2011-01-01")
        #expect(table.columns[0].text(at: texts.count - 1) == "2011-12-28")
        // Its first days alone: the order of the rows decides.
        let january = try Self.days((1...12).map { "\($0 < 10 ? "0" : "")\($0)/01/11" })
        #expect(january.columns[0].text(at: 11) == "2011-01-12")
    }

    @Test func `a span that no data has is said`() throws {
        let table = try Self.days(["0024-03-05", "0025-03-05"])
        #expect(table.warnings.contains { $0.code == .unlikelyDates })
    }

    @Test func `a file is read by what was learned of another`() throws {
        let learned = try Self.days(["02/05/2023", "25/10/2023"])
        let file = TemporaryFile("when,v\n03/11/2023,1\n11/03/2023,2\noops,3\n")
        let table = try Table(contentsOf: file.path, schema: learned.schema)
        #expect((0..<3).map { table.columns[0].text(at: $0) } == ["2023-11-03", "2023-03-11", nil])
        let warning = try #require(table.warnings.first { $0.code == .strayValues })
        #expect(warning.message.contains("'oops' (line 4)"))
    }
}
