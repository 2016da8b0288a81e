import Glibc
import PrintableText

/// Where a result goes: a file that is there whole or not at all, or whatever else a path names.
///
/// A file is written beside its place and takes it when it is complete, with the mode of the one it replaces; until then it has no
/// name (where the file system can do that), so that nothing is left of it whatever becomes of the process. A link stays a link:
/// what it points to is replaced. Devices, pipes and sockets are written to as they are, and `-` is standard output.
public final class OutputFile {
    private enum Place {
        /// Written to as it comes.
        case stream
        /// Renamed, or linked, into its place when complete.
        case beside(folder: Int32, name: String, temporary: String?)
    }

    private let path: String
    private var descriptor: Int32
    private var place: Place
    private var buffer: [UInt8] = []
    private var isFinished = false
    private var isFinishing = false
    private let showsOnTerminal: Bool
    private var rest: [UInt8] = []

    /// The path that stands for standard output.
    public static let standardOutput = "-"

    /// - Throws: when there is a folder at `path`, or nothing can be written there.
    public init(_ path: String) throws(OutputError) {
        self.path = path == Self.standardOutput ? "standard output" : path
        showsOnTerminal = path == Self.standardOutput && isatty(STDOUT_FILENO) == 1
        guard path != Self.standardOutput else {
            (descriptor, place) = (STDOUT_FILENO, .stream)
            return
        }
        var status = stat()
        let exists = stat(path, &status) == 0
        if exists, status.st_mode & S_IFMT == S_IFDIR { throw OutputError(path: path, code: EISDIR) }
        if exists, status.st_mode & S_IFMT != S_IFREG {
            (descriptor, place) = (try Self.open(path, O_WRONLY), .stream)
            return
        }
        let target = Self.resolved(path)
        let folderPath = target.lastIndex(of: "/").map { $0 == target.startIndex ? "/" : String(target[..<$0]) } ?? "."
        let name = target.lastIndex(of: "/").map { String(target[target.index(after: $0)...]) } ?? target
        let folder = Glibc.open(folderPath, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw OutputError(path: path, code: errno) }
        do throws(OutputError) {
            (descriptor, place) = try Self.openBeside(folder, name, path)
        } catch {
            close(folder)
            // A file that may be written in a folder that may not.
            guard exists, error.code == EACCES || error.code == EROFS, access(path, W_OK) == 0 else { throw error }
            (descriptor, place) = (try Self.open(path, O_WRONLY | O_TRUNC), .stream)
            return
        }
        if exists {
            // The owner can be kept only by one who may; the mode always.
            _ = fchown(descriptor, status.st_uid, status.st_gid)
            fchmod(descriptor, status.st_mode & 0o7777)
        }
    }

    deinit { abandon() }

    public func write(_ text: String) throws(OutputError) {
        buffer.append(contentsOf: text.utf8)
        if buffer.count >= 1 << 16 { try flush() }
    }

    public func write(_ bytes: UnsafeBufferPointer<UInt8>) throws(OutputError) {
        buffer.append(contentsOf: bytes)
        if buffer.count >= 1 << 16 { try flush() }
    }

    /// Writes what is left and puts the file in its place. Must be called once, last.
    public func finish() throws(OutputError) {
        isFinishing = true
        try flush()
        if case .beside(let folder, let name, let temporary) = place {
            guard fsync(descriptor) == 0 else { throw OutputError(path: path, code: errno) }
            try settle(in: folder, as: name, from: temporary)
            close(folder)
        }
        isFinished = true
        // Some file systems tell only here that there was no room.
        if descriptor != STDOUT_FILENO, close(descriptor) != 0 { throw OutputError(path: path, code: errno) }
    }

    /// Writes a whole file at once.
    public static func write(_ text: String, to path: String) throws(OutputError) {
        let file = try OutputFile(path)
        try file.write(text)
        try file.finish()
    }

    private func settle(in folder: Int32, as name: String, from temporary: String?) throws(OutputError) {
        var source = temporary
        if source == nil {
            let own = "/proc/self/fd/\(descriptor)"
            if linkat(AT_FDCWD, own, folder, name, AT_SYMLINK_FOLLOW) == 0 { return }
            guard errno == EEXIST else { throw OutputError(path: path, code: errno) }
            // A link replaces nothing; a rename does.
            let named = Self.temporaryName()
            guard linkat(AT_FDCWD, own, folder, named, AT_SYMLINK_FOLLOW) == 0 else { throw OutputError(path: path, code: errno) }
            source = named
        }
        guard let source else { return }
        guard renameat(folder, source, folder, name) == 0 else {
            let code = errno
            unlinkat(folder, source, 0)
            throw OutputError(path: path, code: code)
        }
    }

    private func abandon() {
        guard !isFinished else { return }
        isFinished = true
        if descriptor != STDOUT_FILENO { close(descriptor) }
        guard case .beside(let folder, _, let temporary) = place else { return }
        if let temporary { unlinkat(folder, temporary, 0) }
        close(folder)
    }

    private func flush() throws(OutputError) {
        if showsOnTerminal { makePrintable() }
        if let error = buffer.withUnsafeBytes({ Self.write($0, to: descriptor, named: path) }) { throw error }
        buffer = rest
        rest = []
    }

    /// What others wrote cannot act on the terminal that it is shown on. A line whose end is not there waits for the rest.
    private func makePrintable() {
        if !isFinishing {
            let end = (buffer.lastIndex(of: UInt8(ascii: "\n")) ?? -1) + 1
            rest = Array(buffer[end...])
            buffer.removeSubrange(end...)
        }
        let lines = String(decoding: buffer.filter { $0 != UInt8(ascii: "\r") }, as: UTF8.self)
        buffer = Array(lines.printableLines.utf8)
    }

    /// Writes all of some bytes to an open file.
    /// - Returns: why that could not be done; nil when it was.
    public static func write(
        _ bytes: UnsafeRawBufferPointer, to descriptor: Int32, named path: String
    ) -> OutputError? {
        var start = 0
        while start < bytes.count {
            let count = Glibc.write(descriptor, bytes.baseAddress.map { $0 + start }, bytes.count - start)
            if count < 0, errno == EINTR { continue }
            if count < 0, errno == EAGAIN {
                var ready = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                _ = poll(&ready, 1, -1)
                continue
            }
            guard count > 0 else { return OutputError(path: path, code: count == 0 ? ENOSPC : errno) }
            start += count
        }
        return nil
    }

    private static func openBeside(
        _ folder: Int32, _ name: String, _ path: String
    ) throws(OutputError) -> (Int32, Place) {
        // The kernel's O_TMPFILE, which the C headers hide: a file without a name.
        let nameless = openat(folder, ".", 0o20_000_000 | O_DIRECTORY | O_WRONLY | O_CLOEXEC, 0o666)
        if nameless >= 0 { return (nameless, .beside(folder: folder, name: name, temporary: nil)) }
        let temporary = temporaryName()
        let named = openat(folder, temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard named >= 0 else { throw OutputError(path: path, code: errno) }
        return (named, .beside(folder: folder, name: name, temporary: temporary))
    }

    /// A name that nobody has, short enough for every folder.
    private static func temporaryName() -> String {
        var generator = SystemRandomNumberGenerator()
        return ".descent-\(String(generator.next() as UInt64, radix: 36)).partial"
    }

    private static func open(_ path: String, _ flags: Int32) throws(OutputError) -> Int32 {
        let descriptor = Glibc.open(path, flags | O_CLOEXEC | O_NOCTTY)
        guard descriptor >= 0 else { throw OutputError(path: path, code: errno) }
        return descriptor
    }

    /// Where the links that a path may be lead to, be there something or not.
    private static func resolved(_ path: String) -> String {
        var current = path
        for _ in 0..<40 {
            var bytes = [UInt8](repeating: 0, count: Int(PATH_MAX))
            let count = bytes.withUnsafeMutableBytes { bytes in
                bytes.bindMemory(to: CChar.self).baseAddress.map { readlink(current, $0, bytes.count) } ?? -1
            }
            guard count > 0 else { return current }
            let target = String(decoding: bytes[..<count], as: UTF8.self)
            let folder = current.lastIndex(of: "/").map { String(current[...$0]) } ?? ""
            current = target.hasPrefix("/") ? target : folder + target
        }
        return current
    }
}
