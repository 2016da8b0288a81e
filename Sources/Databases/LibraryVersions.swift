import CSQLite

/// Versions of the libraries the store stands on.
public enum LibraryVersions {
    public static var sqlite: String { String(cString: sqlite3_libversion()) }
}
