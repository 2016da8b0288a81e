import Glibc
import Numerics
import Testing

@testable import Tables

/// Files of `Tests/TablesTests/Files`; make-files.py there says how they were made.
func fixture(_ name: String) -> String {
    #filePath.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 } + "/Files/" + name
}

/// That two tables hold the same columns with the same values; numbers may differ in the last digits.
func expectSame(_ table: Table, _ expected: Table, _ name: String) {
    #expect(table.columns.map(\.name) == expected.columns.map(\.name), "\(name)")
    #expect(table.rowCount == expected.rowCount, "\(name)")
    for column in expected.columns {
        guard let found = table.column(named: column.name), found.rowCount == column.rowCount else { continue }
        #expect(found.kind == column.kind, "\(name) \(column.name)")
        #expect(found.dictionary == column.dictionary, "\(name) \(column.name)")
        for row in 0..<column.rowCount {
            guard let a = found.numbers?[row], let b = column.numbers?[row] else {
                #expect(found.text(at: row) == column.text(at: row), "\(name) \(column.name) \(row)")
                continue
            }
            let isSame = a.isNaN && b.isNaN || abs(a - b) <= 1e-12 * max(abs(a), abs(b))
            #expect(isSame, "\(name) \(column.name) row \(row): \(a), expected \(b)")
        }
    }
}

/// What reading a file of these bytes throws.
func readingError(bytes: [UInt8], name: String = "data.parquet") -> TableError? {
    let file = TemporaryFile(bytes, name: name)
    do throws(TableError) {
        _ = try Table(contentsOf: file.path)
        return nil
    } catch {
        return error
    }
}

func fixtureBytes(_ name: String) throws -> [UInt8] {
    let file = try #require(fopen(fixture(name), "r"))
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 18)
    bytes.removeLast(bytes.count - fread(&bytes, 1, bytes.count, file))
    return bytes
}

@Suite struct ParquetReaderTests {
    static let flat = [
        "flat-arrow-v1-snappy", "flat-arrow-v2-zstd", "flat-arrow-plain", "flat-arrow-lz4", "flat-arrow-delta", "flat-pandas",
        "flat-polars", "flat-polars-lz4", "flat-duckdb", "flat-duckdb-v2",
    ]

    @Test(arguments: flat)
    func `whoever wrote it and however, a file gives the table that CSV gives`(name: String) throws {
        let table = try Table(contentsOf: fixture(name + ".parquet"))
        #expect(table.format == .parquet)
        expectSame(table, try Table(contentsOf: fixture("flat.csv")), name)
    }

    @Test(arguments: ["types-arrow", "types-arrow-v2"])
    func `times, moments, decimals, halves, unsigned numbers, UUIDs, bytes and groups are read`(name: String) throws {
        let table = try Table(contentsOf: fixture(name + ".parquet"))
        expectSame(table, try Table(contentsOf: fixture("types.csv")), name)
    }

    @Test func `old timestamps, files without rows and pandas' row labels are read`() throws {
        let old = try Table(contentsOf: fixture("int96.parquet")).columns[0]
        #expect(old.kind == .date)
        #expect(old.text(at: 0) == "2020-02-03T04:05:06Z")
        #expect(old.isMissing(at: 1))
        let empty = try Table(contentsOf: fixture("no-rows.parquet"))
        #expect(empty.columns.map(\.name) == ["a", "b"])
        #expect(empty.rowCount == 0)
        #expect(empty.warnings.map(\.code) == [.noRows])
        let labels = try Table(contentsOf: fixture("row-labels.parquet"))
        #expect(labels.columns.map(\.name) == ["a"])
        #expect(labels.warnings.map(\.code) == [.droppedColumn])
    }

    @Test func `what cannot be read says how to write it again`() throws {
        let list = readingError(bytes: try fixtureBytes("list.parquet"))
        #expect(list?.code == .unsupportedFormat)
        let advice = "has lists or maps in tags: leave them out with duckdb -c \"copy (select * exclude (tags) from '/"
        #expect(list?.message.hasPrefix(advice) == true)
        let brotli = readingError(bytes: try fixtureBytes("brotli.parquet"))
        #expect(brotli?.message.contains("compressed by Brotli: write it with zstd") == true)
        #expect(readingError(bytes: Array("PAR1 and so on, encrypted PARE".utf8))?.message.contains("encrypted") == true)
        let whole = try fixtureBytes("flat-pandas.parquet")
        let cut = readingError(bytes: Array(whole.dropLast(100)))
        #expect(cut?.description.hasSuffix("data.parquet: ends in the middle: copy or write the file again") == true)
    }

    @Test func `no damage to a file stops the process`() throws {
        var random = RandomSource(seed: 31)
        var refused = 0
        for name in Self.flat + ["types-arrow", "types-arrow-v2"] {
            let whole = try fixtureBytes(name + ".parquet")
            for attempt in 0..<40 {
                var bytes = whole
                // Half of the damage goes to the description at the end, where it does most.
                let first = attempt % 2 == 0 ? 4 : bytes.count - bytes.count / 3
                for _ in 0..<1 + random.integer(below: 4) {
                    bytes[first + random.integer(below: bytes.count - 4 - first)] = UInt8(random.integer(below: 256))
                }
                if let error = readingError(bytes: bytes) {
                    refused += 1
                    #expect(error.path != nil)
                    #expect(!error.message.isEmpty)
                }
            }
        }
        #expect(refused > 100)
    }
}
