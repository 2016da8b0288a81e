import Glibc
import Testing

@testable import Tables

/// What users and hostile testers found: each a kind.
@Suite struct ReadingAgainTests {
    @Test func `points group digits in a file of decimal commas, whole columns and single values`() throws {
        let table = try Table.of("town;people;area;n\nA;123.456;4,34;899\nB;7.890;5,25;1.200\nC;12.345;6,5;2.350\n")
        #expect(table.columns[1].numbers == [123_456, 7890, 12_345])
        #expect(table.columns[3].numbers == [899, 1200, 2350])
        #expect(table.reading.decimal == ",")
        // Where nothing else tells, it is a point, and that is said.
        let alone = try Table.of("a;b\nx;1.234\ny;2.345\n")
        #expect(alone.columns[1].numbers == [1.234, 2.345])
        #expect(alone.warnings.contains { $0.code == .ambiguousNumbers })
        #expect(try Table.of("a;b\nx;1.234\ny;2.5\n").warnings.allSatisfy { $0.code != .ambiguousNumbers })
        #expect(try Table.of("a,b\nx,1.234\ny,2.345\n").columns[1].numbers == [1.234, 2.345])
    }

    @Test func `another file of decimal commas is read so, where it has points and the first had none`() throws {
        let learned = try Table.of("n;p\n5;1,5\n700;2,25\n")
        let file = TemporaryFile("n;p\n1.200;1.149,50\n3;2\n")
        let table = try Table(contentsOf: file.path, schema: learned.schema)
        #expect(table.columns.map(\.numbers) == [[1200, 3], [1149.5, 2]])
    }

    @Test func `prices without cents are not negative`() throws {
        #expect(try Table.of("a;b\nx;2,-\ny;1,50\n").columns[1].numbers == [2, 1.5])
        #expect(try Table.of("a;b\nx;1.101,- €\ny;2.500,- €\n").columns[1].numbers == [1101, 2500])
        let signs = TemporaryFile("a;b\nx;5-\ny;(3)\n"), table = try Table(contentsOf: signs.path)
        #expect(table.columns[1].numbers == [-5, -3])
        #expect(try Table(contentsOf: signs.path, schema: table.schema).columns[1].numbers == [-5, -3])
    }

    @Test func `words for missing values and marks of remarks are kept with the schema`() throws {
        let learned = try Table.of(
            "a,b\n1,2\n-999,3\n4,5\n", options: .with { ($0.missing, $0.comment) = (.init(words: ["-999"]), .character("%")) })
        #expect(learned.columns[0].missingCount == 1)
        let file = TemporaryFile("a,b\n-999,2\n% no row\n7,8\n")
        let table = try Table(contentsOf: file.path, schema: learned.schema)
        #expect(table.columns[0].missingCount == 1)
        #expect(table.rowCount == 2)
    }

    @Test func `files of one order of dates and of dates with the year in front agree on the order`() throws {
        let open = try Table.of("d,v\n01/25/2023,1\n02/03/2023,2\n"),
            iso = try Table.of("d,v\n2023-01-25,1\n2023-02-03,2\n2023-02-04,2\n")
        let agreed = TableSchema(agreeing: [TableSchema.Piece(iso), TableSchema.Piece(open)])
        #expect(agreed.columns[0].dates?.order == .mdy)
    }

    @Test func `what is added stands behind the names and not behind a remark below them`() throws {
        let file = TemporaryFile("# one\na,b\n# two\n1,2\n"), copy = TemporaryFile([], name: "copy.csv")
        try TableWriter.write(
            try Table(contentsOf: file.path), adding: [AddedColumn(name: "p", values: ["x"])], to: copy.path)
        #expect(try copy.read().hasPrefix("# one\na,b,p\n"))
        #expect(try copy.read().hasSuffix("1,2,x\n"))
    }

    @Test func `lines that end in several ways keep their ends`() throws {
        for text in ["a,b\n1,2\n3,4\r5,6\n7,8\n", "a,b\r\n1,2\r\n3,4\r5,6\r\n", "a,b\r1,2\n3,4\r"] {
            let file = TemporaryFile(text), copy = TemporaryFile([], name: "copy.csv")
            try TableWriter.write(try Table(contentsOf: file.path), to: copy.path)
            #expect(try copy.read() == text)
        }
    }

    @Test func `numbers that are added have the file's decimal mark`() throws {
        let file = TemporaryFile("x;y\n0,5;0,125\n1,5;2,25\n"), copy = TemporaryFile([], name: "copy.csv")
        let added = AddedColumn(name: "p", values: .numbers([0.5, 2]))
        try TableWriter.write(try Table(contentsOf: file.path), adding: [added], to: copy.path)
        #expect(try copy.read() == "x;y;p\n0,5;0,125;0,5\n1,5;2,25;2,0\n")
        #expect(try Table(contentsOf: copy.path).columns[2].numbers == [0.5, 2])
    }

    @Test func `words that differ only in bytes that are no UTF-8 are different words`() throws {
        var bytes = Array("word,y\n".utf8)
        for row in 0..<400 { bytes += [0x66, row % 2 == 0 ? 0xFC : 0xE4] + Array(row % 2 == 0 ? "r,yes\n".utf8 : "r,no\n".utf8) }
        let file = TemporaryFile(bytes), table = try Table(contentsOf: file.path)
        #expect(Set(table.columns[0].dictionary ?? []) == ["für", "fär"])
        #expect(table.warnings.map(\.code) == [.encoding])
    }

    @Test func `numbers beyond any integer are profiled`() throws {
        let table = try Table.of("a,b\n1e12,1e-12\n2e12,2e-12\n3e12,3e-12\n4e12,4e-12\n5e12,5e-12\n")
        let profile = try TableProfile(table)
        #expect(profile.warnings.contains { $0.code == .scaleSpread })
        #expect(try TableProfile(try Table.of("a,b\n1e300,1\n-1e300,2\n1e308,3\n")).rowCount == 3)
    }

    @Test(arguments: [
        "exact.parquet", "exact.arrow", "exact.sqlite", "exact.xlsx", "flat-list.json.gz", "libsvm-zero.svm",
        "records-float64.pbr",
    ])
    func `so many records are read as are asked for, whatever the format`(_ name: String) throws {
        let table = try Table(contentsOf: fixture(name), options: .with { $0.rowLimit = 2 })
        #expect(table.rowCount == 2)
        #expect(table.reading.isCut)
        let copy = TemporaryFile([], name: "copy.csv")
        try TableWriter.write(table, to: copy.path)
        #expect(try Table(contentsOf: copy.path).rowCount == 2)
    }

    @Test func `what is added to records between blanks stands on their own lines`() throws {
        let file = TemporaryFile("a b\n1 2\n   \n3 4\n"), copy = TemporaryFile([], name: "copy.csv")
        try TableWriter.write(
            try Table(contentsOf: file.path), adding: [AddedColumn(name: "p", values: ["x", "y"])], to: copy.path)
        #expect(try copy.read() == "a b p\n1 2 x\n3 4 y\n")
    }

    @Test func `JSON of another encoding is written in UTF-8, with every character`() throws {
        let text = "{\"w\": \"für\"}\n{\"w\": \"漢\"}\n"
        let wide = TemporaryFile(("\u{feff}" + text).utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }, name: "data.jsonl")
        let lines = TemporaryFile([], name: "copy.jsonl"), fields = TemporaryFile([], name: "copy.csv")
        let table = try Table(contentsOf: wide.path)
        #expect(table.format == .jsonLines)
        try TableWriter.write(table, to: lines.path)
        #expect(try lines.read() == text)
        try TableWriter.write(table, to: fields.path)
        #expect(try fields.read() == "w\nfür\n漢\n")
        // Objects run together are found behind the same conversion, and by the same fingerprint.
        let together = TemporaryFile(Array("{\"w\": \"f".utf8) + [0xFC] + Array("r\"}{\"w\": \"x\"}\n".utf8), name: "data.jsonl")
        let read = try Table(contentsOf: together.path, options: .with { $0.encoding = "latin1" })
        #expect(read.texts == [["für", "x"]])
        try TableWriter.write(read, to: fields.path)
        #expect(try fields.read() == "w\nfür\nx\n")
    }

    @Test func `two-digit years of births are of the past, behind month names too`() throws {
        let table = try Table.of("birth,v\n5-Mar-45,1\n6-Apr-61,2\n7-May-99,3\n")
        #expect((0..<3).map { table.columns[0].text(at: $0) } == ["1945-03-05", "1961-04-06", "1999-05-07"])
        #expect(try Table.of("due,v\n5-Mar-45,1\n6-Apr-61,2\n").columns[0].text(at: 0) == "2045-03-05")
    }

    @Test func `strict reading judges a column by what the whole file makes of it`() throws {
        let text = "a;b\n1,5;1.234\n2,25;x\n"
        let strict = ReadOptions.with { ($0.isStrict, $0.kinds) = (true, ["b": .numeric]) }
        let error = #expect(throws: TableError.self) { try Table.of(text, options: strict) }
        #expect(error?.message.contains("line 3: 'x'") == true)
        #expect(throws: TableError.self) { try ReadOptions(["strict": "maybe"]) }
        #expect(try ReadOptions(["strict": "no"]).isStrict == false)
    }

    @Test func `a file of one column is read so again`() throws {
        let file = TemporaryFile("name\t\nAnn\nBob\n"), table = try Table(contentsOf: file.path)
        #expect(try Table(contentsOf: file.path, schema: table.schema).texts == table.texts)
    }

    @Test func `a file that is only read is not written under its name`() throws {
        let file = TemporaryFile("a,b\n1,2\n"), table = try Table(contentsOf: file.path)
        let error = #expect(throws: TableError.self) { try TableWriter.write(table, to: file.path + ".xlsx") }
        #expect(error?.code == .unsupportedFormat)
    }

    @Test(arguments: [
        ["delimiter": ",", "decimal": ","], ["decimal": ".", "thousands": "."], ["quote": ";", "delimiter": ";"],
        ["thousands": "x"],
        ["header": "0"], ["encoding": ""], ["encoding": "UTF-8//IGNORE"],
    ])
    func `options that contradict each other or mean nothing are refused`(_ texts: [String: String]) {
        let error = #expect(throws: TableError.self) { try ReadOptions(texts) }
        #expect(error?.code == .badOption)
        #expect(error?.message.contains("\n") == false)
    }

    @Test func `a file that is cut off while it is mapped reads as zeros and ends nothing`() throws {
        let bytes = [UInt8](repeating: UInt8(ascii: "1"), count: 1 << 20)
        let file = TemporaryFile(bytes)
        let region = try ByteRegion(path: file.path)
        #expect(truncate(file.path, 4096) == 0)
        #expect(region.bytes[4095] == UInt8(ascii: "1"))
        #expect(region.bytes[(1 << 20) - 1] == 0)
        #expect(region.bytes[4096...].allSatisfy { $0 == 0 })
    }
}
