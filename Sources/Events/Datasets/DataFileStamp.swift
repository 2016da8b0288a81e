import Glibc

/// A file's size and when it was last changed: enough to tell cheaply that it is another one by now, without reading it.
public struct DataFileStamp: Hashable, Sendable {
    public var byteCount: Int
    /// Nanoseconds since 1970.
    public var modified: Int

    public init(byteCount: Int, modified: Int) {
        self.byteCount = byteCount
        self.modified = modified
    }

    /// nil when there is no such file.
    public init?(ofFile path: String) {
        guard let status = Self.status(path) else { return nil }
        self.init(byteCount: Int(status.st_size), modified: Self.nanoseconds(status.st_mtim))
    }

    /// The stamp of a file that nothing happened to since a moment before; nil when there is no such file, or something did.
    /// - Parameter time: seconds since 1970. A file's times may lag behind the clock by some milliseconds.
    public init?(ofFile path: String, untouchedSince time: Double) {
        guard let status = Self.status(path) else { return nil }
        // A file that was moved here keeps when it was written, but not when its entry was.
        let last = max(Self.nanoseconds(status.st_mtim), Self.nanoseconds(status.st_ctim))
        guard Double(last) * 1e-9 < time - 0.02 else { return nil }
        self.init(byteCount: Int(status.st_size), modified: Self.nanoseconds(status.st_mtim))
    }

    private static func status(_ path: String) -> stat? {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG ? status : nil
    }

    private static func nanoseconds(_ time: timespec) -> Int { time.tv_sec &* 1_000_000_000 &+ time.tv_nsec }
}
