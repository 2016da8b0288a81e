/// A file that came into the folder that a monitor looks at, as it was when an execution read it.
public struct MonitoredFile: Sendable, Hashable {
    public var name: String
    /// - Units: bytes.
    public var size: Int
    public var inode: UInt
    /// When it was last written to, in nanoseconds since 1970.
    public var modified: Int
    /// How many rows it had; nil where it was not read to its end.
    public var rowCount: Int?
    /// How many of them an execution before had read. The file has grown since.
    public var rowsBefore = 0
    /// Whether an execution before read the file, and what it read is not its beginning any more.
    public var isWrittenAnew = false

    public init(name: String, size: Int, inode: UInt, modified: Int) {
        (self.name, self.size, self.inode, self.modified) = (name, size, inode, modified)
    }

    /// Whether it is the same bytes, under whatever name.
    func isSame(as other: Self) -> Bool { size == other.size && inode == other.inode && modified == other.modified }
}
