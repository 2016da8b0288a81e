import Databases
import Glibc

/// Reads a table or view of an SQLite database, with what its log holds, and leaves no file beside it.
enum SQLiteReader {
    private static let mostColumns = 20_000

    static func read(_ file: FileBytes, path: String, options: ReadOptions, schema: TableSchema?) throws(TableError) -> Table {
        try checkIsWhole(file, path)
        let database = try SQLiteFault.tableError(path) { () throws(StoreError) in
            try ForeignDatabase(leavingNothingBeside: path)
        }
        let choice = try SQLiteChoice(database, options.part, path: path)
        let query = "SELECT * FROM \(ForeignDatabase.quoted(choice.name))"
        let head = try SQLiteFault.tableError(path) { () throws(StoreError) in try database.columnNames(query) }
        guard (1...mostColumns).contains(head.count) else {
            throw TableError(
                .tooManyColumns, "\(choice.name) has \(head.count) columns: 1 to \(mostColumns) can be read", path: path)
        }
        let (columns, rowCount, isCut) = try rows(of: query, head.count, database, path: path, options)
        let (names, nameWarnings) = CSVLayout.uniqueNames(head)
        var typed = TypedColumns(options: options, schema: schema)
        for warning in [choice.warning].compactMap({ $0 }) + nameWarnings { typed.add(warning) }
        for (name, column) in zip(names, columns) { column.add(to: &typed, name: name) }
        try typed.finish()
        if rowCount == 0 { typed.add(TableWarning(.noRows, "\(choice.name) has columns and no rows")) }
        var reading = TableReading(format: .sqlite)
        (reading.part, reading.parts, reading.isCut) = (choice.name, choice.names, isCut)
        reading.misfits = typed.misfits
        return Table(
            columns: typed.columns, path: path, reading: reading, schema: typed.schema, byteCount: file.storedCount,
            fingerprint: try fingerprint(file, path: path, threadCount: options.threads), warnings: typed.warnings)
    }

    /// The fingerprint of a database and its log.
    static func fingerprint(_ file: FileBytes, path: String, threadCount: Int) throws(TableError) -> String {
        let own = FileSurvey(file: file, threadCount: threadCount).fingerprint
        guard let logPath = ForeignDatabase.log(of: path) else { return own }
        let log = try FileBytes(path: logPath)
        return FileSurvey.combined([own, FileSurvey(file: log, threadCount: threadCount).fingerprint])
    }

    /// The library reads the file itself, so that it has to be one, and as it is.
    private static func checkIsWhole(_ file: FileBytes, _ path: String) throws(TableError) {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_nlink > 0 else {
            throw TableError(.unsupportedFormat, "is a database in a pipe: save it as a file first", path: path)
        }
        guard file.count == file.storedCount else {
            throw TableError(.unsupportedFormat, "is a compressed database: unpack it first", path: path)
        }
        // What is in the log may lie behind the end.
        guard ForeignDatabase.log(of: path) == nil, let header = SQLiteHeader(file.bytes) else { return }
        if header.isCutShort(byteCount: file.count) {
            throw TableError(.damagedFile, "the database is cut short: copy it again", path: path)
        }
    }

    private static func rows(
        of query: String, _ columnCount: Int, _ database: ForeignDatabase, path: String, _ options: ReadOptions
    ) throws(TableError) -> (columns: [SQLiteColumn], rowCount: Int, isCut: Bool) {
        var columns = (0..<columnCount).map { _ in
            SQLiteColumn(keepsWords: options.keepsTexts || options.missing?.replacesUsual == true)
        }
        var rowCount = 0, isCut = false
        var fault: TableError?
        try SQLiteFault.tableError(path) { () throws(StoreError) in
            try database.walk(query) { row in
                if rowCount == options.rowLimit {
                    isCut = true
                    return false
                }
                for index in columns.indices where !columns[index].add(row, Int32(index)) {
                    fault = TableError(
                        .fieldTooLong, "row \(rowCount + 1) has a text longer than 16 MB: leave its column out", path: path)
                    return false
                }
                rowCount += 1
                guard rowCount & 0xffff == 0 else { return true }
                do throws(TableError) {
                    try MemoryBudget.check(rowCount: rowCount, columnCount: columnCount, path: path)
                } catch { fault = error }
                return fault == nil
            }
        }
        if let fault { throw fault }
        return (columns, rowCount, isCut)
    }
}
