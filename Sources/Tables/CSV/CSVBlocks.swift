import CTableKernels
import Glibc
import Numerics

/// A delimited text file read in pieces of whole records, for files that do not fit in memory.
///
/// Each piece is a table of its own, whose columns may be of other kinds than the next one's: a column of numbers with a word in
/// it is text where the word is. `Table.joined` finds the kind that fits all.
public struct CSVBlocks: Sendable {
    /// The file.
    public let path: String
    /// Its size.
    public let byteCount: Int
    /// The same hash of the file's bytes as `Table.fingerprint`.
    public let fingerprint: String
    /// Columns, in the file's order.
    public var columnNames: [String] { layout.names }
    /// Pieces.
    public var count: Int { ranges.count }

    /// Whether a file is delimited text as it stands: neither packed nor of another format.
    public static func canRead(_ path: String) -> Bool {
        do throws(TableError) {
            let stored = try ByteRegion(path: path)
            guard Packing(stored.bytes) == nil else { return false }
            return try DataFormat(of: FileBytes(path: path), path: path, options: ReadOptions()) == .csv
        } catch { return false }
    }

    private let layout: CSVLayout
    private let ranges: [Range<Int>]

    /// Finds where records begin, in one pass over the file and little memory.
    ///
    /// - Parameter bytesPerBlock: a piece ends with the first record that ends after so many bytes; at least 1.
    /// - Throws: as `Table.init(contentsOf:)`, but for faults within records, which `table` finds.
    public init(path: String, bytesPerBlock: Int, options: ReadOptions = ReadOptions()) throws(TableError) {
        let file = try FileBytes(path: path)
        guard file.storedCount == file.count, try DataFormat(of: file, path: path, options: options) == .csv else {
            throw TableError(.unsupportedFormat, "is no plain delimited text: unpack or convert it to CSV", path: path)
        }
        let survey = try CSVReader.survey(file, path: path, options: options)
        layout = try CSVLayout(file: file, path: path, options: options)
        self.path = path
        byteCount = file.count
        fingerprint = survey.fingerprint
        let hasQuotes = survey.counts.quotes > 0, delimiter = layout.delimiter
        var start = layout.dataStart
        let end = file.endWithoutBlankLines
        var ranges: [Range<Int>] = []
        while start < end {
            let next = CSVBlocks.end(of: start, in: file, bytes: max(1, bytesPerBlock), hasQuotes, delimiter)
            ranges.append(start..<min(next, end))
            file.release(from: start, to: next)
            start = next
        }
        self.ranges = ranges
    }

    /// Where the piece that begins at `start` ends.
    private static func end(
        of start: Int, in file: FileBytes, bytes: Int, _ hasQuotes: Bool, _ delimiter: UInt8
    ) -> Int {
        let nominal = start + bytes
        guard nominal < file.count else { return file.count }
        guard hasQuotes else {
            // Without quotes every line ending ends a record.
            return memchr(file.base + nominal - 1, 10, file.count - nominal + 1)
                .map { UnsafeRawPointer($0) - UnsafeRawPointer(file.base) + 1 } ?? file.count
        }
        var offset = start, found = 0, error: Int32 = 0
        while offset < nominal {
            offset = dk_csv_record(file.base, offset, file.count, delimiter, nil, 0, &found, &error)
            // `table` tells what is wrong and where; here it is enough to come to an end.
            if error != 0 { return file.count }
        }
        return offset
    }

    /// One piece.
    ///
    /// - Throws: `fieldCount`, `openQuote`, `textAfterQuote`, `fieldTooLong` with the line and field at fault; `unreadable` when
    ///   the file is no longer what it was.
    public func table(_ index: Int) throws(TableError) -> Table {
        let range = ranges[index]
        let file = try FileBytes(path: path, range: range, fileSize: byteCount)
        var layout = layout
        (layout.dataStart, layout.warnings) = (0, [])
        do throws(TableError) {
            let survey = try CSVReader.survey(file, path: path, options: ReadOptions(threadCount: 1))
            return try CSVReader.table(file, survey, layout, path: path, options: ReadOptions(threadCount: 1), schema: nil)
        } catch {
            guard let line = error.line else { throw error }
            var placed = error
            placed.line = try FileBytes(path: path).line(at: range.lowerBound) + line - 1
            throw placed
        }
    }
}
