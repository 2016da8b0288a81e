import Databases

/// What the library says about a database, in words for whoever wants its rows.
enum SQLiteFault {
    static func tableError<Result>(_ path: String, _ body: () throws(StoreError) -> Result) throws(TableError) -> Result {
        do throws(StoreError) { return try body() } catch { throw tableError(error, path) }
    }

    static func tableError(_ error: StoreError, _ path: String) -> TableError {
        let (code, message): (TableError.Code, String) =
            switch error.code {
            case .corrupt: (.damagedFile, "the database is damaged: copy it again, or save what is left with sqlite3's .recover")
            case .busy: (.unreadable, "another program is writing the database: try again when it is done")
            case .readOnly:
                (.unreadable, "a change to the database was never completed: open it once with the program that writes it")
            case .outOfMemory: (.tooLarge, "there is not enough memory for the database: keep fewer rows or columns")
            case .cannotOpen: (.unreadable, "the database cannot be opened: check its permissions and those of its folder")
            default: (.unreadable, "the database cannot be read: check that sqlite3 reads it")
            }
        return TableError(code, message + (error.cause.map { " (\($0))" } ?? ""), path: path)
    }
}
