import CTableKernels

/// Plain delimited text in pieces of whole records, found from the beginning on.
struct CSVPieces: Sendable {
    private let path: String
    private let file: FileBytes
    private let layout: CSVLayout, encoding: TextEncoding?
    private let options: ReadOptions, schema: TableSchema
    /// Where each piece lies in the file.
    private(set) var ranges: [Range<Int>] = []
    /// The first row of each piece, and behind them the number of rows.
    private(set) var firstRows = [0]
    private var offset: Int

    /// A piece ends with the first record that ends after so many bytes.
    private static let bytesPerPiece = 1 << 18
    /// How much of the file tells what the text is encoded in.
    private static let headBytes = 1 << 20

    /// - Parameter sample: the first rows, or all of them: by their schema the pieces are read.
    /// - Throws: `unsupportedFormat` for text that cannot be read in pieces.
    init(path: String, options: ReadOptions, sample: Table) throws(TableError) {
        (self.path, self.options) = (path, options)
        file = try FileBytes(path: path)
        let head = min(file.count, Self.headBytes)
        var counts = dk_csv_counts()
        dk_csv_count(file.base, head, &counts)
        guard file.storedCount == file.count, counts.lone_returns == 0, counts.nuls == 0 else {
            throw TableError(.unsupportedFormat, "is no text to be read in pieces", path: path)
        }
        (encoding, layout) = try CSVBlocks.layout(
            file, highBytesWithin: counts.high_bytes > 0 ? head : 0, path: path, options, nil)
        schema = Self.lenient(sample)
        offset = layout.dataStart
    }

    /// The schema of first rows for all of them: a column without values may be anything further down, and whole numbers may
    /// have fractions.
    private static func lenient(_ sample: Table) -> TableSchema {
        var schema = sample.schema
        let empty = Set(sample.columns.filter { $0.missingCount == $0.rowCount }.map(\.name))
        schema.columns.removeAll { empty.contains($0.name) }
        for index in schema.columns.indices where schema.columns[index].kind == .integer { schema.columns[index].kind = .numeric }
        return schema
    }

    var rowCount: Int { firstRows[ranges.count] }
    var byteCount: Int { file.count }
    var isComplete: Bool { offset >= layout.dataEnd }
    var progress: Double {
        let all = layout.dataEnd - layout.dataStart
        return all > 0 ? min(1, Double(offset - layout.dataStart) / Double(all)) : 1
    }

    /// Goes through more of the file, by the same rules as the reader.
    mutating func extend(by bytes: Int) throws(TableError) {
        let stop = min(layout.dataEnd, offset + bytes), header = layout.repeatedHeader
        try header.withUnsafeBufferPointer { header throws(TableError) in
            var job = dk_csv_job()
            (job.bytes, job.end, job.dialect) = (file.base, layout.dataEnd, layout.dialect.kernel)
            (job.comment, job.column_count) = (layout.comment, layout.fieldCount)
            (job.header, job.header_length) = (header.baseAddress, header.count)
            while offset < stop { try addPiece(&job) }
        }
    }

    private mutating func addPiece(_ job: inout dk_csv_job) throws(TableError) {
        let start = offset, end = min(layout.dataEnd, start + Self.bytesPerPiece)
        var rows = 0, found = 0, error: Int32 = 0
        while offset < end {
            offset = dk_csv_skip(&job, offset)
            guard offset < layout.dataEnd else { break }
            let record = offset
            offset = dk_csv_record(file.base, offset, layout.dataEnd, layout.dialect.kernel, nil, 0, &found, &error)
            if error != 0 {
                throw CSVFault(kind: Int(error), field: found, expected: layout.fieldCount, found: found)
                    .error(path: path, line: file.line(at: record))
            }
            rows += 1
        }
        file.release(from: start, to: offset)
        guard rows > 0 else { return }
        firstRows.append(rowCount + rows)
        ranges.append(start..<offset)
    }

    /// The rows of a piece.
    func table(_ piece: Int, asWritten: Bool) throws(TableError) -> Table {
        var layout = layout, options = options
        if asWritten {
            options.keepsTexts = true
            layout.startsNumeric = layout.startsNumeric.map { _ in false }
        }
        return try CSVBlocks.table(
            path: path, ranges[piece], of: file.count, layout, encoding, options, asWritten ? nil : schema)
    }
}
