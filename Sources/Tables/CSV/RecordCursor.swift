import CTableKernels

/// Walks through a file's records as bytes, by the same rules as the reader.
struct RecordCursor {
    private let file: FileBytes
    private let places: CSVRecordPlaces
    private var offset: Int
    /// The line ending of the record that `next` gave last.
    private(set) var lineEnding = "\n"

    /// - Parameter file: the table's file as text, converted as it was when the table was read.
    init(file: FileBytes, places: CSVRecordPlaces) {
        self.file = file
        self.places = places
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
        offset = places.repeatedHeader.withUnsafeBufferPointer { header in
            var job = dk_csv_job()
            (job.bytes, job.end, job.dialect, job.comment) = (file.base, places.dataEnd, places.dialect.kernel, places.comment)
            (job.column_count, job.header, job.header_length) = (places.fieldCount, header.baseAddress, header.count)
            return offset < places.dataEnd ? dk_csv_skip(&job, offset) : offset
        }
        guard offset < places.dataEnd else { return nil }
        var found = 0
        var error: Int32 = 0
        let start = offset
        offset = dk_csv_record(file.base, start, places.dataEnd, places.dialect.kernel, nil, 0, &found, &error)
        let (bytes, ending) = line(start, offset)
        lineEnding = ending
        return bytes
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
