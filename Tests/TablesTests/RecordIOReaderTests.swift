import Numerics
import Testing

@testable import Tables

@Suite struct RecordIOReaderTests {
    static let names = ["float32", "float64", "int32", "sparse-float32", "sparse-float64", "sparse-int32", "odd"]

    @Test(arguments: names)
    func `dense or sparse and of whatever number, records give the table that CSV gives`(name: String) throws {
        let table = try Table(contentsOf: fixture("records-\(name).pbr"))
        #expect(table.format == .recordIO)
        #expect(table.warnings == [])
        expectSame(table, try Table(contentsOf: fixture("records.csv")), name)
    }

    @Test func `only as many records are read as are asked for`() throws {
        var options = ReadOptions()
        options.rowLimit = 4
        let table = try Table(contentsOf: fixture("records-odd.pbr"), options: options)
        #expect(table.rowCount == 4)
        #expect(table.reading.isCut)
        #expect(try !Table(contentsOf: fixture("records-odd.pbr")).reading.isCut)
    }

    @Test func `records without labels, and labels of some, are read`() throws {
        let table = try Self.table([Self.features([1.5, .nan])])
        #expect(table.columns.map(\.name) == ["f0", "f1"])
        #expect(table.texts == [["1.5"], [nil]])
        let some = try Self.table([Self.features([1]), Self.features([2]) + Self.entry(2, Self.doubles([3]))])
        #expect(some.texts == [["1", "2"], [nil, "3"]])
        let several = try Self.table([Self.features([1]) + Self.entry(2, Self.doubles([3, 4]))])
        #expect(several.columns.map(\.name) == ["f0", "label_1", "label_2"])
    }

    @Test func `infinite values are told`() throws {
        let table = try Self.table([Self.features([.infinity, 1])])
        #expect(table.warnings.map(\.code) == [.infiniteValues])
    }

    @Test func `rows that do not fit each other are refused with the record's number`() {
        let file = Self.frame(Self.features([1, 2])) + Self.frame(Self.features([1]))
        let error = readingError(bytes: file)
        #expect(error?.message == "record 2: has 1 features where the first has 2: give each record as many")
        #expect(readingError(bytes: Self.frame([]))?.message == "record 1: has no features: each record needs some")
    }

    @Test func `images and other names of values are refused with words`() {
        let image = Self.entry(1, Self.field(9, Self.field(1, [1, 2])))
        #expect(readingError(bytes: Self.frame(image))?.code == .unsupportedFormat)
        let named = Self.field(1, Self.field(1, Array("source".utf8)) + Self.field(2, Self.doubles([1])))
        let message = readingError(bytes: Self.frame(named))?.message ?? ""
        #expect(message.hasPrefix("record 1: its features are called 'source', not 'values'"))
        var parts = Self.frame(Self.features([1]))
        parts[7] |= 0x20
        #expect(readingError(bytes: parts)?.message.hasPrefix("record 1 is in several parts") == true)
    }

    @Test func `sparse records need a shape, and keys within it`() {
        let bare = Self.field(3, Self.field(1, Self.bytes([5])) + Self.field(2, [0]))
        #expect(readingError(bytes: Self.frame(Self.entry(1, bare)))?.message.contains("no shape") == true)
        let outside = Self.field(3, Self.field(1, Self.bytes([5])) + Self.field(2, [4]) + Self.field(3, [4]))
        #expect(readingError(bytes: Self.frame(Self.entry(1, outside)))?.code == .damagedFile)
        let odd = Self.field(3, Self.field(1, Self.bytes([5])) + Self.field(2, [1, 2]) + Self.field(3, [4]))
        #expect(readingError(bytes: Self.frame(Self.entry(1, odd)))?.code == .damagedFile)
        let wide = Self.field(3, Self.field(3, [0xff, 0xff, 0xff, 0xff, 0x0f]))
        #expect(readingError(bytes: Self.frame(Self.entry(1, wide)))?.code == .tooManyColumns)
        let huge = Self.field(3, Self.field(3, [UInt8](repeating: 0xff, count: 9) + [1] + [2]))
        #expect(readingError(bytes: Self.frame(Self.entry(1, huge)))?.code == .damagedFile)
    }

    @Test(arguments: ["float32", "sparse-int32", "odd"])
    func `files cut short are refused wherever they end`(name: String) throws {
        let whole = try fixtureBytes("records-\(name).pbr")
        let starts = try Self.starts(whole)
        for end in 8..<min(whole.count, 600) where !starts.contains(end) && !starts.contains((end + 3) & ~3) {
            #expect(readingError(bytes: Array(whole[..<end]))?.code == .damagedFile, "\(end) bytes")
        }
    }

    @Test func `damaged bytes are read or refused, and never more`() throws {
        var random = RandomSource(seed: 11)
        for name in ["float64", "sparse-float32", "odd"] {
            let whole = try fixtureBytes("records-\(name).pbr")
            for _ in 0..<300 {
                var bytes = whole
                for _ in 0..<3 { bytes[random.integer(below: bytes.count)] = UInt8(random.integer(below: 256)) }
                if let error = readingError(bytes: bytes) { #expect(!error.message.isEmpty) }
            }
        }
    }

    private static func starts(_ bytes: [UInt8]) throws -> [Int] {
        try bytes.withUnsafeBytes { bytes in
            var frames = RecordFrames(bytes), starts = [0]
            while !frames.isAtEnd {
                _ = try frames.next()
                starts.append(frames.position)
            }
            return starts
        }
    }

    private static func table(_ records: [[UInt8]]) throws -> Table {
        let file = TemporaryFile(records.flatMap(frame), name: "data.pbr")
        defer { withExtendedLifetime(file) {} }
        return try Table(contentsOf: file.path)
    }

    private static func frame(_ record: [UInt8]) -> [UInt8] {
        [0x0a, 0x23, 0xd7, 0xce, UInt8(record.count & 255), UInt8(record.count >> 8), 0, 0] + record
            + [UInt8](repeating: 0, count: (4 - record.count % 4) % 4)
    }

    private static func field(_ number: UInt8, _ bytes: [UInt8]) -> [UInt8] { [number << 3 | 2, UInt8(bytes.count)] + bytes }

    private static func entry(_ number: UInt8, _ value: [UInt8]) -> [UInt8] {
        field(number, field(1, Array("values".utf8)) + field(2, value))
    }

    private static func bytes(_ numbers: [Double]) -> [UInt8] {
        numbers.flatMap { number in (0..<8).map { UInt8(truncatingIfNeeded: number.bitPattern >> (8 * $0)) } }
    }

    private static func doubles(_ numbers: [Double]) -> [UInt8] { field(3, field(1, bytes(numbers))) }

    private static func features(_ numbers: [Double]) -> [UInt8] { entry(1, doubles(numbers)) }
}
