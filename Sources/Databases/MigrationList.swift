/// A database's history: named steps in order, each applied once and recorded by its name in the table `migrations`. Append to it,
/// never change it.
package struct MigrationList: Sendable {
    package let migrations: [Migration]

    package init(_ migrations: [Migration]) {
        let names = migrations.map(\.name)
        precondition(Set(names).count == names.count, "two migrations have one name: \(names)")
        self.migrations = migrations
    }

    private var names: Set<String> { Set(migrations.map(\.name)) }

    /// Brings a database up to date.
    /// - Parameter wanted: only the steps of these names; nil = all. Who copies the rows of a damaged database makes the tables that
    ///   one had, and lets the later steps work on the rows.
    /// - Throws: `newerVersion` when the workspace was written by a newer Descent.
    package func apply(to database: Database, only wanted: Set<String>? = nil) throws(StoreError) {
        // Readers and one writer at a time do not block each other; a commit survives a killed process (not a lost machine,
        // for which the last moments may be missing but the file is never damaged).
        // Large pages suit curves, which are read in pieces of 28 kB; only a new database takes the size over.
        try database.execute("PRAGMA page_size = 16384")
        try database.executePatiently("PRAGMA journal_mode = WAL")
        try database.execute("PRAGMA synchronous = NORMAL")
        try database.execute("PRAGMA foreign_keys = ON")
        if try isUpToDate(database) { return }
        try database.transaction { () throws(StoreError) in
            try database.execute("CREATE TABLE IF NOT EXISTS migrations (name TEXT PRIMARY KEY) STRICT")
            let applied = try Self.applied(to: database)
            if let unknown = applied.subtracting(names).sorted().first {
                throw StoreError(
                    code: .newerVersion,
                    message:
                        "\(database.path) was written by a newer Descent (\(unknown)): use that version or another workspace",
                    operation: "migrate")
            }
            for migration in migrations where !applied.contains(migration.name) && wanted?.contains(migration.name) != false {
                try database.execute(migration.sql)
                try database.run("INSERT INTO migrations VALUES (?)", [.text(migration.name)])
            }
        }
    }

    /// Checks that a database that is only read is one of this version: it cannot be brought up to date.
    /// - Throws: `newerVersion` and `olderVersion`.
    package func check(_ database: Database) throws(StoreError) {
        if try isUpToDate(database) { return }
        let isNewer = try !Self.applied(to: database).subtracting(names).isEmpty
        throw StoreError(
            code: isNewer ? .newerVersion : .olderVersion,
            message: isNewer
                ? "\(database.path) was written by a newer Descent: use that version or another workspace"
                : "\(database.path) was written by an older Descent and cannot be brought up to date, since it cannot be written: "
                    + "copy the workspace to where it can",
            operation: "migrate")
    }

    private func isUpToDate(_ database: Database) throws(StoreError) -> Bool { try Self.applied(to: database) == names }

    /// Names of the steps that a database has behind it; none where that is not recorded.
    package static func applied(to database: Database) throws(StoreError) -> Set<String> {
        let tables = try database.rows("SELECT count(*) FROM sqlite_master WHERE name = 'migrations'") { $0.integer(0) }
        return tables == [0] ? [] : Set(try database.rows("SELECT name FROM migrations") { $0.text(0) })
    }
}
