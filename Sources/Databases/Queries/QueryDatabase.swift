import CSQLite
import Glibc

/// A database in memory whose tables are others' rows, to be asked and not to be changed.
///
/// A query can do nothing but read these tables: whatever else a statement may ask for (files, settings, extensions, tables of its
/// own) is refused before it runs. What has to be sorted or grouped and does not fit into 64 MB goes to files without a name.
package final class QueryDatabase {
    private var handle: OpaquePointer?
    private let registry: TableRegistry
    private let patience: Patience

    /// Bytes that a single value may have.
    private static let longestValue: Int32 = 64 << 20

    /// Names have to differ, whatever the case of their letters.
    package init(_ tables: [(name: String, table: any QueriedTable)]) throws(QueryFault) {
        registry = TableRegistry(tables)
        patience = Patience()
        guard sqlite3_open_v2(":memory:", &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nil) == SQLITE_OK else {
            throw QueryFault("there is not enough memory for a query: end other programs")
        }
        sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, Self.longestValue)
        let mostColumns = Int(sqlite3_limit(handle, SQLITE_LIMIT_COLUMN, -1))
        for (name, table) in tables where table.columns.count > mostColumns {
            throw QueryFault(
                "\(name) has \(table.columns.count) columns, and a query reads at most \(mostColumns): keep fewer of them first")
        }
        let context = Unmanaged.passUnretained(registry).toOpaque()
        var code = cx_sqlite_take_quotes_as_names(handle)
        if code == SQLITE_OK { code = sqlite3_create_module_v2(handle, "rows", TableModule.pointer, context, nil) }
        for (name, _) in tables where code == SQLITE_OK {
            let quoted = "\"" + name.replacing("\"", with: "\"\"") + "\""
            code = sqlite3_exec(handle, "CREATE VIRTUAL TABLE \(quoted) USING rows", nil, nil, nil)
        }
        if code == SQLITE_OK {
            code = sqlite3_exec(
                handle, "PRAGMA cache_size = -65536; PRAGMA trusted_schema = OFF; PRAGMA query_only = ON", nil, nil, nil)
        }
        guard code == SQLITE_OK else { throw fault() }
        sqlite3_set_authorizer(handle, { _, action, _, name, _, _ in QueryDatabase.allows(action, name) }, nil)
        sqlite3_progress_handler(
            handle, 20_000,
            { context in
                guard let context else { return 0 }
                return Unmanaged<Patience>.fromOpaque(context).takeUnretainedValue().isWanted() ? 0 : 1
            }, Unmanaged.passUnretained(patience).toOpaque())
    }

    deinit { sqlite3_close_v2(handle) }

    /// Runs one query.
    ///
    /// - Parameters:
    ///   - isWanted: asked now and then whether anybody still wants to know.
    ///   - names: told the names of the columns before the first row.
    ///   - row: told every row; the query ends when it says false.
    package func run(
        _ sql: String, isWanted: @escaping () -> Bool = { true }, names: ([String]) -> Void, row: ([DatabaseField]) -> Bool
    ) throws(QueryFault) {
        patience.isWanted = isWanted
        registry.failure = nil
        let statement = try prepared(sql)
        defer { sqlite3_finalize(statement) }
        let count = sqlite3_column_count(statement)
        names((0..<count).map { sqlite3_column_name(statement, $0).map { String(cString: $0) } ?? "" })
        while true {
            switch sqlite3_step(statement) {
            case SQLITE_ROW: guard row((0..<count).map { Self.field(statement, $0) }) else { return }
            case SQLITE_DONE: return
            case SQLITE_INTERRUPT:
                var fault = QueryFault("the query was ended")
                fault.isCancelled = true
                throw fault
            default: throw fault(sql)
            }
        }
    }

    private func prepared(_ sql: String) throws(QueryFault) -> OpaquePointer {
        var statement: OpaquePointer?
        var rest = 0
        let code = sql.withCString { start -> Int32 in
            var tail: UnsafePointer<CChar>?
            let code = sqlite3_prepare_v2(handle, start, -1, &statement, &tail)
            rest = tail.map { $0 - start } ?? 0
            return code
        }
        guard code == SQLITE_OK else {
            if code & 0xFF == SQLITE_AUTH { throw Self.onlyReads }
            throw fault(sql)
        }
        guard let statement else { throw QueryFault("there is no query: write select … from …") }
        // What gives no rows does something else.
        guard sqlite3_column_count(statement) > 0 else {
            sqlite3_finalize(statement)
            throw Self.onlyReads
        }
        let more = Array(sql.utf8)[min(rest, sql.utf8.count)...]
        if more.contains(where: { ![9, 10, 13, 32, UInt8(ascii: ";")].contains($0) }), !Self.isRemark(more) {
            sqlite3_finalize(statement)
            throw QueryFault("one query at a time: take out what follows it", at: Self.place(rest, in: sql))
        }
        return statement
    }

    private static let onlyReads = QueryFault("a query only reads: begin it with select or with")

    /// Whether what follows a statement is only remarks, as far as one line of them.
    private static func isRemark(_ bytes: ArraySlice<UInt8>) -> Bool {
        let text = bytes.drop { [9, 10, 13, 32, UInt8(ascii: ";")].contains($0) }
        return text.starts(with: "--".utf8) && !text.contains(10)
    }

    private static func field(_ statement: OpaquePointer, _ column: Int32) -> DatabaseField {
        switch sqlite3_column_type(statement, column) {
        case SQLITE_INTEGER: return .integer(Int(sqlite3_column_int64(statement, column)))
        case SQLITE_FLOAT: return .real(sqlite3_column_double(statement, column))
        case SQLITE_NULL: return .null
        default:
            // The text first: asking for it may convert it, and only then is its length known.
            guard let text = sqlite3_column_text(statement, column) else { return .null }
            return .text(
                String(
                    decoding: UnsafeBufferPointer(start: text, count: Int(sqlite3_column_bytes(statement, column))), as: UTF8.self
                ))
        }
    }

    /// What a statement may do: read, compute, and call itself.
    private static func allows(_ action: Int32, _ name: UnsafePointer<CChar>?) -> Int32 {
        switch action {
        case SQLITE_SELECT, SQLITE_READ, SQLITE_RECURSIVE: SQLITE_OK
        case SQLITE_FUNCTION: name.map { strcasecmp($0, "load_extension") } == 0 ? SQLITE_DENY : SQLITE_OK
        default: SQLITE_DENY
        }
    }

    private func fault(_ sql: String = "") -> QueryFault {
        if let failure = registry.failure { return QueryFault(failure.message) }
        let offset = sqlite3_error_offset(handle)
        var message = String(cString: sqlite3_errmsg(handle))
        if message.hasPrefix("no such table") { message += "; there are \(registry.names.joined(separator: ", "))" }
        return QueryFault(message, at: offset < 0 ? nil : Self.place(Int(offset), in: sql))
    }

    /// Characters before a byte.
    private static func place(_ offset: Int, in sql: String) -> Int {
        String(decoding: Array(sql.utf8).prefix(offset), as: UTF8.self).count
    }
}

/// Asks whether a query is still wanted.
private final class Patience {
    var isWanted: () -> Bool = { true }
}
