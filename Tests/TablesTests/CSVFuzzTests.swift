import Numerics
import Testing

@testable import Tables

@Suite struct CSVFuzzTests {
    /// Bytes that steer the reader, and some that do not.
    static let alphabet: [UInt8] = Array(",,;\t|\"\"\n\n\r  ab01.-+eE?N".utf8) + [0xc3, 0xa9, 0xff, 0xef, 0xbb, 0xbf]

    static func bytes(_ random: inout RandomSource) -> [UInt8] {
        (0..<1 + random.integer(below: 120)).map { _ in alphabet[random.integer(below: alphabet.count)] }
    }

    @Test func `no bytes stop the process: a table comes out or an error with a place`() {
        var random = RandomSource(seed: 12)
        var tables = 0
        for _ in 0..<600 {
            let file = TemporaryFile(Self.bytes(&random))
            do throws(TableError) {
                let table = try Table(contentsOf: file.path)
                tables += 1
                #expect(Set(table.columns.map(\.name)).count == table.columns.count)
                for column in table.columns { #expect(column.rowCount == table.rowCount) }
                _ = try TableProfile(table, target: table.columns[0].name)
            } catch {
                #expect(error.path == file.path)
                #expect(!error.message.isEmpty)
            }
        }
        #expect(tables > 60)
    }

    @Test func `what is written from any table reads back as the same values`() throws {
        var random = RandomSource(seed: 13)
        for _ in 0..<200 {
            let bytes = Self.bytes(&random)
            let file = TemporaryFile(bytes)
            guard let table = try? Table(contentsOf: file.path), table.rowCount > 0 else { continue }
            let copy = TemporaryFile([], name: "copy.csv")
            try TableWriter.write(table, to: copy.path)
            // What stands above the names is written too, and found again only where no one says the first line has them.
            guard table.reading.skippedAbove == 0 else { continue }
            let options = ReadOptions(delimiter: table.delimiter, header: table.hasHeader ? .first : ReadOptions.Header.none)
            let again = try? Table(contentsOf: copy.path, options: options)
            #expect(again?.texts == table.texts, "\(String(decoding: bytes, as: UTF8.self).debugDescription)")
        }
    }
}
