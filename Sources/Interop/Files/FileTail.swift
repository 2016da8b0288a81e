import Glibc

/// Reads a growing file from where it stopped; what is not whole yet stays for the next time.
struct FileTail {
    let path: String
    /// Bytes read and not yet used.
    private(set) var bytes: [UInt8] = []
    /// Position of the first of `bytes` in the file.
    private(set) var position = 0
    /// Whether the last call left something in the file so as not to take too much at once.
    private(set) var hasMore = false
    private var head: [UInt8] = []
    private var recent: [UInt8] = []
    private var inode: UInt = 0

    enum Outcome {
        case unchanged, grew
        /// The file is another one now or was written anew: `bytes` begin at its first.
        case restarted
        case missing
    }

    /// How much is read at a time, and at first: enough to tell what a log is of.
    static let portion = 4 << 20, firstPortion = 64 << 10
    private static let witnessCount = 512

    init(path: String) { self.path = path }

    private var end: Int { position + bytes.count }

    /// Reads what was added, at most a portion of it.
    mutating func readMore() -> Outcome {
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
        let added = Self.read(file, at: end, count: wanted)
        guard !added.isEmpty else { return outcome }
        if head.count < Self.witnessCount { head += added.prefix(Self.witnessCount - head.count) }
        recent = Array((recent + added.suffix(Self.witnessCount)).suffix(Self.witnessCount))
        bytes += added
        hasMore = end < size
        return outcome == .restarted ? .restarted : .grew
    }

    /// Says that the first `count` bytes are dealt with.
    mutating func consume(_ count: Int) {
        // A copy, so that the room for what was read is given back: there may be thousands of logs.
        bytes = Array(bytes.dropFirst(count))
        position += count
    }

    /// Whether the file still begins as it did, and what was read last still stands where it stood.
    private func isSameFile(_ file: Int32) -> Bool {
        Self.read(file, at: 0, count: head.count) == head
            && Self.read(file, at: end - recent.count, count: recent.count) == recent
    }

    static func read(_ file: Int32, at offset: Int, count: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: max(0, count)) { buffer, done in
            while done < count {
                let part = pread(file, buffer.baseAddress?.advanced(by: done), count - done, off_t(offset + done))
                if part > 0 { done += part } else if part == 0 || errno != EINTR { break }
            }
        }
    }
}

/// What is known about a file without reading it.
struct FileStamp: Hashable {
    var size: Int
    var inode: UInt
    var seconds: Int
    var nanoseconds: Int

    /// nil if there is no such file.
    init?(_ path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        size = Int(status.st_size)
        inode = UInt(status.st_ino)
        seconds = Int(status.st_mtim.tv_sec)
        nanoseconds = Int(status.st_mtim.tv_nsec)
    }

    /// When it was last written to, in seconds since 1970.
    var modifiedAt: Double { Double(seconds) + Double(nanoseconds) * 1e-9 }
}

/// Names, small files and folders.
enum Files {
    /// The first bytes of a file; empty if it cannot be read.
    static func head(_ path: String, count: Int) -> [UInt8] {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { return [] }
        defer { close(file) }
        return FileTail.read(file, at: 0, count: count)
    }

    /// A small text file; nil if it cannot be read.
    static func text(_ path: String, limit: Int = 1 << 20) -> String? {
        guard FileStamp(path) != nil else { return nil }
        return String(decoding: head(path, count: limit), as: UTF8.self)
    }

    /// Names in a folder, without `.` and `..`.
    static func names(in folder: String) -> [String] { list(folder).names }

    /// Names in a folder, and those that are not UTF-8 with their bad bytes written out: no path can be made of them.
    static func list(_ folder: String) -> (names: [String], strange: [String]) {
        guard let handle = opendir(folder) else { return ([], []) }
        defer { closedir(handle) }
        var names: [String] = []
        var strange: [String] = []
        while let entry = readdir(handle) {
            let bytes = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
            if let name = String(validating: bytes, as: UTF8.self) {
                if name != ".", name != ".." { names.append(name) }
            } else {
                strange.append(
                    bytes.map { (0x20..<0x7F).contains($0) ? String(UnicodeScalar($0)) : "\\x" + String($0, radix: 16) }.joined())
            }
        }
        return (names.sorted(), strange.sorted())
    }

    enum Kind { case file, folder, other }

    /// What a path is; links to folders are `other`, so that a search ends.
    static func kind(_ path: String) -> Kind {
        var status = stat()
        guard lstat(path, &status) == 0 else { return .other }
        if status.st_mode & S_IFMT == S_IFLNK {
            guard stat(path, &status) == 0 else { return .other }
            return status.st_mode & S_IFMT == S_IFREG ? .file : .other
        }
        return status.st_mode & S_IFMT == S_IFDIR ? .folder : status.st_mode & S_IFMT == S_IFREG ? .file : .other
    }

    /// Absolute path without links; nil if there is no such thing.
    static func absolute(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    static func name(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }
    static func folder(_ path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// `path` as seen from `root`; its own name when they are the same.
    static func relative(_ path: String, to root: String) -> String {
        if path == root { return name(path) }
        let prefix = root == "/" ? "/" : root + "/"
        return path.hasPrefix(prefix) ? String(path.dropFirst(prefix.count)) : name(path)
    }

    /// The `key: value` lines of a flat YAML file, quotes taken off; anything deeper is left out.
    static func flatYAML(_ text: String) -> [String: String] {
        var out: [String: String] = [:]
        for line in text.split(separator: "\n") where line.first.map({ $0 != " " && $0 != "-" && $0 != "#" }) ?? false {
            guard let colon = line.firstIndex(of: ":") else { continue }
            var value = line[line.index(after: colon)...].drop { $0 == " " }
            while value.last?.isWhitespace ?? false { value.removeLast() }
            if value.count >= 2, let quote = value.first, quote == value.last, quote == "'" || quote == "\"" {
                value = value.dropFirst().dropLast()
            }
            out[String(line[..<colon])] = String(value)
        }
        return out
    }
}
