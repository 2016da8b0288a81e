import CTableKernels
import Numerics
import Testing

@testable import Tables

/// A Parquet file as it is stored: its schema, and the bytes of every value.
struct StoredParquet: Equatable {
    var schema: [[UInt8]]
    /// Column by column; nil where there is no value.
    var values: [[[UInt8]?]]
    /// Column by column, where groups may be missing as a whole.
    var levels: [[UInt8]]
    var groupSizes: [Int]

    init(_ path: String) throws {
        let source = try ParquetSource(try FileBytes(path: path))
        schema = source.footer.schema.map { Array(source.bytes($0.place)) }
        groupSizes = source.footer.rowGroups.map(\.rowCount).filter { $0 > 0 }
        (values, levels) = ([], [])
        for column in source.leaves.indices {
            var all: [[UInt8]?] = [], steps: [UInt8] = []
            for group in source.footer.rowGroups {
                let chunk = try source.values(group, column: column, rows: Array(0..<group.rowCount))
                all += chunk.rowSpans.map { span in chunk.place(span).map { Array(chunk.bytes[$0]) } }
                steps += chunk.levels
            }
            values.append(all)
            levels.append(steps)
        }
    }

    /// The same with some of the rows.
    func selecting(_ rows: [Int]) -> StoredParquet {
        var part = self
        part.values = values.map { column in rows.map { column[$0] } }
        part.levels = levels.map { column in column.isEmpty ? [] : rows.map { column[$0] } }
        return part
    }
}

extension SourceValue {
    fileprivate var isNumber: Bool { if case .number = self { true } else { false } }
}

/// The fields of a CSV file, record by record; nothing is made of them.
func fields(_ path: String) throws -> [[String]] {
    let table = try Table(contentsOf: path)
    var rows = try CSVRows(SourceFile(table), RowChoice(nil, of: table.rowCount))
    var records = [rows.names]
    while rows.next() { records.append(rows.names.indices.map { rows.value($0).field ?? "" }) }
    return records
}

@Suite struct ParquetWriterTests {
    static let files =
        ParquetReaderTests.flat + ["types-arrow", "types-arrow-v2", "int96", "no-rows", "row-labels", "exact", "bytes"]

    private static func written(_ name: String, rows: [Int]? = nil, adding: [AddedColumn] = []) throws -> (Table, TemporaryFile) {
        let table = try Table(contentsOf: fixture(name + ".parquet"))
        let copy = TemporaryFile([], name: "copy.parquet")
        try TableWriter.write(table, rows: rows, adding: adding, to: copy.path)
        return (table, copy)
    }

    @Test(arguments: files)
    func `a copy has the same schema and bit for bit the same values, whoever wrote the file and however`(name: String) throws {
        let (table, copy) = try Self.written(name)
        #expect(try StoredParquet(copy.path) == StoredParquet(fixture(name + ".parquet")))
        #expect(try Table(contentsOf: copy.path).texts == table.texts)
    }

    @Test func `chosen rows come from the row groups in which they lie, in the file's order`() throws {
        let rows = [119, 0, 49, 50, 119]
        let (table, copy) = try Self.written("flat-arrow-v2-zstd", rows: rows)
        var expected = try StoredParquet(fixture("flat-arrow-v2-zstd.parquet")).selecting([0, 49, 50, 119])
        #expect(expected.groupSizes == [50, 50, 20])
        expected.groupSizes = [2, 1, 1]
        #expect(try StoredParquet(copy.path) == expected)
        let none = TemporaryFile([], name: "none.parquet")
        try TableWriter.write(table, rows: [], to: none.path)
        #expect(try StoredParquet(none.path).groupSizes == [])
        #expect(try Table(contentsOf: none.path).columns.map(\.name) == table.columns.map(\.name))
    }

    @Test func `the parts of a split are a partition of the stored values`() throws {
        let table = try Table(contentsOf: fixture("exact.parquet"))
        let split = try RowSplit(table, method: .random, fraction: 0.4, seed: 3)
        let whole = try StoredParquet(fixture("exact.parquet"))
        for rows in [split.training, split.heldOut] {
            let (_, part) = try Self.written("exact", rows: rows)
            let found = try StoredParquet(part.path)
            #expect(found.values == whole.selecting(rows.sorted()).values)
            #expect(found.levels == whole.selecting(rows.sorted()).levels)
            #expect(found.schema == whole.schema)
        }
    }

    @Test func `added numbers are doubles, added labels texts, and NaN is no value`() throws {
        let (table, copy) = try Self.written(
            "exact", rows: [0, 2, 3],
            adding: [
                AddedColumn(name: "f", values: .numbers([0.1, .nan, -.infinity])),
                AddedColumn(name: "tags", values: ["x", "", "ü,"]),
            ])
        let found = try Table(contentsOf: copy.path)
        #expect(found.columns.map(\.name) == table.columns.map(\.name) + ["f_2", "tags_2"])
        let numbers = try #require(found.column(named: "f_2")?.numbers)
        // The double nearest to the text 0.1, not to the float.
        #expect(numbers[0] == 0.1 && numbers[1].isNaN && numbers[2] == -.infinity)
        #expect(try StoredParquet(copy.path).values.last == [Array("x".utf8), [], Array("ü,".utf8)])
        let original = try StoredParquet(fixture("exact.parquet")).selecting([0, 2, 3])
        #expect(try Array(StoredParquet(copy.path).values.dropLast(2)) == original.values)
        #expect(try Array(StoredParquet(copy.path).schema.dropFirst().dropLast(2)) == Array(original.schema.dropFirst()))
    }

    @Test func `every stored value has its exact text in CSV`() throws {
        let table = try Table(contentsOf: fixture("exact.parquet"))
        let copy = TemporaryFile([], name: "copy.csv")
        try TableWriter.write(table, to: copy.path)
        #expect(try fields(copy.path) == fields(fixture("exact.csv")))
        let old = try Table(contentsOf: fixture("int96.parquet"))
        try TableWriter.write(old, to: copy.path)
        #expect(try copy.read() == "t\n2020-02-03T04:05:06\n\"\"\n")
    }

    @Test func `numbers of Parquet are numbers in JSON, and the rest is text`() throws {
        let table = try Table(contentsOf: fixture("exact.parquet"))
        let copy = TemporaryFile([], name: "copy.jsonl")
        try TableWriter.write(table, rows: [2, 3], to: copy.path)
        #expect(
            try copy.read() == """
                {"id": -9223372036854775808, "u64": 9223372036854775808, "version": "1e5", "price": 999.99, \
                "wide": 12345678901234567890.5000000000, "f": "inf", "d": 1e+21, "ns": "2262-04-11T23:47:16.854775807", \
                "zone": "0001-01-01T00:00:00Z", "day": "2000-02-29", "clock": "01:00:00", \
                "key": "00000000-0000-0000-0000-000000000002", "half": null, "truth": null, "tags.a": null, "tags.b.c": null}
                {"id": 9223372036854775807, "u64": null, "version": "", "price": null, "wide": -0.0000000001, "f": null, \
                "d": "-inf", "ns": null, "zone": "9999-12-31T23:59:59.999999Z", "day": null, "clock": null, "key": null, \
                "half": 65504.0, "truth": true, "tags.a": 2, "tags.b.c": null}

                """)
    }

    @Test func `bytes that are no text go to CSV as they are, and to JSON not at all`() throws {
        let table = try Table(contentsOf: fixture("bytes.parquet"))
        let copy = TemporaryFile([], name: "copy.csv")
        try TableWriter.write(table, to: copy.path)
        let file = try FileBytes(path: copy.path)
        withExtendedLifetime(file) {
            #expect(Array(file.bytes) == Array("raw\n\"".utf8) + [0xff, 0] + Array("\"\"\"\nok\n\"\"\n".utf8))
        }
        do throws(TableError) {
            try TableWriter.write(table, to: copy.path + ".jsonl")
            Issue.record("written")
        } catch {
            #expect(error.code == .unsupportedFormat)
            #expect(
                error.message
                    == "column 'raw' holds bytes that are no UTF-8, which JSON cannot hold: write CSV or Parquet")
        }
    }

    @Test func `a decimal longer than any is no number`() throws {
        let leaf = try #require(
            try ParquetSource(try FileBytes(path: fixture("exact.parquet"))).leaves.first { $0.name == "wide" })
        let text = ParquetValueText(leaf)
        #expect(text.value([0xff, 0x38][...]) == .number("-0.0000000200"))
        #expect(text.value([UInt8](repeating: 0x80, count: 33)[...]).isNumber == false)
    }

    @Test func `text becomes the narrowest type that has all of it`() throws {
        let text = """
            id,price,mixed,huge,code,day,when,local,zone,flag,word,nothing
            1234567890123456701,1.10,1,12345678901234567890,007,2020-02-03,2020-02-03T04:05:06.120Z,2020-02-03 04:05,2020-02-03T04:05:06+02:00,true,NA,
            -5,1e5,1234567890123456701,1,010,1969-12-31,2020-02-03T04:05:06Z,2020-02-03 04:06:07.5,2020-02-03T04:05:06+02:00,FALSE,x,
            ,-0.5,1.5,2,011,,,,,,"a ""b""
            c",

            """
        let source = TemporaryFile(text)
        let table = try Table(contentsOf: source.path)
        let copy = TemporaryFile([], name: "copy.parquet")
        try TableWriter.write(table, adding: [AddedColumn(name: "p", values: .numbers([1, 2, 3]))], to: copy.path)
        let types = try ParquetSource(try FileBytes(path: copy.path)).leaves.map {
            "\($0.physicalType) \($0.element.meaning.map { "\($0)" } ?? "-")"
        }
        let moment = { (isUTC: Bool) in "2 timestamp(perSecond: 1000000.0, isUTC: \(isUTC))" }
        #expect(
            types == [
                "2 -", "5 -", "6 text", "6 text", "6 text", "1 date", moment(true), moment(false), "6 text", "0 -", "6 text",
                "6 text",
                "5 -",
            ])
        let back = TemporaryFile([], name: "back.csv")
        try TableWriter.write(try Table(contentsOf: copy.path), to: back.path)
        #expect(
            try back.read() == """
                id,price,mixed,huge,code,day,when,local,zone,flag,word,nothing,p
                1234567890123456701,1.1,1,12345678901234567890,007,2020-02-03,2020-02-03T04:05:06.12Z,2020-02-03T04:05:00,2020-02-03T04:05:06+02:00,true,NA,,1.0
                -5,100000.0,1234567890123456701,1,010,1969-12-31,2020-02-03T04:05:06Z,2020-02-03T04:06:07.5,2020-02-03T04:05:06+02:00,false,x,,2.0
                ,-0.5,1.5,2,011,,,,,,"a ""b""
                c",,3.0

                """)
    }

    @Test func `a table of many rows takes several row groups, pages and dictionaries, and reads back equal`() throws {
        var random = RandomSource(seed: 11)
        let count = (1 << 17) + 70
        let words = (0..<300).map { "word \($0)" }
        let numbers = (0..<count).map { $0 % 7 == 0 ? Double.nan : Double(random.integer(below: 1000)) / 8 }
        let codes = (0..<count).map { _ in Int32(random.integer(below: 300)) }
        let table = Table(columns: [
            Column(name: "x", kind: .numeric, storage: .numbers(numbers)),
            Column(name: "word", kind: .categorical, storage: .codes(codes, dictionary: words)),
        ])
        let copy = TemporaryFile([], name: "copy.parquet")
        try TableWriter.write(columnsOf: table, to: copy.path)
        let found = try Table(contentsOf: copy.path)
        #expect(try StoredParquet(copy.path).groupSizes == [1 << 17, 70])
        #expect(found.column(named: "word")?.rowCount == count)
        let values = try #require(found.columns[0].numbers)
        #expect(zip(values, numbers).allSatisfy { $0 == $1 || $0.isNaN && $1.isNaN })
        let same = (0..<count).allSatisfy { found.columns[1].text(at: $0) == words[Int(codes[$0])] }
        #expect(same)
    }

    @Test func `runs and packed groups read back as the numbers they were`() {
        var random = RandomSource(seed: 5)
        for width in [1, 2, 3, 7, 8, 9, 16, 24, 31, 32] {
            for _ in 0..<40 {
                var numbers: [UInt32] = []
                while numbers.count < random.integer(below: 200) + 1 {
                    let number = UInt32(truncatingIfNeeded: random.next()) >> UInt32(32 - width)
                    numbers += [UInt32](repeating: number, count: random.integer(below: 3) == 0 ? random.integer(below: 30) : 1)
                }
                let packed = HybridRuns.encode(numbers[...], width: width)
                var found = [UInt32](repeating: 0, count: numbers.count)
                #expect(dk_rle(packed, packed.count, UInt32(width), &found, found.count) != 0)
                #expect(found == numbers, "width \(width)")
            }
        }
    }

    @Test func `days far away keep their year`() {
        // Days and nanoseconds as numpy counts them; the year before 0 is -1.
        #expect(MomentText.day(2_932_897) == "+10000-01-01")
        #expect(MomentText.day(-719_528) == "0000-01-01")
        #expect(MomentText.day(-719_529) == "-0001-12-31")
        #expect(MomentText.clock(-1, digits: 3) == "-1")
        #expect(MomentText.moment(.min, digits: 9, isUTC: false) == "1677-09-21T00:12:43.145224192")
    }
}
