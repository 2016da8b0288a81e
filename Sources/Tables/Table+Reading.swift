import Files

extension Table {
    /// Reads a data file of any `DataFormat`, plain or compressed by gzip or zstd; its content says which.
    ///
    /// A folder, or a pattern such as `parts/2024-*.csv`, is all its data files one after another, in natural order of their names;
    /// columns are matched by name, and folders called `key=value` make columns.
    ///
    /// In text, empty fields, NA, N/A, NaN, null, None and ? are missing, and whole numbers written with leading zeros, such as
    /// 00123, are codes and stay text. Text that is not UTF-8 is converted, with a warning that says from what. In delimited text,
    /// fields are trimmed outside quotes; blank lines between records are skipped, but in a file of one column they are missing
    /// values.
    ///
    /// - Parameters:
    ///   - options: what a user says about the file.
    ///   - schema: what was decided for another file of the same kind: applied, and not guessed again.
    /// - Throws: `fileNotFound`, `notAFile`, `unreadable`, `emptyFile`, `nulByte`; `damagedFile`, `unsupportedFormat`,
    ///   `tooLarge`; `fieldCount`, `openQuote`, `textAfterQuote`, `fieldTooLong`, `invalidJSON` with the place at fault;
    ///   `valueUnusable` where the options are strict.
    public init(
        contentsOf path: String, options: ReadOptions = ReadOptions(), schema: TableSchema? = nil
    ) throws(TableError) {
        var table =
            if let files = try DataFiles(path) {
                try FolderReader.read(files, options: options, schema: schema)
            } else {
                try Self.read(path, options: options, schema: schema)
            }
        if let unknown = options.kinds.keys.sorted().first(where: { table.column(named: $0) == nil }) {
            // The same words as everywhere else for a column that is not there.
            _ = try table.column(matching: unknown)
        }
        table.reading.options = options
        self = table
    }

    /// Reads one file. What is said of columns may be about those of other files.
    static func read(_ path: String, options: ReadOptions, schema: TableSchema?) throws(TableError) -> Table {
        let before = FileStamp(path)
        do throws(TableError) {
            let table = try read(path, options, schema)
            if hasChanged(path, since: before, table) { throw changedMeanwhile(path) }
            return table
        } catch {
            // What is wrong may be so because another program is writing.
            if error.code != .unreadable, hasChanged(path, since: before, nil) { throw changedMeanwhile(path) }
            var error = error
            error.path = error.path ?? path
            throw error
        }
    }

    private static func changedMeanwhile(_ path: String) -> TableError {
        TableError(.unreadable, "changed while it was being read: start again with a file that stays", path: path)
    }

    /// Whether a file may have been read half before and half after a change. A new file under the name does no harm, nor does text
    /// that was added behind what was read; a database reads itself.
    private static func hasChanged(_ path: String, since before: FileStamp?, _ table: Table?) -> Bool {
        guard let before, before.isRegular, let now = FileStamp(path), now != before, now.inode == before.inode else {
            return false
        }
        guard table?.format != .sqlite else { return false }
        if let table, now.size > before.size, [.csv, .jsonLines].contains(table.format) {
            do throws(TableError) {
                return try FileSurvey(file: FileBytes(path: path, range: 0..<before.size, fileSize: now.size), threadCount: 1)
                    .fingerprint != table.fingerprint
            } catch { return true }
        }
        return true
    }

    private static func read(_ path: String, _ options: ReadOptions, _ schema: TableSchema?) throws(TableError) -> Table {
        let file = try FileBytes(path: path)
        let format = if let said = options.format { said } else { try DataFormat(of: file, path: path, options: options) }
        var table =
            switch format {
            case .csv: try CSVReader.read(file, path: path, options: options, schema: schema)
            case .jsonLines: try JSONLinesReader.read(file, path: path, options: options, schema: schema)
            case .json: try JSONReader.read(file, path: path, options: options, schema: schema)
            case .parquet: try ParquetReader.read(file, path: path, options: options, schema: schema)
            case .arrow: try ArrowReader.read(file, path: path, options: options, schema: schema)
            case .xlsx: try WorkbookReader.read(file, path: path, options: options, schema: schema)
            case .idx: try IDXReader.read(file, path: path, options: options)
            case .recordIO: try RecordIOReader.read(file, path: path, options: options, schema: schema)
            case .libsvm: try LibSVMReader.read(file, path: path, options: options, schema: schema)
            case .sqlite: try SQLiteReader.read(file, path: path, options: options, schema: schema)
            }
        // Of formats that are read column by column all was read.
        if let limit = options.rowLimit, table.rowCount > limit {
            table = table.selecting(rows: Array(0..<limit))
            table.reading.isCut = true
        }
        table.reading.options = options
        return table
    }
}
