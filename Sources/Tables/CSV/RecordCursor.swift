import CTableKernels

/// Walks through a file's records as bytes, by the same rules as the reader.
struct RecordCursor {
    private let file: FileBytes
    private let places: CSVRecordPlaces
    private let repeated: [UInt8]
    private var offset: Int
    /// The line ending of the record that `next` gave last.
    private(set) var lineEnding = "\n"

    /// - Parameter file: the table's file as text, converted as it was when the table was read.
    init(file: FileBytes, places: CSVRecordPlaces) {
        self.file = file
        self.places = places
        repeated = places.repeatedHeader
        offset = places.dataStart
        if file.hasReturns { lineEnding = "\r" }
    }

    /// All above the header: marks, remarks, comments.
    var preamble: UnsafeBufferPointer<UInt8> { bytes(0..<(places.header?.lowerBound ?? 0)) }

    /// The header without its line ending, and that; nil when there is none.
    func header() -> (bytes: UnsafeBufferPointer<UInt8>, lineEnding: String)? {
        guard let header = places.header else { return nil }
        return line(header.lowerBound, header.upperBound)
    }

    /// What stands between the header and the records: a line of units.
    var units: (bytes: UnsafeBufferPointer<UInt8>, lineEnding: String)? {
        guard let header = places.header, places.dataStart > header.upperBound else { return nil }
        return line(header.upperBound, places.dataStart)
    }

    /// The next record without its line ending.
    mutating func next() -> UnsafeBufferPointer<UInt8>? {
        while offset < places.dataEnd, isSkipped { offset = file.nextLine(after: offset) }
        guard offset < places.dataEnd else { return nil }
        var found = 0
        var error: Int32 = 0
        let start = offset
        offset = dk_csv_record(file.base, start, places.dataEnd, places.dialect.kernel, nil, 0, &found, &error)
        let (bytes, ending) = line(start, offset)
        lineEnding = ending
        return bytes
    }

    private var isSkipped: Bool {
        if places.fieldCount > 1, file.isBlankLine(at: offset, end: places.dataEnd) { return true }
        if places.comment != 0, file.base[offset] == places.comment { return true }
        guard !repeated.isEmpty, places.dataEnd - offset >= repeated.count,
            UnsafeBufferPointer(start: file.base + offset, count: repeated.count).elementsEqual(repeated)
        else { return false }
        var end = offset + repeated.count
        while end < places.dataEnd, file.base[end] == 13 || file.base[end] == 32 { end += 1 }
        return end == places.dataEnd || file.base[end] == 10
    }

    private func line(_ start: Int, _ end: Int) -> (bytes: UnsafeBufferPointer<UInt8>, lineEnding: String) {
        var stop = end
        if stop > start, file.base[stop - 1] == 10 { stop -= 1 }
        let isWindows = stop > start && file.base[stop - 1] == 13
        if isWindows { stop -= 1 }
        let isReturn = end > start && file.base[end - 1] == 10 ? file.isReturn(at: end - 1) : file.hasReturns
        return (bytes(start..<stop), isReturn ? "\r" : isWindows ? "\r\n" : "\n")
    }

    private func bytes(_ range: Range<Int>) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: file.base + range.lowerBound, count: range.count)
    }
}
