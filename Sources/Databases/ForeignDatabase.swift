import CSQLite
import Glibc

/// Another program's SQLite database, read only: never written to, never locked for longer than a query takes.
public final class ForeignDatabase {
    private let database: Database

    /// - Throws: `cannotOpen`, `busy`, and `corrupt` for a file that is no database.
    public init(path: String) throws(StoreError) {
        database = try Database(readingOnly: path)
    }

    /// A database that may come from anywhere, opened so that no file appears beside it, not even the index of its log.
    ///
    /// - Throws: as `init(path:)`, and `readOnly` when a change to it was never completed.
    public init(leavingNothingBeside path: String) throws(StoreError) {
        // The library looks for the log beside the file that a link leads to.
        let path = Self.target(path)
        database = try Database(path: path, Self.access(path))
        // What its views and indices call must do nothing but compute.
        try database.execute("PRAGMA trusted_schema = OFF; PRAGMA query_only = ON; PRAGMA cell_size_check = ON")
    }

    /// Names of its tables.
    public func tables() throws(StoreError) -> Set<String> {
        Set(try rows("SELECT name FROM sqlite_master WHERE type = 'table'").compactMap { $0[0].text })
    }

    /// The tables and the views that a user made, in the order in which they were made.
    public func userTables() throws(StoreError) -> (tables: [String], views: [String]) {
        let plain =
            "SELECT name, type FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite!_%' ESCAPE '!'"
        // Tables that the library made for others, such as those of a text index, are no user's; old versions cannot tell.
        let list = plain + " AND name NOT IN (SELECT name FROM pragma_table_list WHERE type = 'shadow')"
        let found: [[DatabaseField]]
        do throws(StoreError) { found = try rows(list + " ORDER BY rowid") } catch {
            guard error.code == .failed else { throw error }
            found = try rows(plain + " ORDER BY rowid")
        }
        let names = { (type: String) in found.filter { $0[1].text == type }.compactMap { $0[0].text } }
        return (names("table"), names("view"))
    }

    /// The rows of a query.
    public func rows(_ sql: String) throws(StoreError) -> [[DatabaseField]] {
        try database.rows(sql) { row in (0..<row.columnCount).map { row.value($0) } }
    }

    /// The names of a query's columns.
    package func columnNames(_ sql: String) throws(StoreError) -> [String] { try database.columnNames(sql) }

    /// Hands out the rows of a query for as long as `wantsMore`.
    package func walk(_ sql: String, _ wantsMore: (Database.Row) -> Bool) throws(StoreError) {
        try database.walk(sql, [], wantsMore)
    }

    /// A name as it stands in a statement.
    public static func quoted(_ name: String) -> String { "\"" + name.replacing("\"", with: "\"\"") + "\"" }

    /// Where the log of a database is; nil when there is none, or nothing in it.
    public static func log(of path: String) -> String? {
        let log = target(path) + "-wal"
        return size(log) ?? 0 > 0 ? log : nil
    }

    /// The file that a path leads to.
    private static func target(_ path: String) -> String {
        guard let real = realpath(path, nil) else { return path }
        defer { free(real) }
        return String(cString: real)
    }

    /// The library makes the log and its index where a database is to have some and they are not there.
    private static func access(_ path: String) -> Database.Access {
        let log = size(path + "-wal")
        if log != nil, size(path + "-shm") != nil { return .reading }
        if let log, log > 0 { return .readingAlone }
        return hasLog(path) ? .readingStill : .reading
    }

    private static func size(_ path: String) -> Int? {
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_size) : nil
    }

    /// Whether changes are logged in a file of their own, as the header says.
    private static func hasLog(_ path: String) -> Bool {
        guard let file = fopen(path, "r") else { return false }
        defer { fclose(file) }
        var header = [UInt8](repeating: 0, count: 20)
        return fread(&header, 1, header.count, file) == header.count && header[19] == 2
    }
}
