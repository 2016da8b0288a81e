import Databases

/// Which table or view of a database is read.
struct SQLiteChoice {
    let name: String
    /// All there are.
    let names: [String]
    private(set) var warning: TableWarning?

    /// - Parameter wanted: the name that the user gave.
    init(_ database: ForeignDatabase, _ wanted: String?, path: String) throws(TableError) {
        let (tables, views) = try SQLiteFault.tableError(path) { () throws(StoreError) in try database.userTables() }
        names = tables + views
        if let wanted {
            name = try Self.name(wanted, among: names, path: path)
            return
        }
        guard let first = tables.first else {
            // What a view computes may have no end: it is not begun unasked.
            let advice = views.isEmpty ? "give another file" : "say with --table which of its views to read: \(Self.list(views))"
            throw TableError(.emptyFile, "the database has no tables: \(advice)", path: path)
        }
        guard tables.count > 1 else {
            name = first
            return
        }
        name = Self.largest(tables, of: database)
        warning = TableWarning(
            .severalParts,
            "\(path) has \(tables.count) tables and '\(name)', the largest, is read; "
                + "--table NAME reads another: \(Self.list(names.filter { $0 != name }))")
    }

    private static func name(_ wanted: String, among names: [String], path: String) throws(TableError) -> String {
        if names.contains(wanted) { return wanted }
        let like = names.filter { $0.lowercased() == wanted.lowercased() }
        if like.count == 1 { return like[0] }
        let all = names.isEmpty ? "it has none" : "it has \(list(names))"
        throw TableError(.badOption, "the database has no table or view '\(wanted)': \(all)", path: path)
    }

    /// The table of the most rows, the first of several. One whose rows cannot be counted is not chosen over another.
    private static func largest(_ tables: [String], of database: ForeignDatabase) -> String {
        var best = (name: tables[0], count: -1)
        for table in tables {
            var count = -1
            do throws(StoreError) {
                count = try database.rows("SELECT count(*) FROM \(ForeignDatabase.quoted(table))").first?.first?.integer ?? -1
            } catch { continue }
            if count > best.count { best = (table, count) }
        }
        return best.name
    }

    private static func list(_ names: [String]) -> String {
        let shown = names.prefix(20).joined(separator: ", ")
        return names.count > 20 ? "\(shown), … (\(names.count) in all)" : shown
    }
}
