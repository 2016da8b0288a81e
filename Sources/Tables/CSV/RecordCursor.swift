import CTableKernels

/// Walks through a file's records as bytes, by the same rules as the reader.
struct RecordCursor {
    private let file: FileBytes
    private let delimiter: UInt8
    private let skipsBlankLines: Bool
    private let end: Int
    private var offset = 0
    private var isFirst = true
    /// The line ending of the record that `next` gave last.
    private(set) var lineEnding = "\n"

    init(file: FileBytes, table: Table) {
        self.file = file
        delimiter = table.delimiter.asciiValue ?? UInt8(ascii: ",")
        skipsBlankLines = table.columns.count > 1
        end = file.endWithoutBlankLines
    }

    /// The next record without its line ending; a byte-order mark stays with the first.
    mutating func next() -> UnsafeBufferPointer<UInt8>? {
        while offset < end, skipsBlankLines || isFirst, file.isBlankLine(at: offset, end: end) {
            offset += file.base[offset] == 13 ? 2 : 1
        }
        guard offset < end else { return nil }
        isFirst = false
        var found = 0
        var error: Int32 = 0
        let start = offset
        let mark = start == 0 && end >= 3 && file.base[0] == 0xef && file.base[1] == 0xbb && file.base[2] == 0xbf ? 3 : 0
        offset = dk_csv_record(file.base, start + mark, end, delimiter, nil, 0, &found, &error)
        var stop = offset
        if stop > start, file.base[stop - 1] == 10 { stop -= 1 }
        let isWindows = stop > start && file.base[stop - 1] == 13
        if isWindows { stop -= 1 }
        lineEnding = isWindows ? "\r\n" : "\n"
        return UnsafeBufferPointer(start: file.base + start, count: stop - start)
    }
}
