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
    public static func canRead(_ path: String, options: ReadOptions = ReadOptions()) -> Bool {
        do throws(TableError) {
            let isPlain = withExtendedLifetime(try ByteRegion(path: path)) { stored in
                Packing(stored.bytes) == nil && TextEncoding.marked(stored.bytes).map { $0.encoding.isUTF8 } ?? true
            }
            guard isPlain else { return false }
            return try DataFormat(of: FileBytes(path: path), path: path, options: options) == .csv
        } catch { return false }
    }

    private let layout: CSVLayout
    private let options: ReadOptions
    private let encoding: TextEncoding?
    /// What to read every piece by; nil = each by its own values.
    public var schema: TableSchema?
    private let ranges: [Range<Int>]

    /// Finds where records begin, in one pass over the file and little memory.
    ///
    /// - Parameter bytesPerBlock: a piece ends with the first record that ends after so many bytes; at least 1.
    /// - Throws: as `Table.init(contentsOf:)`, but for faults within records, which `table` finds.
    public init(
        path: String, bytesPerBlock: Int, options: ReadOptions = ReadOptions(), schema: TableSchema? = nil
    ) throws(TableError) {
        let file = try FileBytes(path: path)
        guard file.storedCount == file.count, try DataFormat(of: file, path: path, options: options) == .csv else {
            throw TableError(.unsupportedFormat, "is no plain delimited text: unpack or convert it to CSV", path: path)
        }
        let survey = FileSurvey(file: file, threadCount: options.threads)
        if survey.counts.nuls > 0 { throw FileSurvey.nulError(file, path) }
        guard survey.counts.lone_returns == 0 else {
            throw TableError(
                .unsupportedFormat,
                "has lines that end in carriage returns, which are not streamed: convert it with tr '\\r' '\\n'", path: path)
        }
        (self.options, self.schema) = (options, schema)
        (encoding, layout) = try Self.layout(
            file, highBytesWithin: survey.counts.high_bytes > 0 ? file.count : 0, path: path, options, schema)
        self.path = path
        byteCount = file.count
        fingerprint = survey.fingerprint
        let hasQuotes = survey.counts.quotes > 0, dialect = layout.dialect
        var start = layout.dataStart
        let end = layout.dataEnd
        var ranges: [Range<Int>] = []
        while start < end {
            let next = CSVBlocks.end(of: start, in: file, bytes: max(1, bytesPerBlock), hasQuotes, dialect)
            ranges.append(start..<min(next, end))
            file.release(from: start, to: next)
            start = next
        }
        self.ranges = ranges
    }

    /// The file's layout; of text in another encoding than UTF-8 with the names as they read when it is converted.
    ///
    /// - Parameter head: how many bytes tell the encoding; 0 where all are ASCII.
    static func layout(
        _ file: FileBytes, highBytesWithin head: Int, path: String, _ options: ReadOptions, _ schema: TableSchema?
    ) throws(TableError) -> (TextEncoding?, CSVLayout) {
        let layout = try CSVLayout(file: file, path: path, options: options, schema: schema)
        // A character may go over the end of what is looked at.
        let whole = head < file.count ? max(0, head - 4) : head
        guard head > 0, dk_utf8_invalid(file.base, head) < whole else { return (nil, layout) }
        let bytes = UnsafeRawBufferPointer(rebasing: file.bytes[..<head])
        let encoding =
            options.encoding.map(TextEncoding.init) ?? schema?.encoding.map(TextEncoding.init) ?? TextEncoding.guess(bytes)
        let end = file.count > 1 << 20 ? file.nextLine(after: 1 << 20) : file.count
        guard !encoding.isUTF8, let head = encoding.decoded(UnsafeRawBufferPointer(rebasing: file.bytes[..<end])) else {
            return (nil, layout)
        }
        let text = try FileBytes(head.bytes, storedCount: file.count, encoding: encoding.name, faults: head.faults, path: path)
        var converted = try CSVLayout(file: text, path: path, options: options, schema: schema)
        (converted.dataStart, converted.dataEnd) = (layout.dataStart, layout.dataEnd)
        return (encoding, converted)
    }

    /// Where the piece that begins at `start` ends.
    private static func end(
        of start: Int, in file: FileBytes, bytes: Int, _ hasQuotes: Bool, _ dialect: CSVDialect
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
            offset = dk_csv_record(file.base, offset, file.count, dialect.kernel, nil, 0, &found, &error)
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
        try Self.table(path: path, ranges[index], of: byteCount, layout, encoding, options, schema)
    }

    /// The records of a range of a file.
    static func table(
        path: String, _ range: Range<Int>, of byteCount: Int, _ layout: CSVLayout, _ encoding: TextEncoding?,
        _ options: ReadOptions, _ schema: TableSchema?
    ) throws(TableError) -> Table {
        var file = try FileBytes(path: path, range: range, fileSize: byteCount)
        if let encoding, let text = encoding.decoded(file.bytes) {
            file = try FileBytes(text.bytes, storedCount: byteCount, encoding: encoding.name, faults: text.faults, path: path)
        }
        var layout = layout
        (layout.dataStart, layout.dataEnd, layout.warnings) = (0, file.count, [])
        layout.header = nil
        var options = options
        options.threadCount = 1
        do throws(TableError) {
            return try CSVReader.table(file, layout, path: path, options: options, schema: schema)
        } catch {
            guard let line = error.line else { throw error }
            var placed = error
            placed.line = try FileBytes(path: path).line(at: range.lowerBound) + line - 1
            throw placed
        }
    }
}
