import Glibc

/// What is known about a file without reading it.
public struct FileStamp: Hashable, Sendable {
    public var size: Int
    public var inode: UInt
    public var seconds: Int
    public var nanoseconds: Int

    /// nil if there is no such file.
    public init?(_ path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        size = Int(status.st_size)
        inode = UInt(status.st_ino)
        seconds = Int(status.st_mtim.tv_sec)
        nanoseconds = Int(status.st_mtim.tv_nsec)
    }

    /// When it was last written to, in seconds since 1970.
    public var modifiedAt: Double { Double(seconds) + Double(nanoseconds) * 1e-9 }
}
