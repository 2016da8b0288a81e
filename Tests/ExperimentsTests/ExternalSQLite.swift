import CSQLite
import Glibc
import Testing

/// Another program at the same database file.
enum ExternalSQLite {
    /// Copies a file as it is.
    static func copy(_ path: String, to other: String) throws {
        let (source, target) = (fopen(path, "r"), fopen(other, "w"))
        defer { for file in [source, target] { if let file { fclose(file) } } }
        let (input, output) = (try #require(source), try #require(target))
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = fread(&buffer, 1, buffer.count, input)
            if count == 0 { return }
            try #require(fwrite(buffer, 1, count, output) == count)
        }
    }

    static func execute(_ sql: String, path: String) throws {
        var handle: OpaquePointer?
        try #require(sqlite3_open(path, &handle) == SQLITE_OK)
        defer { sqlite3_close(handle) }
        sqlite3_busy_timeout(handle, 5_000)
        try #require(sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK)
    }
}
