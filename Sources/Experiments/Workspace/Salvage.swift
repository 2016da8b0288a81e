import Databases
import Events

/// Copies the rows that can still be read of a damaged database into a new one.
struct Salvage {
    /// Tables whose rows are not wanted: what the new database has by itself, and what concerned processes that are gone.
    private static let leftOut = FeatureStoreList.types.reduce(into: ["migrations", "counter"] as Set) {
        $0.formUnion($1.passingTables)
    }
    /// Rows lie in no place beyond this one.
    private static let lastPlace = 1 << 40

    /// Queries that may fail in a table before the rest of it is given up: enough for a few hundred damaged pages, and soon over
    /// where nothing can be read at all.
    private static let failureLimit = 20_000

    private let old: Database
    private let new: Database
    private let migrations: MigrationList

    /// - Parameter database: a new one, without tables yet.
    init(from path: String, into database: Database, _ migrations: MigrationList) throws(StoreError) {
        old = try Database(path: path, .writing)
        new = database
        self.migrations = migrations
    }

    private struct Progress {
        var count = 0
        var failures = 0
    }

    /// Makes the tables that the old database had, copies into them what can be read, and brings the new database up to date, so that
    /// later migrations see the rows of an older version as they do where nothing is damaged.
    /// - Returns: rows copied, by table.
    func run() throws(StoreError) -> [String: Int] {
        var counts: [String: Int] = [:]
        try migrations.apply(to: new, only: appliedToOld())
        // What they refer to may be lost, or come back from files later.
        try new.execute("PRAGMA foreign_keys = OFF")
        let tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite^_%' ESCAPE '^' ORDER BY rowid"
        for table in try new.rows(tables, [], { $0.text(0) }) where !Self.leftOut.contains(table) {
            var progress = Progress()
            let columns = Self.columns(of: table, in: new).filter(Set(Self.columns(of: table, in: old)).contains)
            try new.transaction { () throws(StoreError) in
                if !columns.isEmpty { try copy(table, columns, 0, Self.lastPlace, &progress) }
            }
            counts[table] = progress.count
            guard columns.contains("change") else { continue }
            try new.run("UPDATE counter SET change = max(change, (SELECT coalesce(max(change), 0) FROM \(table)))")
        }
        try migrations.apply(to: new)
        return counts
    }

    /// The migrations up to the last one that the old database is known to have; all of them when it does not say.
    private func appliedToOld() -> Set<String> {
        var applied: Set<String> = []
        do throws(StoreError) { applied = try MigrationList.applied(to: old) } catch {}
        let names = migrations.migrations.map(\.name)
        return Set(names.lastIndex(where: applied.contains).map { names[...$0] } ?? names[...])
    }

    /// A table's columns; none where they cannot be read.
    private static func columns(of table: String, in database: Database) -> [String] {
        do throws(StoreError) {
            return try database.rows("SELECT name FROM pragma_table_info(?) ORDER BY cid", [.text(table)]) { $0.text(0) }
        } catch { return [] }
    }

    /// Copies the rows between two places; where that fails, each half by itself, down to the row that cannot be read.
    private func copy(
        _ table: String, _ columns: [String], _ first: Int, _ last: Int, _ progress: inout Progress
    ) throws(StoreError) {
        let names = columns.joined(separator: ", ")
        var rows: [[Database.Value]] = []
        do throws(StoreError) {
            // A part at a time, since a table need not fit the memory.
            let limit = 2_000
            var next = first
            while true {
                rows = []
                var lastRead = next
                let sql = "SELECT rowid, \(names) FROM \(table) WHERE rowid BETWEEN ? AND ? ORDER BY rowid LIMIT \(limit)"
                try old.run(sql, [.integer(next), .integer(last)]) { row in
                    lastRead = row.integer(0)
                    rows.append((0..<Int32(columns.count)).map { row.stored($0 + 1) })
                }
                progress.count += try insert(rows, table, columns)
                if rows.count < limit { return }
                next = lastRead + 1
            }
        } catch {
            guard [.corrupt, .failed, .outOfMemory].contains(error.code) else { throw error }
            progress.failures += 1
            guard first < last, progress.failures < Self.failureLimit else { return }
            let middle = first + (last - first) / 2
            // Rows lie at the low end of what is possible.
            try copy(table, columns, first, middle, &progress)
            try copy(table, columns, middle + 1, last, &progress)
        }
    }

    /// Rows that are there already or make no sense are left out.
    private func insert(_ rows: [[Database.Value]], _ table: String, _ columns: [String]) throws(StoreError) -> Int {
        let marks = columns.map { _ in "?" }.joined(separator: ", ")
        let sql = "INSERT OR IGNORE INTO \(table) (\(columns.joined(separator: ", "))) VALUES (\(marks))"
        var count = 0
        for row in rows {
            do throws(StoreError) {
                try new.run(sql, row)
                count += new.changedRowCount
            } catch { if error.code != .failed { throw error } }
        }
        return count
    }

    /// Removes what is kept of runs that did not come back.
    static func removeOrphans(_ database: Database) throws(StoreError) {
        try database.transaction { () throws(StoreError) in try FeatureStoreList(database).removeOrphans() }
    }
}

extension Database.Row {
    /// A field as it can be written again.
    fileprivate func stored(_ column: Int32) -> Database.Value {
        switch value(column) {
        case .integer(let number): .integer(number)
        case .real(let number): .real(number)
        case .text(let text): .text(text)
        case .null: isNull(column) ? .null : withBlob(column) { .blob([UInt8]($0)) }
        }
    }
}
