extension Table {
    /// The first records of a file, for a look before it is read. Of a large text file only the beginning is read, so that this is quick
    /// whatever its size; packed files and other formats are read as always.
    ///
    /// - Parameters:
    ///   - options: as for reading it, with a `rowLimit`.
    ///   - byteLimit: how much of a text file to read at first; more when no record ends within that. At least 1.
    /// - Returns: the table, and whether it has all records of the file. Its fingerprint is not the file's.
    /// - Throws: as `Table.init(contentsOf:)`, but for faults behind what was read.
    public static func preview(
        of path: String, options: ReadOptions, byteLimit: Int = 1 << 20
    ) throws(TableError) -> (table: Table, isWhole: Bool) {
        var limit = max(1, byteLimit)
        while let part = try beginning(of: path, limit: limit, options: options) {
            do throws(TableError) {
                let table = try read(part.file, part.format, path: path, options: options)
                // Of very long records a few say little about how the file is to be read.
                if table.rowCount >= min(options.rowLimit ?? .max, fewRows) || limit >= 1 << 24 { return (table, false) }
            } catch {
                // The cut may have gone through a quoted field; what is wrong with an option is wrong however much is read.
                guard [.openQuote, .emptyFile, .fieldCount].contains(error.code), limit < 1 << 26 else { throw error }
            }
            limit *= 8
        }
        let table = try Table(contentsOf: path, options: options)
        return (table, !table.reading.isCut)
    }

    /// Fewer are too few to tell anything from.
    private static let fewRows = 20

    /// The whole lines within the first bytes of a plain text file; nil for one that is not larger, and for other formats.
    private static func beginning(
        of path: String, limit: Int, options: ReadOptions
    ) throws(TableError) -> (file: FileBytes, format: DataFormat)? {
        let stored = try ByteRegion(path: path)
        guard stored.count > limit, Packing(stored.bytes) == nil else { return nil }
        let format =
            if let said = options.format { said } else {
                try DataFormat(of: FileBytes(path: path), path: path, options: options)
            }
        guard format == .csv || format == .jsonLines else { return nil }
        // In UTF-16 and UTF-32 a newline has several bytes.
        let isWide = stored.bytes.prefix(64).contains(0)
        var end = limit & ~3
        if !isWide {
            guard let newline = stored.bytes.prefix(limit).lastIndex(of: 10) else {
                return limit < 1 << 26 ? try beginning(of: path, limit: limit * 8, options: options) : nil
            }
            end = newline + 1
        }
        return (try FileBytes(path: path, range: 0..<end, fileSize: stored.count), format)
    }

    private static func read(
        _ file: FileBytes, _ format: DataFormat, path: String, options: ReadOptions
    ) throws(TableError) -> Table {
        let table =
            format == .csv
            ? try CSVReader.read(file, path: path, options: options, schema: nil)
            : try JSONLinesReader.read(file, path: path, options: options, schema: nil)
        if let unknown = options.kinds.keys.sorted().first(where: { table.column(named: $0) == nil }) {
            _ = try table.column(matching: unknown)
        }
        return table
    }
}
