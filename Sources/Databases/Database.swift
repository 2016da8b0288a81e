import CSQLite
import Glibc

/// One SQLite connection. Use it from one thread at a time; every thread opens its own.
///
/// The library is used in its multi-thread mode: "a single database connection is not used simultaneously in two or more
/// threads" (sqlite.org/threadsafe.html).
// SAFETY: the handle never leaves the object, and whoever holds the object confines it to one thread.
package final class Database: @unchecked Sendable {
    private let handle: OpaquePointer
    private var statements: [String: OpaquePointer] = [:]
    package let path: String

    /// Milliseconds to wait for a lock that another process has on a workspace.
    package static let patience: Int32 = 5_000

    /// The file as it was when it was opened.
    private let place: FilePlace?

    /// How a database is opened.
    package enum Access {
        /// Made if it is not there.
        case making
        /// It must be there.
        case writing
        case reading
        /// Where no file can be written beside it, as on a read-only disk: nothing is locked.
        case readingAlone
        /// While nobody writes it: nothing is locked, and no log is looked for.
        case readingStill
    }

    package convenience init(path: String) throws(StoreError) { try self.init(path: path, .making) }

    /// Opens a database that belongs to another program.
    package convenience init(readingOnly path: String) throws(StoreError) { try self.init(path: path, .reading, patience: 200) }

    /// - Parameter patience: milliseconds to wait for a lock.
    package init(path: String, _ access: Access, patience: Int32 = patience) throws(StoreError) {
        self.path = path
        var opened: OpaquePointer?
        let flags: Int32 =
            switch access {
            case .making: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
            case .writing: SQLITE_OPEN_READWRITE
            case .reading: SQLITE_OPEN_READONLY
            case .readingAlone, .readingStill: SQLITE_OPEN_READONLY | SQLITE_OPEN_URI
            }
        let name: String =
            switch access {
            case .making, .writing, .reading: path
            case .readingAlone: "file:\(Self.escaped(path))?vfs=unix-none"
            case .readingStill: "file:\(Self.escaped(path))?immutable=1"
            }
        let code = sqlite3_open_v2(name, &opened, flags | SQLITE_OPEN_NOMUTEX, nil)
        guard code == SQLITE_OK, let opened else {
            let cause = opened.map { String(cString: sqlite3_errmsg($0)) } ?? String(cString: sqlite3_errstr(code))
            let systemCode = opened.map { sqlite3_system_errno($0) } ?? 0
            sqlite3_close_v2(opened)
            throw Self.failure(code, systemCode: systemCode, path: path, libraryMessage: cause, operation: "open")
        }
        handle = opened
        place = FilePlace(path)
        sqlite3_busy_timeout(handle, patience)
        // Its index of the log is then in memory and not in a file.
        if case .readingAlone = access { try execute("PRAGMA locking_mode = EXCLUSIVE") }
    }

    /// A path as it stands in a URI.
    private static func escaped(_ path: String) -> String {
        path.utf8.reduce(into: "") { text, byte in
            let isPlain =
                byte == UInt8(ascii: "/") || Unicode.Scalar(byte).properties.isAlphabetic && byte < 0x80 || (48...57) ~= byte
            let digits = String(byte, radix: 16)
            text += isPlain ? String(Unicode.Scalar(byte)) : "%" + (digits.count == 1 ? "0" : "") + digits
        }
    }

    /// - Throws: `gone` when the file was removed, moved or replaced since it was opened. What is written then lands in a file
    ///   that has no name any more, and the library does not mind.
    package func checkIsInPlace() throws(StoreError) { try place?.check(path) }

    deinit {
        for statement in statements.values { sqlite3_finalize(statement) }
        sqlite3_close_v2(handle)
    }

    /// Runs statements that give no rows and take no values.
    package func execute(_ sql: String) throws(StoreError) {
        let code = sqlite3_exec(handle, sql, nil, nil, nil)
        if code != SQLITE_OK { throw failure(code, operation: sql) }
    }

    /// Runs a statement for which the library itself does not wait, as it does not where two processes make a new file's log.
    package func executePatiently(_ sql: String) throws(StoreError) {
        // By the clock: where the library waits too, each attempt takes as long as that.
        let deadline = ContinuousClock.now + .milliseconds(Self.patience)
        while ContinuousClock.now < deadline {
            do throws(StoreError) { return try execute(sql) } catch { if error.code != .busy { throw error } }
            usleep(5_000)
        }
        try execute(sql)
    }

    /// Runs one statement with values and hands every row to `body`.
    package func run(_ sql: String, _ values: [Value] = [], row body: (Row) -> Void = { _ in }) throws(StoreError) {
        try walk(sql, values) { row in
            body(row)
            return true
        }
    }

    /// Runs one statement with values and hands rows to `body` for as long as it wants more.
    package func walk(_ sql: String, _ values: [Value] = [], _ wantsMore: (Row) -> Bool) throws(StoreError) {
        let statement = try prepared(sql)
        defer {
            sqlite3_reset(statement)
            sqlite3_clear_bindings(statement)
        }
        for (index, value) in values.enumerated() { bind(value, at: Int32(index + 1), of: statement) }
        while true {
            let code = sqlite3_step(statement)
            if code == SQLITE_ROW {
                guard wantsMore(Row(statement: statement)) else { return }
            } else if code == SQLITE_DONE {
                return
            } else {
                throw failure(code, operation: sql)
            }
        }
    }

    /// The names of a query's columns, whether it has rows or not.
    package func columnNames(_ sql: String) throws(StoreError) -> [String] {
        let statement = try prepared(sql)
        return (0..<sqlite3_column_count(statement)).map { index in
            sqlite3_column_name(statement, index).map { String(cString: $0) } ?? ""
        }
    }

    /// The rows of a query, each turned into a value.
    package func rows<Element>(_ sql: String, _ values: [Value] = [], _ make: (Row) -> Element) throws(StoreError) -> [Element] {
        var out: [Element] = []
        try run(sql, values) { out.append(make($0)) }
        return out
    }

    /// Runs `body` in one write transaction: all of it or nothing.
    package func transaction<Result>(_ body: () throws(StoreError) -> Result) throws(StoreError) -> Result {
        try execute("BEGIN IMMEDIATE")
        do {
            let result = try body()
            try checkIsInPlace()
            try execute("COMMIT")
            return result
        } catch {
            // The transaction may already be gone, as after a full disk; then rolling back says so and that is fine.
            sqlite3_exec(handle, "ROLLBACK", nil, nil, nil)
            throw error
        }
    }

    /// Moves what stands in the log to its place, as far as nobody reads it there, so that the log's room can be used again.
    package func reuseLog() {
        // On a full disk it may fail as everything else does, and then nothing is lost.
        sqlite3_exec(handle, "PRAGMA wal_checkpoint(PASSIVE)", nil, nil, nil)
    }

    /// Rows changed by the last statement.
    package var changedRowCount: Int { Int(sqlite3_changes(handle)) }

    private func prepared(_ sql: String) throws(StoreError) -> OpaquePointer {
        if let statement = statements[sql] { return statement }
        var statement: OpaquePointer?
        let code = sqlite3_prepare_v3(handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil)
        guard code == SQLITE_OK, let statement else { throw failure(code, operation: sql) }
        statements[sql] = statement
        return statement
    }

    private func bind(_ value: Value, at index: Int32, of statement: OpaquePointer) {
        switch value {
        case .null: sqlite3_bind_null(statement, index)
        case .integer(let number): sqlite3_bind_int64(statement, index, Int64(number))
        case .real(let number): sqlite3_bind_double(statement, index, number)
        case .text(let text): sqlite3_bind_text(statement, index, text, -1, cx_sqlite_transient())
        case .blob(let bytes):
            _ = bytes.withUnsafeBytes {
                sqlite3_bind_blob64(statement, index, $0.baseAddress, UInt64($0.count), cx_sqlite_transient())
            }
        }
    }

    private func failure(_ code: Int32, operation: String) -> StoreError {
        // The number of the last system call that failed is only of interest where the code says that one did; and after a failed
        // write, other calls may have succeeded since.
        let isSystem = [SQLITE_IOERR, SQLITE_CANTOPEN, SQLITE_FULL, SQLITE_READONLY, SQLITE_NOMEM].contains(code & 0xFF)
        let message = String(cString: sqlite3_errmsg(handle))
        var systemCode = isSystem ? sqlite3_system_errno(handle) : 0
        if isSystem, [0, ENOENT].contains(systemCode) { systemCode = FileRoom.obstacle(to: path) }
        return Self.failure(code, systemCode: systemCode, path: path, libraryMessage: message, operation: operation)
    }

    /// A value going into a statement.
    package enum Value: Hashable, Sendable {
        case null, integer(Int), real(Double), text(String), blob([UInt8])

        package static func optional(_ number: Double?) -> Value { number.map { .real($0) } ?? .null }
        package static func optional(_ number: Int?) -> Value { number.map { .integer($0) } ?? .null }
        package static func optional(_ text: String?) -> Value { text.map { .text($0) } ?? .null }
    }

    /// The row a query stands on; valid only inside the closure it is handed to.
    package struct Row {
        fileprivate let statement: OpaquePointer

        package func isNull(_ column: Int32) -> Bool { sqlite3_column_type(statement, column) == SQLITE_NULL }
        package func integer(_ column: Int32) -> Int { Int(sqlite3_column_int64(statement, column)) }
        package func real(_ column: Int32) -> Double { sqlite3_column_double(statement, column) }
        package func optionalReal(_ column: Int32) -> Double? { isNull(column) ? nil : real(column) }
        package func optionalInteger(_ column: Int32) -> Int? { isNull(column) ? nil : integer(column) }
        package func text(_ column: Int32) -> String { sqlite3_column_text(statement, column).map { String(cString: $0) } ?? "" }

        /// The bytes of a text, lent for the length of `body`; they may hold NULs.
        package func withText<Result>(_ column: Int32, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
            // The text first: asking for it may convert it, and only then is its length known.
            let text = sqlite3_column_text(statement, column)
            return body(UnsafeBufferPointer(start: text, count: text == nil ? 0 : Int(sqlite3_column_bytes(statement, column))))
        }

        /// How a field is stored.
        package func form(_ column: Int32) -> Form {
            switch sqlite3_column_type(statement, column) {
            case SQLITE_INTEGER: .integer
            case SQLITE_FLOAT: .real
            case SQLITE_TEXT: .text
            case SQLITE_BLOB: .blob
            default: .null
            }
        }

        /// The ways to store a field.
        package enum Form: UInt8 { case null, integer, real, text, blob }

        package var columnCount: Int32 { sqlite3_column_count(statement) }

        /// A field in the type it is stored in; blobs read as nothing.
        package func value(_ column: Int32) -> DatabaseField {
            switch sqlite3_column_type(statement, column) {
            case SQLITE_INTEGER: .integer(integer(column))
            case SQLITE_FLOAT: .real(real(column))
            case SQLITE_TEXT: .text(text(column))
            default: .null
            }
        }

        /// The bytes of a blob, lent for the length of `body`.
        package func withBlob<Result>(_ column: Int32, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
            body(
                UnsafeRawBufferPointer(
                    start: sqlite3_column_blob(statement, column), count: Int(sqlite3_column_bytes(statement, column))))
        }
    }
}
