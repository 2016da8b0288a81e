/// Finding a file's format by its content.
extension DataFormat {
    /// What the name of a file usually ends with that holds what this one does, `.csv.gz` for example.
    ///
    /// - Throws: what a file is refused for before its records are looked at.
    public static func usualEnding(of path: String, options: ReadOptions = ReadOptions()) throws(TableError) -> String {
        let file = try FileBytes(path: path)
        let format = if let said = options.format { said } else { try DataFormat(of: file, path: path, options: options) }
        let packing = withExtendedLifetime(try ByteRegion(path: path)) { Packing($0.bytes) }
        return format.usualEnding + (packing == .gzip ? ".gz" : packing == .zstd ? ".zst" : "")
    }

    init(of file: FileBytes, path: String, options: ReadOptions) throws(TableError) {
        let bytes = file.bytes
        if bytes.starts(with: "PAR1".utf8) || bytes.starts(with: "PARE".utf8) {
            self = .parquet
        } else if bytes.starts(with: ArrowMessages.mark) || ArrowMessages.isStream(bytes) {
            self = .arrow
        } else if bytes.starts(with: Self.zipMark) {
            self = try Self.ofArchive(bytes, path: path)
        } else if bytes.starts(with: [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]) {
            throw TableError(.unsupportedFormat, Self.compoundFile(bytes), path: path)
        } else if IDXHeader.isLikely(bytes) {
            self = .idx
        } else if RecordFrames.isLikely(bytes) {
            self = .recordIO
        } else if bytes.starts(with: "SQLite format 3\0".utf8) {
            self = .sqlite
        } else if let foreign = Self.foreign.first(where: { bytes.starts(with: $0.start) }) {
            throw TableError(.unsupportedFormat, "is \(foreign.name): \(foreign.advice)", path: path)
        } else if let marked = TextEncoding.marked(bytes), !marked.encoding.isUTF8,
            let head = marked.encoding.decoded(
                UnsafeRawBufferPointer(rebasing: bytes[marked.markLength...].prefix(1 << 20)))
        {
            let found = head.bytes.withUnsafeBytes { text in
                Result { () throws(TableError) in try Self.ofText(text, path: path, options: options) }
            }
            self = try found.get()
        } else {
            self = try Self.ofText(bytes, path: path, options: options)
        }
    }

    /// - Parameter bytes: UTF-8, or what is nearly that where it matters.
    private static func ofText(
        _ bytes: UnsafeRawBufferPointer, path: String, options: ReadOptions
    ) throws(TableError) -> DataFormat {
        guard !isWebPage(bytes) else {
            throw TableError(
                .unsupportedFormat,
                "is a web page, perhaps one that says why the data could not be had: open it in a browser, or fetch the file anew",
                path: path)
        }
        guard options.delimiter == nil else { return .csv }
        if let json = JSONOpening.format(of: bytes) { return json }
        return LibSVMOpening.isLikely(bytes) ? .libsvm : .csv
    }

    /// What zip archives begin with, unless they are empty.
    static let zipMark: [UInt8] = [0x50, 0x4b, 3, 4]

    private static func isWebPage(_ bytes: UnsafeRawBufferPointer) -> Bool {
        let start = String(decoding: bytes[JSONOpening.textStart(bytes)...].prefix(200), as: UTF8.self).lowercased()
            .drop { $0.isWhitespace }
        return ["<!doctype html", "<html", "<head"].contains { start.hasPrefix($0) }
    }

    /// Formats that are often met and not read, by their first bytes.
    private static let foreign: [(start: [UInt8], name: String, advice: String)] = [
        ([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0], "compressed by xz", "unpack it with xz -d first"),
        (Array("BZh".utf8) + [0x31], "compressed by bzip2", "unpack it with bzip2 -d first"),
        (Array("BZh9".utf8), "compressed by bzip2", "unpack it with bzip2 -d first"),
        ([4, 0x22, 0x4d, 0x18], "compressed by lz4", "unpack it with lz4 -d first"),
        (
            Array("FEA1".utf8), "a Feather file of version 1",
            "write version 2 or Parquet, as pandas' read_feather with to_feather or to_parquet does"
        ),
        ([0x89, 0x48, 0x44, 0x46], "an HDF5 file", "write Parquet or CSV instead, as pandas' read_hdf and to_parquet do"),
        ([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59], "a NumPy array", "write CSV instead, as numpy.savetxt does"),
        (Array("Obj".utf8) + [1], "an Avro file", "write Parquet or CSV instead"),
        (Array("%PDF-".utf8), "a PDF document", "copy its table into a spreadsheet and save that as CSV"),
        (Array("<?xml".utf8), "an XML document", "convert it to CSV or JSON; a spreadsheet program saves its own as xlsx"),
        (Array("ORC".utf8) + [8], "an ORC file", "write Parquet or CSV instead"),
    ]
}
