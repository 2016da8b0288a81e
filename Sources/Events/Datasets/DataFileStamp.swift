import Files

/// A file's size and when it was last changed: enough to tell cheaply that it is another one by now, without reading it.
public struct DataFileStamp: Hashable, Sendable {
    public var byteCount: Int
    /// Nanoseconds since 1970; of a folder or a pattern a number made of the names and times of all its files.
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

    /// The stamp of what a data set's path names: a file, or all files of a folder or a pattern. nil when there is no such thing.
    /// - Parameter time: nil is told, too, when something happened to a file since a moment before; seconds since 1970.
    public init?(at path: String, untouchedSince time: Double? = nil) {
        let stamp = { (path: String) in
            if let time { FileStamp(path, untouchedSince: time) } else { FileStamp(path) }
        }
        guard let files = FileSet(path) else {
            guard let file = stamp(path) else { return nil }
            self.init(file)
            return
        }
        guard !files.members.isEmpty else { return nil }
        var total = 0, hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for member in files.members {
            guard let file = stamp(member.path) else { return nil }
            total = total.addingReportingOverflow(file.size).partialValue
            // FNV-1a.
            for byte in "\(member.name)\n\(file.size)\n\(file.modified)\n".utf8 {
                hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3
            }
        }
        self.init(byteCount: total, modified: Int(hash >> 2))
    }
}
