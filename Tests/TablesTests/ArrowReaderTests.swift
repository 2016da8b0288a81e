import Numerics
import Testing

@testable import Tables

@Suite struct ArrowReaderTests {
    static let flat = [
        "flat-arrow.arrow", "flat-arrow-batches-lz4.arrow", "flat-arrow-zstd.arrow", "flat-arrow-stream.arrows",
        "flat-arrow-replaced.arrows", "flat-arrow-deltas.arrows", "flat-pandas.feather", "flat-polars.arrow",
        "flat-polars-lz4.arrow", "flat-polars-zstd.arrows", "flat-arrow-old.arrow", "flat-arrow-old.arrows",
    ]

    @Test(arguments: flat)
    func `whoever wrote it and however, a file or a stream gives the table that CSV gives`(name: String) throws {
        let table = try Table(contentsOf: fixture(name))
        #expect(table.format == .arrow)
        #expect(!table.reading.isCut)
        expectSame(table, try Table(contentsOf: fixture("flat.csv")), name)
    }

    @Test(arguments: ["types-arrow.arrow", "types-arrow-large.arrow"])
    func `times, moments, decimals, halves, unsigned numbers, UUIDs, bytes and groups are read`(name: String) throws {
        let table = try Table(contentsOf: fixture(name))
        expectSame(table, try Table(contentsOf: fixture("types.csv")), name)
    }

    @Test func `durations are seconds, zones are undone, bytes that are no text are missing with a word`() throws {
        let table = try Table(contentsOf: fixture("kinds.arrow"))
        #expect(table.column(named: "empty")?.missingCount == 4)
        #expect(table.column(named: "elapsed")?.numbers?.map { $0.isNaN ? -1 : $0 } == [1.5, -1, 172_800, 0])
        let days = try #require(table.column(named: "day"))
        #expect((0..<4).map { days.text(at: $0) } == ["1970-01-01", "1970-01-02", "1969-12-31", nil])
        let local = try #require(table.column(named: "local"))
        #expect(local.kind == .date)
        #expect(local.text(at: 3) == "2023-11-14T22:13:20Z")
        let raw = try #require(table.column(named: "raw"))
        #expect((0..<4).map { raw.text(at: $0) } == ["text", nil, nil, nil])
        let bad = try #require(table.column(named: "bad"))
        #expect((0..<4).map { bad.text(at: $0) } == ["a\u{fffd}", "b", nil, "c"])
        let long = try #require(table.column(named: "long"))
        #expect((0..<4).map { long.text(at: $0) } == ["a view of more than twelve bytes", "short", nil, "exactly 12 b"])
        #expect(table.column(named: "cents")?.numbers?.map { $0.isNaN ? 0 : $0 } == [1, 250, 0, -5])
        #expect(Set(table.warnings.map(\.code)) == [.invalidUTF8, .infiniteValues])
        let lost = table.warnings.first { $0.column == "raw" }
        #expect(lost?.message == "raw holds bytes that are no text in 2 rows: they are missing; write text or numbers")
    }

    @Test func `a file without rows has columns`() throws {
        let empty = try Table(contentsOf: fixture("no-rows.arrow"))
        #expect(empty.columns.map(\.name) == ["a", "b"])
        #expect(empty.rowCount == 0)
        #expect(empty.warnings.map(\.code) == [.noRows])
    }

    @Test(arguments: [1, 29, 30, 119, 120, 500])
    func `only the first rows are read where no more are asked for`(count: Int) throws {
        var options = ReadOptions()
        options.rowLimit = count
        let whole = try Table(contentsOf: fixture("flat.csv"))
        for name in Self.flat {
            let table = try Table(contentsOf: fixture(name), options: options)
            #expect(table.rowCount == min(count, 120), "\(name)")
            #expect(table.reading.isCut == (count < 120), "\(name)")
            let last = table.rowCount - 1
            let (note, expected) = (table.column(named: "note"), whole.column(named: "note"))
            #expect(note?.text(at: last) == expected?.text(at: last), "\(name)")
        }
    }

    @Test func `lists, maps and Feather's first version are refused with the way around`() throws {
        let list = readingError(bytes: try fixtureBytes("list.arrow"), name: "list.arrow")
        #expect(list?.code == .unsupportedFormat)
        let advice = "has lists in tags, maps in group.m: leave them out with python3 -c \"import pyarrow"
        #expect(list?.message.hasPrefix(advice) == true, "\(list?.message ?? "")")
        #expect(list?.message.contains(".drop_columns(['tags', 'group'])") == true)
        let old = readingError(bytes: Array("FEA1".utf8) + [UInt8](repeating: 0, count: 64), name: "old.feather")
        #expect(old?.message.hasPrefix("is a Feather file of version 1: write version 2") == true)
    }

    @Test(arguments: flat)
    func `a file that is cut short is refused`(name: String) throws {
        let whole = try fixtureBytes(name)
        for count in [17, whole.count / 2, whole.count - 20] {
            let cut = readingError(bytes: Array(whole.prefix(count)), name: name)
            // Nothing but its first description tells an old stream from other files.
            let isUnknown = name == "flat-arrow-old.arrows" && count == 17
            #expect(cut?.code == (isUnknown ? .nulByte : .damagedFile), "\(name) \(count)")
        }
        let cut = readingError(bytes: Array(whole.prefix(whole.count / 2)), name: name)
        #expect(cut?.message == "ends in the middle: copy or write the file again")
    }

    @Test func `lengths that lie are found out`() throws {
        let whole = try fixtureBytes("flat-arrow.arrow")
        // Every number of the last kilobyte, where columns and blocks are described, in turn as large as can be.
        var refused = 0
        for place in stride(from: whole.count - 1024, to: whole.count - 16, by: 4) {
            for value: [UInt8] in [[255, 255, 255, 127], [255, 255, 255, 255], [0, 0, 0, 128]] {
                var bytes = whole
                bytes.replaceSubrange(place..<place + 4, with: value)
                if let error = readingError(bytes: bytes, name: "a.arrow") {
                    refused += 1
                    #expect(error.path != nil && !error.message.isEmpty)
                }
            }
        }
        #expect(refused > 200)
    }

    @Test func `no damage to a file stops the process`() throws {
        var random = RandomSource(seed: 7)
        var refused = 0
        for name in Self.flat + ["types-arrow.arrow", "types-arrow-large.arrow", "kinds.arrow"] {
            let whole = try fixtureBytes(name)
            for _ in 0..<60 {
                var bytes = whole
                for _ in 0..<1 + random.integer(below: 4) {
                    bytes[8 + random.integer(below: bytes.count - 8)] = UInt8(random.integer(below: 256))
                }
                if let error = readingError(bytes: bytes, name: "a.arrow") {
                    refused += 1
                    #expect(error.path != nil && !error.message.isEmpty)
                }
            }
        }
        #expect(refused > 100)
    }
}
