import Files

/// A file's size and when it was last changed: enough to tell cheaply that it is another one by now, without reading it.
public struct DataFileStamp: Hashable, Sendable {
    public var byteCount: Int
    /// Nanoseconds since 1970.
    public var modified: Int

    public init(byteCount: Int, modified: Int) {
        self.byteCount = byteCount
        self.modified = modified
    }

    /// What of a file's stamp holds for another file with the same content, too; nil for what is no regular file.
    public init?(_ file: FileStamp) {
        guard file.isRegular else { return nil }
        self.init(byteCount: file.size, modified: file.modified)
    }
}
