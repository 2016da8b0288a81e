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
    public func rows(_ sql: String) throws(StoreError) -> [[Value]] {
        try database.rows(sql) { row in (0..<row.columnCount).map { row.value($0) } }
    }

    /// One field, as SQLite stores it.
    public enum Value: Sendable, Hashable {
        case null
        case integer(Int)
        case real(Double)
        case text(String)

        public var text: String? { if case .text(let text) = self { text } else { nil } }

        public var integer: Int? {
            switch self {
            case .integer(let number): number
            case .real(let number): Int(exactly: number)
            default: nil
            }
        }

        public var number: Double? {
            switch self {
            case .integer(let number): Double(number)
            case .real(let number): number
            default: nil
            }
        }
    }
}
