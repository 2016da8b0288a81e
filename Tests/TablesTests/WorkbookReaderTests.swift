import Numerics
import Testing

@testable import Tables

@Suite struct WorkbookReaderTests {
    static let flat = [
        "flat-openpyxl", "flat-xlsxwriter", "flat-1904", "flat-inline", "flat-pandas", "flat-polars",
    ]

    @Test(arguments: flat)
    func `whoever wrote it and however, a workbook gives the table that CSV gives`(name: String) throws {
        let table = try Table(contentsOf: fixture(name + ".xlsx"))
        #expect(table.format == .xlsx)
        #expect(table.hasHeader && !table.reading.isHeaderUnsure)
        #expect(table.reading.parts == [name.hasPrefix("flat-p") ? "Sheet1" : "Flat"])
        #expect(table.warnings.filter { $0.code != .mixedColumn } == [], "\(name)")
        expectSame(table, try Table(contentsOf: fixture("flat.csv")), name)
    }

    private func shops(_ change: (inout ReadOptions) -> Void = { _ in }) throws -> Table {
        var options = ReadOptions()
        change(&options)
        return try Table(contentsOf: fixture("shops.xlsx"), options: options)
    }

    private func values(_ table: Table, _ name: String) -> [String?] {
        guard let column = table.column(named: name) else { return ["no column \(name)"] }
        return (0..<table.rowCount).map { column.text(at: $0) }
    }

    @Test func `the first sheet that shows and holds something is read, and what stands above its table is left out`() throws {
        let table = try shops()
        #expect(table.reading.part == "Sales 2024")
        #expect(table.reading.parts == ["Cover", "Blank", "Sales 2024", "Notes"])
        #expect(table.reading.skippedAbove == 2)
        #expect(
            table.columns.map(\.name) == ["shop", "opened", "hour", "took", "share", "open", "code", "mixed", "sum", "19"])
        let messages = table.warnings.map(\.message)
        #expect(
            messages.contains("row 5 is taken for the columns' names: --header yes or no decides"))
        #expect(
            messages.contains(
                "sheet 'Sales 2024' is read; there is data in 'Cover', 'Notes' too: --sheet NAME reads another one"))
        #expect(
            messages.contains(
                "2 rows above the table are left out (row 2 says 'Sales of the whole year'): "
                    + "--header ROW says in which row the names are"))
    }

    @Test func `cells are read as they show: days, times, truth values, codes and numbers among words`() throws {
        let table = try shops()
        #expect(values(table, "shop") == ["Ulm", "Köln", "Bad\r Tölz", nil])
        #expect(values(table, "opened") == ["2024-03-05", "2024-02-29T12:30:00Z", "1900-03-01", "1900-01-31"])
        #expect(table.column(named: "opened")?.kind == .date)
        #expect(values(table, "hour") == ["21600", "52215", nil, "0"])
        #expect(values(table, "took") == ["108000", "5400", "0", nil])
        #expect(values(table, "share") == ["0.25", "0.5", "1", "0.125"])
        #expect(values(table, "open") == ["true", "false", "true", nil])
        #expect(values(table, "code") == ["00123", "00124", "7", "8"])
        #expect(values(table, "mixed") == ["5", "n. v.", "2.5", nil])
    }

    @Test func `errors, and formulas whose value is not there, are missing with a word`() throws {
        let table = try shops()
        #expect(table.column(named: "sum")?.missingCount == 4)
        let lost = table.warnings.filter { $0.code == .lostValues }
        #expect(lost.map(\.column) == ["sum", "sum"])
        #expect(
            lost.first?.message == "sum has 1 cell with an error such as #N/A: they are missing; correct them in the workbook")
        #expect(lost.last?.message.hasPrefix("sum has 3 cells with a formula whose value the file does not hold") == true)
    }

    @Test func `a sheet is named, in any case of its letters, or numbered`() throws {
        for part in ["notes", "Notes", "4"] {
            let table = try shops { $0.part = part }
            #expect(table.texts == [["1", "3"], ["2", "4"]])
            #expect(table.warnings == [])
        }
        var options = ReadOptions()
        options.part = "Sums"
        do throws(TableError) {
            _ = try Table(contentsOf: fixture("shops.xlsx"), options: options)
            Issue.record("there is no such sheet")
        } catch {
            #expect(error.code == .badOption)
            #expect(error.message == "no sheet 'Sums': the sheets are 'Cover', 'Blank', 'Sales 2024', 'Notes'")
        }
        options.part = "blank"
        do throws(TableError) {
            _ = try Table(contentsOf: fixture("shops.xlsx"), options: options)
            Issue.record("the sheet is blank")
        } catch {
            #expect(error.code == .emptyFile)
        }
    }

    @Test func `rows to skip, the row of the names, and how many rows to read can be said`() throws {
        let byLine = try shops { $0.header = .line(5) }
        #expect(byLine.column(named: "shop")?.rowCount == 4)
        let skipped = try shops { $0.skippedLines = 5 }
        #expect(skipped.columns.map(\.name).prefix(2) == ["column_1", "column_2"])
        #expect(skipped.rowCount == 4)
        let bare = try shops {
            $0.part = "Notes"
            $0.header = ReadOptions.Header.none
        }
        #expect(bare.texts == [["a", "1", "3"], ["b", "2", "4"]])
        let two = try shops { $0.rowLimit = 2 }
        #expect(two.rowCount == 2)
        #expect(two.reading.isCut)
        #expect(values(two, "shop") == ["Ulm", "Köln"])
    }

    @Test func `prefixes, cells without a place, rows out of order and texts in runs are read`() throws {
        let table = try Table(contentsOf: fixture("odd.xlsx"))
        #expect(table.columns.map(\.name) == ["a", "b c"])
        #expect(table.texts == [["1", "25", nil], ["false", "true", nil]])
        #expect(table.warnings.map(\.code) == [.lostValues, .lostValues])
    }

    @Test(arguments: [
        (0.0, false, "1899-12-31"), (1, false, "1900-01-01"), (59, false, "1900-02-28"), (60, false, nil),
        (60.5, false, nil), (61, false, "1900-03-01"), (45356, false, "2024-03-05"), (43894, true, "2024-03-05"),
        (0, true, "1904-01-01"), (2_958_465, false, "9999-12-31"), (2_958_466, false, nil), (-1, false, nil),
        (45356.75, false, "2024-03-05T18:00:00Z"),
    ])
    func `days count from 1900, which Excel takes for a leap year, or from 1904`(
        serial: Double, countsFrom1904: Bool, text: String?
    ) {
        let seconds = SerialDate.seconds(serial, countsFrom1904: countsFrom1904)
        #expect(seconds.map { CalendarTime.isoText(seconds: $0) } == text)
    }

    @Test(arguments: [
        ("General", CellStyle.number), ("0.00", .number), ("#,##0 \"days\"", .number), ("0.00E+00", .number),
        ("[Red]0;-0", .number), ("0%", .number), ("0\\d", .number), ("_d0", .number), ("#,##0\\ [$EUR-407]", .number),
        ("yyyy-mm-dd", .date), ("[$-409]d/m/yy h:mm AM/PM;@", .date), ("mmm", .date), ("dd\".\"mm", .date),
        ("h:mm", .clock), ("mm:ss.0", .clock), ("h:mm AM/PM", .clock), ("[h]:mm:ss", .elapsed), ("[mm]:ss", .elapsed),
    ])
    func `a format says whether a number is a day, a time or a number`(code: String, style: CellStyle) {
        #expect(CellStyle(code: code) == style)
    }

    @Test func `other workbooks and locked ones are named with the way around`() throws {
        let compound: [UInt8] = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1] + [UInt8](repeating: 0, count: 1016)
        #expect(
            readingError(bytes: compound, name: "a.xls")?.message
                == "is an old Excel workbook (xls): save it as xlsx or the sheet as CSV")
        let locked = compound + "EncryptedPackage".utf8.flatMap { [$0, 0] } + [UInt8](repeating: 0, count: 96)
        #expect(readingError(bytes: locked, name: "a.xlsx")?.message == "is a workbook locked by a password: save it without one")
        #expect(
            readingError(bytes: try fixtureBytes("small.ods"), name: "a.ods")?.message
                == "is an OpenDocument spreadsheet (ods): save it as xlsx or the sheet as CSV")
        var binary = try fixtureBytes("odd.xlsx")
        for place in 0..<binary.count - 12 where binary[place...].starts(with: "workbook.xml".utf8) {
            binary.replaceSubrange(place..<place + 12, with: "workbook.bin".utf8)
        }
        #expect(
            readingError(bytes: binary, name: "a.xlsb")?.message
                == "is an Excel workbook in binary form (xlsb): save it as xlsx or the sheet as CSV")
        let other: [UInt8] = [0x50, 0x4b, 3, 4] + [UInt8](repeating: 0, count: 100)
        #expect(
            readingError(bytes: other, name: "a.zip")?.message
                == "is a zip archive or an Excel workbook: unpack it, or save the sheet as CSV")
        var options = ReadOptions()
        for (format, message) in [
            (DataFormat.xlsx, "is no Excel workbook (xlsx): say what else it is, or nothing"),
            (.arrow, "is no Arrow file or stream: say what else it is, or nothing"),
        ] {
            options.format = format
            let error = #expect(throws: TableError.self) { try Table(contentsOf: fixture("flat.csv"), options: options) }
            #expect(error?.message == message)
        }
        let doctype = readingError(bytes: try fixtureBytes("doctype.xlsx"), name: "a.xlsx")
        #expect(doctype?.message.contains("declares a document type") == true)
        #expect(doctype?.path?.hasSuffix("a.xlsx") == true)
    }

    @Test(arguments: [
        ("sure", ["label", "text"], false), ("unsure", ["label", "text"], true), ("none", ["column_1", "column_2"], true),
        ("years", ["land", "2023", "2024"], true), ("days", ["land", "2024-01-01", "2024-02-01"], true),
        ("bare", ["column_1", "column_2", "column_3"], false),
        ("blank", ["id", "id_2"], false),
    ])
    func `a first row of words is names where its words do not come again, which is said when it is but likely`(
        sheet: String, names: [String], isUnsure: Bool
    ) throws {
        var options = ReadOptions()
        options.part = sheet
        let table = try Table(contentsOf: fixture("words.xlsx"), options: options)
        #expect(table.columns.map(\.name) == names)
        #expect(table.reading.isHeaderUnsure == isUnsure)
        #expect(table.warnings.contains { $0.code == .unsureHeader } == isUnsure)
        #expect(table.reading.skippedAbove == 0)
    }

    @Test func `what a report says about itself above its table is left out, and rows with holes are not`() throws {
        let above = try Table(contentsOf: fixture("report.xlsx"))
        #expect(above.columns.map(\.name) == ["Time", "Temp", "Hum"])
        #expect(above.columns.map(\.kind) == [.integer, .numeric, .integer])
        #expect(above.rowCount == 3)
        #expect(above.reading.skippedAbove == 2)
        #expect(above.warnings.contains { $0.message.hasPrefix("2 rows above the table are left out (row 1 says 'Device')") })
        let holes = try Table(contentsOf: fixture("report.xlsx"), options: .with { $0.part = "holes" })
        #expect(holes.columns.map(\.name) == ["name", "n", "column_3"])
        #expect(holes.rowCount == 3)
    }

    @Test func `archives in the form for large files are read`() throws {
        let wide = try Table(contentsOf: fixture("wide.xlsx"))
        #expect(wide.texts == (try Table(contentsOf: fixture("odd.xlsx"))).texts)
    }

    /// The archive with other bytes in the directory's record of its first sheet.
    private func changed(_ name: String, at offset: Int, _ bytes: [UInt8]) throws -> [UInt8] {
        var archive = try fixtureBytes(name)
        let part = Array("xl/worksheets/sheet1.xml".utf8)
        let place = try #require(
            archive.indices.last {
                archive[$0] == 0x50 && archive[$0...].starts(with: [0x50, 0x4b, 1, 2]) && archive[($0 + 46)...].starts(with: part)
            })
        archive.replaceSubrange(place + offset..<place + offset + bytes.count, with: bytes)
        return archive
    }

    @Test func `what an archive says about its parts is held to what is there`() throws {
        let refusal = { (offset: Int, bytes: [UInt8]) in
            readingError(bytes: try self.changed("scattered.xlsx", at: offset, bytes), name: "a.xlsx")?.message
        }
        let damaged = "the zip archive is damaged: copy or save the file again"
        #expect(try refusal(8, [1, 0]) == "is locked by a password: save it without one")
        #expect(
            try refusal(10, [12, 0]) == "is packed in a way this program does not know (zip method 12): save it again")
        // The checksum, then sizes: packed, unpacked far too much, a little too much, too little; then the place.
        for (offset, bytes) in [
            (16, [1, 2, 3, 4]), (20, [0xff, 0xff, 0xff, 0x7f]), (24, [0, 0, 0, 0x70]), (24, [0, 0x10, 0x10, 0]),
            (24, [1, 0, 0, 0]),
            (42, [0xff, 0xff, 0xff, 0x7f]),
        ] as [(Int, [UInt8])] {
            let found = try refusal(offset, bytes)
            #expect(found == damaged, "\(offset) \(bytes)")
        }
    }

    @Test func `a few cells far apart are no table of a gigabyte`() throws {
        let error = readingError(bytes: try fixtureBytes("scattered.xlsx"), name: "a.xlsx")
        #expect(error?.code == .tooLarge)
        #expect(
            error?.message == "18000 cells lie scattered over 81009000: leave out what does not belong to the table")
    }

    @Test(arguments: ["deep", "long"])
    func `what a parser would keep much memory for is refused`(name: String) throws {
        let error = readingError(bytes: try fixtureBytes(name + ".xlsx"), name: "a.xlsx")
        #expect(
            error?.message == "xl/worksheets/sheet1.xml is nested too deep or has a mark without an end: save the workbook again")
    }

    @Test func `a workbook that is cut short or damaged is refused`() throws {
        let whole = try fixtureBytes("flat-openpyxl.xlsx")
        for count in [100, whole.count / 2, whole.count - 30] {
            let cut = readingError(bytes: Array(whole.prefix(count)), name: "a.xlsx")
            #expect(cut?.message == "ends in the middle: copy or save the file again", "\(count)")
        }
        var random = RandomSource(seed: 3)
        var refused = 0
        for name in ["shops", "odd", "flat-xlsxwriter", "flat-inline"] {
            let whole = try fixtureBytes(name + ".xlsx")
            for attempt in 0..<60 {
                var bytes = whole
                // Half of the damage goes to the directory at the end.
                let first = attempt % 2 == 0 ? 4 : bytes.count - 600
                for _ in 0..<1 + random.integer(below: 4) {
                    bytes[first + random.integer(below: bytes.count - first)] = UInt8(random.integer(below: 256))
                }
                if let error = readingError(bytes: bytes, name: "a.xlsx") {
                    refused += 1
                    #expect(error.path != nil && !error.message.isEmpty)
                }
            }
        }
        #expect(refused > 100)
    }
}
