import CSQLite

/// Another program's SQLite database, read only: never written to, never locked for longer than a query takes.
public final class ForeignDatabase {
    private let database: Database

    /// - Throws: `cannotOpen`, `busy`, and `corrupt` for a file that is no database.
    public init(path: String) throws(StoreError) {
        database = try Database(readingOnly: path)
    }

    /// Names of its tables.
    public func tables() throws(StoreError) -> Set<String> {
        Set(try rows("SELECT name FROM sqlite_master WHERE type = 'table'").compactMap { $0[0].text })
    }

    /// The rows of a query.
    public func rows(_ sql: String) throws(StoreError) -> [[DatabaseField]] {
        try database.rows(sql) { row in (0..<row.columnCount).map { row.value($0) } }
    }
}
