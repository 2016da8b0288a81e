import Glibc

/// What is known about a file without reading it.
public struct FileStamp: Hashable, Sendable {
    public var size: Int
    public var inode: UInt
    /// When it was last written to, in nanoseconds since 1970.
    public var modified: Int
    /// Whether it is a file that holds bytes, rather than a folder or a device.
    public var isRegular: Bool

    /// nil if there is no such file.
    public init?(_ path: String) {
        guard let status = Self.status(path) else { return nil }
        self.init(status)
    }

    /// The stamp of a file that nothing happened to since a moment before; nil when there is no such file, or something did.
    /// - Parameter time: seconds since 1970. A file's times may lag behind the clock by some milliseconds.
    public init?(_ path: String, untouchedSince time: Double) {
        guard let status = Self.status(path) else { return nil }
        self.init(status)
        // A file that was moved here keeps when it was written, but not when its entry was.
        let last = max(modified, Self.nanoseconds(status.st_ctim))
        guard Double(last) * 1e-9 < time - 0.02 else { return nil }
    }

    /// When a file came to its place or was last changed there, in seconds since 1970; nil if there is no such file. A file that was copied
    /// or moved may say that it was written long before, or at a time to come.
    public static func arrival(_ path: String) -> Double? {
        status(path).map { Double(nanoseconds($0.st_ctim)) * 1e-9 }
    }

    private init(_ status: stat) {
        size = Int(status.st_size)
        inode = UInt(status.st_ino)
        modified = Self.nanoseconds(status.st_mtim)
        isRegular = status.st_mode & S_IFMT == S_IFREG
    }

    private static func status(_ path: String) -> stat? {
        var status = stat()
        return stat(path, &status) == 0 ? status : nil
    }

    private static func nanoseconds(_ time: timespec) -> Int { time.tv_sec &* 1_000_000_000 &+ time.tv_nsec }

    /// When it was last written to, in seconds since 1970.
    public var modifiedAt: Double {
        let (seconds, rest) = modified.quotientAndRemainder(dividingBy: 1_000_000_000)
        return Double(seconds) + Double(rest) * 1e-9
    }
}
