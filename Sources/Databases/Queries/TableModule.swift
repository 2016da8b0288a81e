import CSQLite
import Glibc

/// The tables that a query database knows.
final class TableRegistry {
    private let tables: [String: any QueriedTable]
    /// What went wrong while rows were read.
    var failure: StoreError?

    init(_ tables: [(name: String, table: any QueriedTable)]) {
        self.tables = Dictionary(tables.map { ($0.name.lowercased(), $0.table) }) { first, _ in first }
    }

    /// As they are called in a query.
    var names: [String] {
        tables.keys.sorted().map { $0.contains { !($0.isLetter || $0.isNumber || $0 == "_") } ? "\"\($0)\"" : $0 }
    }

    func table(_ name: String) -> (any QueriedTable)? { tables[name.lowercased()] }
}

/// How SQLite reads a queried table: the functions of a virtual table (sqlite.org/vtab.html).
enum TableModule {
    /// A table as SQLite holds it: its own part first, as it asks for.
    struct Held {
        var base: sqlite3_vtab
        var table: Unmanaged<TableBox>
    }

    struct HeldCursor {
        var base: sqlite3_vtab_cursor
        var cursor: Unmanaged<CursorBox>
    }

    final class TableBox {
        let table: any QueriedTable
        let registry: TableRegistry

        init(_ table: any QueriedTable, _ registry: TableRegistry) { (self.table, self.registry) = (table, registry) }
    }

    final class CursorBox {
        let cursor: any QueriedCursor
        let registry: TableRegistry

        init(_ cursor: any QueriedCursor, _ registry: TableRegistry) { (self.cursor, self.registry) = (cursor, registry) }

        /// Does something that may fail.
        func attempt(_ body: (any QueriedCursor) throws(StoreError) -> Void) -> Int32 {
            do throws(StoreError) {
                try body(cursor)
                return SQLITE_OK
            } catch {
                registry.failure = error
                return SQLITE_ERROR
            }
        }
    }

    // SAFETY: made once, never changed and never freed; SQLite keeps the pointer for as long as a database uses it.
    nonisolated(unsafe) static let pointer: UnsafePointer<sqlite3_module> = {
        var module = sqlite3_module()
        module.iVersion = 1
        module.xCreate = connect
        module.xConnect = connect
        module.xBestIndex = bestIndex
        module.xDisconnect = disconnect
        module.xDestroy = disconnect
        module.xOpen = open
        module.xClose = close
        module.xFilter = filter
        module.xNext = { cursor in box(cursor).attempt { cursor throws(StoreError) in try cursor.advance() } }
        module.xEof = { cursor in box(cursor).cursor.isAtEnd ? 1 : 0 }
        module.xColumn = { cursor, context, column in
            result(context, box(cursor).cursor.field(Int(column)))
            return SQLITE_OK
        }
        module.xRowid = { cursor, row in
            row?.pointee = sqlite3_int64(box(cursor).cursor.row + 1)
            return SQLITE_OK
        }
        let made = UnsafeMutablePointer<sqlite3_module>.allocate(capacity: 1)
        made.initialize(to: module)
        return UnsafePointer(made)
    }()

    private typealias Table = UnsafeMutablePointer<sqlite3_vtab>
    private typealias Cursor = UnsafeMutablePointer<sqlite3_vtab_cursor>

    private static func box(_ cursor: Cursor?) -> CursorBox {
        guard let cursor else { preconditionFailure("SQLite gave no cursor") }
        return UnsafeMutableRawPointer(cursor).assumingMemoryBound(to: HeldCursor.self).pointee.cursor.takeUnretainedValue()
    }

    private static func box(_ table: Table?) -> TableBox {
        guard let table else { preconditionFailure("SQLite gave no table") }
        return UnsafeMutableRawPointer(table).assumingMemoryBound(to: Held.self).pointee.table.takeUnretainedValue()
    }

    private static let connect:
        @convention(c) (
            OpaquePointer?, UnsafeMutableRawPointer?, Int32, UnsafePointer<UnsafePointer<CChar>?>?,
            UnsafeMutablePointer<Table?>?, UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
        ) -> Int32 = { handle, context, count, arguments, table, _ in
            guard let context, let arguments, count > 2, let name = arguments[2] else { return SQLITE_ERROR }
            let registry = Unmanaged<TableRegistry>.fromOpaque(context).takeUnretainedValue()
            guard let known = registry.table(String(cString: name)) else { return SQLITE_ERROR }
            let columns = zip(QueriedColumn.unique(known.columns.map(\.name)), known.columns).map { name, column in
                "\"\(name.replacing("\"", with: "\"\""))\" \(column.type)"
            }
            let code = sqlite3_declare_vtab(handle, "CREATE TABLE x(\(columns.joined(separator: ", ")))")
            guard code == SQLITE_OK else { return code }
            let held = UnsafeMutablePointer<Held>.allocate(capacity: 1)
            held.initialize(to: Held(base: sqlite3_vtab(), table: .passRetained(TableBox(known, registry))))
            table?.pointee = UnsafeMutableRawPointer(held).assumingMemoryBound(to: sqlite3_vtab.self)
            return SQLITE_OK
        }

    private static let disconnect: @convention(c) (Table?) -> Int32 = { table in
        guard let table else { return SQLITE_OK }
        let held = UnsafeMutableRawPointer(table).assumingMemoryBound(to: Held.self)
        held.pointee.table.release()
        held.deallocate()
        return SQLITE_OK
    }

    /// Offers to find rows by one column's value, so that a join need not go through all rows for each.
    private static let bestIndex: @convention(c) (Table?, UnsafeMutablePointer<sqlite3_index_info>?) -> Int32 = { table, info in
        guard let info else { return SQLITE_ERROR }
        let known = box(table).table, rows = max(1, known.estimatedRowCount)
        info.pointee.estimatedCost = Double(rows)
        info.pointee.estimatedRows = sqlite3_int64(rows)
        var best: (place: Int, column: Int, rows: Int)?
        for index in 0..<Int(info.pointee.nConstraint) {
            let constraint = info.pointee.aConstraint[index]
            guard constraint.usable != 0, Int32(constraint.op) == SQLITE_INDEX_CONSTRAINT_EQ, constraint.iColumn >= 0,
                let distinct = known.distinctCount(Int(constraint.iColumn)),
                sqlite3_vtab_collation(info, Int32(index)).map({ strcmp($0, "BINARY") }) == 0
            else { continue }
            let found = max(1, rows / max(1, distinct))
            if best.map({ found < $0.rows }) ?? true { best = (index, Int(constraint.iColumn), found) }
        }
        guard let best else { return SQLITE_OK }
        info.pointee.aConstraintUsage[best.place].argvIndex = 1
        info.pointee.idxNum = Int32(best.column + 1)
        info.pointee.estimatedCost = Double(best.rows) + 1
        info.pointee.estimatedRows = sqlite3_int64(best.rows)
        return SQLITE_OK
    }

    private static let open: @convention(c) (Table?, UnsafeMutablePointer<Cursor?>?) -> Int32 = { table, cursor in
        let known = box(table)
        let held = UnsafeMutablePointer<HeldCursor>.allocate(capacity: 1)
        held.initialize(
            to: HeldCursor(
                base: sqlite3_vtab_cursor(), cursor: .passRetained(CursorBox(known.table.cursor(), known.registry))))
        cursor?.pointee = UnsafeMutableRawPointer(held).assumingMemoryBound(to: sqlite3_vtab_cursor.self)
        return SQLITE_OK
    }

    private static let close: @convention(c) (Cursor?) -> Int32 = { cursor in
        guard let cursor else { return SQLITE_OK }
        let held = UnsafeMutableRawPointer(cursor).assumingMemoryBound(to: HeldCursor.self)
        held.pointee.cursor.release()
        held.deallocate()
        return SQLITE_OK
    }

    private static let filter:
        @convention(c) (Cursor?, Int32, UnsafePointer<CChar>?, Int32, UnsafeMutablePointer<OpaquePointer?>?) -> Int32 = {
            cursor, column, _, count, values in
            let wanted = count > 0 ? values?[0].map { (column: Int(column) - 1, value: field($0)) } : nil
            return box(cursor).attempt { cursor throws(StoreError) in try cursor.start(wanted) }
        }

    private static func field(_ value: OpaquePointer) -> DatabaseField {
        switch sqlite3_value_type(value) {
        case SQLITE_INTEGER: return .integer(Int(sqlite3_value_int64(value)))
        case SQLITE_FLOAT: return .real(sqlite3_value_double(value))
        case SQLITE_TEXT: return .text(sqlite3_value_text(value).map { String(cString: $0) } ?? "")
        default: return .null
        }
    }

    private static func result(_ context: OpaquePointer?, _ field: DatabaseField) {
        switch field {
        case .null: sqlite3_result_null(context)
        case .integer(let number): sqlite3_result_int64(context, sqlite3_int64(number))
        case .real(let number): sqlite3_result_double(context, number)
        case .text(""): sqlite3_result_text(context, "", 0, cx_sqlite_transient())
        case .text(var text):
            text.withUTF8 { bytes in
                bytes.withMemoryRebound(to: CChar.self) {
                    sqlite3_result_text(context, $0.baseAddress, Int32($0.count), cx_sqlite_transient())
                }
            }
        }
    }
}
