import Testing

@testable import Tables

/// Small files of which other readers get many wrong: is the first line names or data, and where does the data begin?
@Suite struct HeaderTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let text: String, names: [String], rows: Int
        var isUnsure = false
        var testDescription: String { text.debugDescription }

        init(_ lines: String, _ names: String, _ rows: Int, unsure: Bool = false, end: String = "\n") {
            text = lines.replacing("/", with: end) + end
            self.names = names.split(separator: " ").map { String($0) }
            (self.rows, isUnsure) = (rows, unsure)
        }
    }

    static let cases = [
        Case("a,b/1,x/2,y/3,z", "a b", 3),
        Case("1,2/3,4/5,6", "column_1 column_2", 3),
        Case("country,2019,2020/FR,1,2/DE,3,4", "country 2019 2020", 2),
        Case("2019,2020,2021/1.5,2.5,3.5/4.5,5.5,6.5", "2019 2020 2021", 2),
        Case("site,2024-01-01,2024-01-02/A,5,6/B,7,8", "site 2024-01-01 2024-01-02", 2),
        Case("name,city/Ann,Oslo/Bob,Rome", "name city", 2, unsure: true),
        Case("Ann,Oslo/Bob,Rome/Cid,Bonn", "Ann Oslo", 2, unsure: true),
        Case(",a,b/0,1,2/1,3,4", "index a b", 2),
        Case("a,,c/1,2,3/4,5,6", "a column_2 c", 2),
        Case("a,NA,null/1,2,3/4,5,6", "a NA null", 2),
        Case("a,a,b/1,2,3/4,5,6", "a a_2 b", 2),
        Case("a,b,/1,2,/3,4,", "a b", 2),
        Case("a,b/1,2,/3,4,", "a b", 2),
        Case("a,b/r1,1,2/r2,3,4", "index a b", 2),
        Case("sep=;/a;b/1;2/3;4", "a b", 2),
        Case("\"sep=;\"/a;b/1;2/3;4", "a b", 2),
        Case("a,b/1,2/a,b/3,4", "a b", 2),
        Case("My report/made 2024//a,b,c/1,2,3/4,5,6", "a b c", 2),
        Case("# note, x/a,b/1,2/3,4", "a b", 2),
        Case("#a,b/1,2/3,4", "a b", 2),
        Case("a;b/1,5;2/2,5;3", "a b", 2),
        Case("a,b,c", "a b c", 0, unsure: true),
        Case("name/Ann/Bob", "name", 2, unsure: true),
        Case("x/1/2/3", "x", 3),
        Case("a,b,c/1,2,3/4,5,6/Total: 2", "a b c", 2),
        Case("\"1\",\"2\"/\"3\",\"4\"", "column_1 column_2", 2),
        Case("a, b, c/1, 2, 3/4, 5, 6", "a b c", 2),
        Case("a  b  c/1  2  3/4  5  6", "a b c", 2),
        Case("true,2024-01-01/false,2024-01-02", "column_1 column_2", 2),
        Case("1,2,3", "column_1 column_2 column_3", 1),
        Case("\u{feff}a,b/1,2/3,4", "a b", 2, end: "\r\n"),
        Case("a|b/1|2,5/3|4,5", "a b", 2),
        // Their neighbours.
        Case("a,b/1,2/3,4", "a b", 2, end: "\r"),
        Case("NA,EU,US/1,2,3/4,5,6", "NA EU US", 2),
        Case("0,1,2,3,target/0.1,0.2,0.3,0.4,1/0.5,0.6,0.7,0.8,0/0.9,0.1,0.2,0.3,1", "0 1 2 3 target", 3),
        Case("id;when;price/1;01.02.2024;1.234,50/2;13.02.2024;2.000,75", "id when price", 2),
        Case("sep=\t/a\tb/1\t2", "a b", 1),
        Case("a~b~c/1~2~3/4~5~6", "a b c", 2),
        Case("a\u{1}b\u{1}c/1\u{1}2\u{1}3/4\u{1}5\u{1}6", "a b c", 2),
        Case("id,name,price,/1,ann,2.5,/2,bob,3.5,", "id name price", 2),
        Case("when,v/10:30,1/11:45,2", "when v", 2),
        Case("-0.5,1/0.25,2", "column_1 column_2", 2),
        // What reports and spreadsheets write above a table.
        Case("Account;DE00/Period;January//Day;Name;Sum/02.01.2024;X;-12,50/15.01.2024;Y;3.210,00", "Day Name Sum", 2),
        Case("Account;DE00//Day;Name;Sum/02.01.2024;X;-12,50/15.01.2024;Y;3.210,00", "Day Name Sum", 2),
        Case("Sales of 2024,,/made by Ann,,/,,/region,units,price/North,12,2.5/South,7,3.5", "region units price", 2),
        Case("Title,/a,b/1,2/3,4", "a b", 2),
        Case("Report, made by Ann/x,y,z/1,2,3/3,4,5", "x y z", 2),
        Case("\u{feff}\u{feff}a,b/1,2", "a b", 1),
        // What looks like it and is data.
        Case("when,who/r1,2024-01-05,Ann/r2,2024-02-05,Bob", "index when who", 2),
        Case("a,b,c/x,y,z/1,2,3", "a b c", 2, unsure: true),
        // Remarks above a table and within it.
        Case("# logger 7/t   temp/0    21.5/10   21.7/# set anew/20   -3.25", "t temp", 3),
        Case("# made today/a,b/1,2/# next, please/3,4/5,6", "a b", 3),
        Case("# made today/# a b c/1 2 3/# gap/4 5 6", "a b c", 2),
        Case("# colours/name,share/#ff0000,1/#00ff00,2/#0000ff,3", "name share", 3),
    ]

    @Test(arguments: cases) func `the first line is what a person takes it for`(_ one: Case) throws {
        let table = try Table.of(one.text)
        #expect(table.columns.map(\.name) == one.names)
        #expect(table.rowCount == one.rows)
        #expect(table.warnings.contains { $0.code == .unsureHeader } == one.isUnsure)
    }

    @Test func `units below the names are left out, with a word about it`() throws {
        let table = try Table.of("t,v\ns,m/s\n0,1.5\n1,2.5\n")
        #expect(table.columns.map(\.name) == ["t", "v"])
        #expect(table.rowCount == 2)
        #expect(table.columns.map(\.kind) == [.integer, .numeric])
        #expect(table.warnings.map(\.message).contains { $0.contains("units (s, m/s)") })
    }

    @Test func `units, remarks and names that come again do not hide each other`() throws {
        let table = try Table.of("# sensor\nt v\ns m/s\n0   1.5\n1   2.5\nt v\n2 3.5\n")
        #expect(table.columns.map(\.name) == ["t", "v"])
        #expect(table.columns.map(\.numbers) == [[0, 1, 2], [1.5, 2.5, 3.5]])
        #expect(table.reading.leftOut == 3)
    }

    @Test func `what stands above a table of as many fields is left out, with a word about it`() throws {
        let table = try Table.of("Sales of 2024,,\nmade by Ann,,\nregion,units,price\nNorth,12,2.5\nSouth,7,3.5\n")
        #expect(table.reading.skippedAbove == 2)
        #expect(
            table.warnings.map(\.message) == ["2 lines above the names ('Sales of 2024') are left out: --skip-rows 0 reads them"])
        let options = ReadOptions.with { $0.skippedLines = 0 }
        let all = try Table.of("Sales of 2024,,\nregion,units,price\nNorth,12,2.5\nSouth,7,3.5\n", options: options)
        #expect(all.reading.skippedAbove == 0)
    }

    @Test func `two tables in one file are an error and not the second of them`() {
        let error = readingError("a,b\n1,2\n3,4\n\nc,d,e\n5,6,7\n8,9,10\n")
        #expect(error == "data.csv:2:2: expected 3 fields, found 2: add the missing fields or quote the text")
    }

    @Test func `a last row that sums up the others is a row, with a word about it`() throws {
        let table = try Table.of("region,units\nNorth,12\nSouth,7\nTotal,19\n")
        #expect(table.rowCount == 3)
        #expect(table.warnings.map(\.code) == [.totalRow])
        #expect(table.warnings.first?.message.contains("--rows 2") == true)
        #expect(try Table.of("region,units\nTotal,12\nSouth,7\nTotal,19\n").warnings.isEmpty)
        #expect(try Table.of("kind,text\na,x\nb,y\ntotal,z\n").warnings.map(\.code) == [.unsureHeader])
    }

    @Test func `remarks within a table are counted and are no rows of it`() throws {
        let table = try Table.of("# made today\na,b\n1,2\n# next, please\n3,4\n5,6\n")
        #expect(table.columns[0].numbers == [1, 3, 5])
        #expect(table.reading.comments == 1)
    }

    @Test func `a name that comes again a thousand times is numbered at once`() throws {
        let line = [String](repeating: "a", count: 20_000).joined(separator: ",")
        let table = try Table.of(line + "\n" + line.replacing("a", with: "1") + "\n")
        #expect(table.columns.last?.name == "a_20000")
        #expect(try Table.of("a,a,a_2,a\n1,2,3,4\n").columns.map(\.name) == ["a", "a_3", "a_2", "a_4"])
    }

    @Test func `a line break within quotes is part of the value`() throws {
        let table = try Table.of("a,b\n\"x\ny\",1\n\"z\",2\n")
        #expect(table.texts[0] == ["x\ny", "z"])
    }

    @Test func `what is left out is counted`() throws {
        let table = try Table.of("My report\nmade 2024\n\na,b,c\n1,2,3\na,b,c\n4,5,6\nTotal: 2\n")
        #expect(table.rowCount == 2)
        #expect(table.reading.skippedAbove == 3)
        #expect(table.reading.repeatedHeaders == 1)
        #expect(table.reading.skippedBelow == 1)
        #expect(table.warnings.filter { $0.code == .skippedLines }.count >= 2)
    }

    @Test func `a user says which line names the columns, or that none does`() throws {
        let text = "Ann,Oslo\nBob,Rome\nCid,Bonn\n"
        #expect(try Table.of(text, options: ReadOptions(header: ReadOptions.Header.none)).rowCount == 3)
        #expect(try Table.of(text, options: ReadOptions(header: .line(2))).columns.map(\.name) == ["Bob", "Rome"])
        #expect(try Table.of("1,2\n3,4\n", options: ReadOptions(header: .first)).columns.map(\.name) == ["1", "2"])
    }

    @Test func `a decimal comma is one where the delimiter leaves it to be`() throws {
        for text in ["a;b\n1,5;2\n2,5;3\n", "a|b\n1,5|2\n2,5|3\n", "a\tb\n1,5\t2\n2,5\t3\n"] {
            let table = try Table.of(text)
            #expect(table.columns[0].numbers == [1.5, 2.5])
            #expect(table.reading.decimal == ",")
        }
    }

    @Test func `a decimal comma that was learned or said does not part the fields where commas do`() throws {
        let learned = try Table.of("a;y\n1,5;1\n2,5;2\n").schema
        let file = TemporaryFile("a,y\n1,2\n\"2,5\",3\n")
        #expect(try Table(contentsOf: file.path, schema: learned).columns[0].numbers == [1, 2.5])
        let said = try Table.of("a,y\n1,2\n\"2,5\",3\n", options: .with { $0.decimal = "," })
        #expect(said.columns[0].numbers == [1, 2.5])
    }
}
