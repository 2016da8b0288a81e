/// How large a database says that it is.
///
/// - Source: SQLite, "Database File Format", 1.3.
struct SQLiteHeader {
    private let pageSize: Int
    private let pageCount: Int

    /// nil for a file that has none.
    init?(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count >= 100 else { return nil }
        let number = { (place: Int) in bytes[place..<place + 4].reduce(0) { $0 << 8 | Int($1) } }
        let size = number(16) >> 16
        pageSize = size == 1 ? 65_536 : size
        // Old versions of the library leave the count as it was; then the two counters differ.
        pageCount = number(24) == number(92) ? number(28) : 0
        guard pageSize >= 512, pageSize & (pageSize - 1) == 0 else { return nil }
    }

    /// Whether a file ends before its last page does. The library takes the bytes that are not there for zeros.
    func isCutShort(byteCount: Int) -> Bool { byteCount % pageSize != 0 || byteCount / pageSize < pageCount }
}
