import Files
import Glibc

/// Reads a growing file from where it stopped; what is not whole yet stays for the next time.
package struct FileTail {
    package let path: String
    /// Bytes read and not yet used.
    package private(set) var bytes: [UInt8] = []
    /// Position of the first of `bytes` in the file.
    private(set) var position = 0
    /// Whether the last call left something in the file so as not to take too much at once.
    package private(set) var hasMore = false
    private var head: [UInt8] = []
    private var recent: [UInt8] = []
    private var inode: UInt = 0

    package enum Outcome {
        case unchanged, grew
        /// The file is another one now or was written anew: `bytes` begin at its first.
        case restarted
        case missing
    }

    /// How much is read at a time, and at first: enough to tell what a log is of.
    static let portion = 4 << 20, firstPortion = 64 << 10
    private static let witnessCount = 512

    package init(path: String) { self.path = path }

    private var end: Int { position + bytes.count }

    /// Reads what was added, at most a portion of it.
    package mutating func readMore() -> Outcome {
        hasMore = false
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { return .missing }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return .missing }
        let size = Int(status.st_size)
        var outcome = Outcome.unchanged
        if end > 0, size < end || UInt(status.st_ino) != inode || !isSameFile(file) {
            self = FileTail(path: path)
            outcome = .restarted
        }
        inode = UInt(status.st_ino)
        guard size > end else { return outcome }
        let wanted = min(size - end, end == 0 ? Self.firstPortion : Self.portion)
        let added = FileContents.read(file, at: end, count: wanted)
        guard !added.isEmpty else { return outcome }
        if head.count < Self.witnessCount { head += added.prefix(Self.witnessCount - head.count) }
        recent = Array((recent + added.suffix(Self.witnessCount)).suffix(Self.witnessCount))
        bytes += added
        hasMore = end < size
        return outcome == .restarted ? .restarted : .grew
    }

    /// Says that the first `count` bytes are dealt with.
    package mutating func consume(_ count: Int) {
        // A copy, so that the room for what was read is given back: there may be thousands of logs.
        bytes = Array(bytes.dropFirst(count))
        position += count
    }

    /// Whether the file still begins as it did, and what was read last still stands where it stood.
    private func isSameFile(_ file: Int32) -> Bool {
        FileContents.read(file, at: 0, count: head.count) == head
            && FileContents.read(file, at: end - recent.count, count: recent.count) == recent
    }
}
