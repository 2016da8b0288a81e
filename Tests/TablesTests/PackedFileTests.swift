import Testing

@testable import Tables

@Suite struct PackedFileTests {
    @Test(arguments: ["flat-packed.csv.zst", "flat-members.csv.gz"])
    func `compressed text is read as the text it holds, members behind one another too`(name: String) throws {
        let table = try Table(contentsOf: fixture(name))
        let plain = try Table(contentsOf: fixture("flat.csv"))
        expectSame(table, plain, name)
        #expect(table.fingerprint == plain.fingerprint)
        #expect(table.byteCount == (try fixtureBytes(name)).count)
    }

    @Test(arguments: ["flat-packed.csv.zst", "flat-members.csv.gz"])
    func `a compressed file that is cut or damaged is refused by name`(name: String) throws {
        let whole = try fixtureBytes(name)
        let packing = name.hasSuffix("gz") ? "gzip" : "zstd"
        let cut = readingError(bytes: Array(whole.dropLast(9)), name: name)
        #expect(cut?.description.hasSuffix("\(name): the \(packing) data end in the middle: copy the file again") == true)
        // zstd marks its streams' text with a sum only when asked to, so that the damage here is done to how they are laid out.
        var bytes = whole
        for place in 12..<80 { bytes[place] ^= 0x5a }
        #expect(readingError(bytes: bytes, name: name)?.code == .damagedFile)
        #expect(readingError(bytes: whole + [1, 2, 3], name: name)?.code == .damagedFile)
    }

    @Test func `zeros behind a gzip stream are padding`() throws {
        let file = TemporaryFile(try fixtureBytes("flat-members.csv.gz") + [UInt8](repeating: 0, count: 512))
        #expect(try Table(contentsOf: file.path).rowCount == 120)
    }

    @Test func `rows of a compressed file are written as they stand in it, rows of other formats as CSV`() throws {
        let plain = try Table(contentsOf: fixture("flat.csv"))
        for name in ["flat-members.csv.gz", "flat-pandas.parquet"] {
            let table = try Table(contentsOf: fixture(name))
            let copy = TemporaryFile([], name: "copy.csv")
            let added = AddedColumn(name: "city", values: ["p", "q,r"])
            try TableWriter.write(table, rows: [3, 7], adding: [added], to: copy.path)
            let written = try Table(contentsOf: copy.path)
            #expect(written.texts.last == ["p", "q,r"])
            #expect(written.columns.last?.name == "city_2")
            for column in plain.columns {
                let found = written.column(named: column.name)
                if column.name == "f", table.format == .parquet {
                    // What is stored has 32 bits, and its text no more digits than those need.
                    #expect(found?.text(at: 0) == "0.9507766")
                    continue
                }
                #expect([found?.text(at: 0), found?.text(at: 1)] == [column.text(at: 3), column.text(at: 7)], "\(column.name)")
            }
        }
    }

    @Test func `formats that are not read say what to do`() {
        #expect(
            readingError(bytes: [0x50, 0x4b, 3, 4, 0, 0], name: "a.xlsx")?.message
                == "is a zip archive or an Excel workbook: unpack it, or save the sheet as CSV")
        #expect(readingError(bytes: Array("ARROW1\0\0".utf8))?.code == .damagedFile)
        #expect(DataFormat.nameParts("a.b.tsv.gz") == ("a.b", ".tsv"))
        #expect(DataFormat.nameParts("train-images-idx3-ubyte") == ("train-images-idx3-ubyte", ""))
    }
}
