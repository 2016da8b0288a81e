import CheckedNumbers
import Clocks
import Files
import Glibc
import JSON

/// The lock that one process of a workspace holds: its host. It goes with the process, however that ends.
public final class HostLock: Sendable {
    /// Who holds it.
    public struct Holder: Sendable, Hashable {
        public var processID: Int32
        /// - Units: seconds since 1970.
        public var since: Double
        /// Whether it can be asked: where a socket cannot be made it looks at the workspace only.
        public var hasSocket = true
        /// Whether it takes no more jobs: it is about to end, or was killed a moment ago.
        public var isEnding = false
    }

    private let file: Int32
    private let since: Double

    // F_OFD_GETLK and F_OFD_SETLK: locks of the open file, that closing another descriptor of it does not lose.
    private static let getLock: Int32 = 36, setLock: Int32 = 37
    private static var whole: flock {
        var lock = flock()
        (lock.l_type, lock.l_whence) = (Int16(F_WRLCK), Int16(SEEK_SET))
        return lock
    }

    static func path(_ workspace: String) -> String { workspace + "/host.lock" }

    /// Takes the lock.
    /// - Returns: nil where another process has it.
    /// - Throws: where the file cannot be had.
    public init?(_ workspace: String) throws(HostError) {
        let path = Self.path(workspace)
        file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw HostError("\(path) cannot be opened", errno) }
        var lock = Self.whole
        guard fcntl(file, Self.setLock, &lock) == 0 else {
            let code = errno
            close(file)
            if code == EAGAIN || code == EACCES { return nil }
            throw HostError("\(path) cannot be locked", code)
        }
        since = WallClock.now()
        say()
    }

    /// Says who holds it, for those who find it taken.
    public func say(hasSocket: Bool = true, isEnding: Bool = false) {
        let text = JSONValue.object([
            "pid": .integer(Int(getpid())), "since": .number(since), "noSocket": hasSocket ? nil : .boolean(true),
            "ending": isEnding ? .boolean(true) : nil,
        ]).text
        ftruncate(file, 0)
        _ = text.withCString { pwrite(file, $0, strlen($0), 0) }
    }

    deinit { close(file) }

    /// The process that holds it; nil where none does.
    public static func holder(_ workspace: String) -> Holder? {
        let file = open(path(workspace), O_RDWR | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        // Asked, not tried: who tries to have it would for a moment keep it from a host that starts.
        var lock = whole
        guard fcntl(file, getLock, &lock) == 0, Int32(lock.l_type) != F_UNLCK else { return nil }
        var bytes = [UInt8](repeating: 0, count: 256)
        let count = pread(file, &bytes, bytes.count, 0)
        var said: JSONValue?
        if count > 0 { do { said = try JSONValue(parsing: String(decoding: bytes[..<count], as: UTF8.self)) } catch {} }
        // Who has taken it a moment ago has not said yet who it is.
        var holder = Holder(processID: Int32(truncatingIfNeeded: said?["pid"]?.integer ?? 0), since: said?["since"]?.double ?? 0)
        holder.hasSocket = said?["noSocket"]?.boolean != true
        holder.isEnding = said?["ending"]?.boolean == true || isKilled(holder.processID)
        return holder
    }

    /// Whether a process has been killed and is not gone yet, which it cannot say itself.
    static func isKilled(_ process: Int32) -> Bool {
        guard process > 0, let line = FileContents.text("/proc/\(process)/stat", atMost: 4096),
            // The program's name stands in parentheses, and may have some itself.
            let rest = line.lastIndex(of: ")").map({ line[line.index(after: $0)...].split(separator: " ") }), rest.count > 6
        else { return false }
        let isExiting = (UInt(rest[6]) ?? 0) & exitingFlag != 0
        if isExiting || ["Z", "X"].contains(rest[0]) { return true }
        let status = FileContents.text("/proc/\(process)/status", atMost: 1 << 16) ?? ""
        return status.split(separator: "\n").contains { line in
            guard line.hasPrefix("SigPnd:") || line.hasPrefix("ShdPnd:"),
                let set = line.split(whereSeparator: \.isWhitespace).last
            else { return false }
            return (UInt(set, radix: 16) ?? 0) & (1 << UInt(SIGKILL - 1)) != 0
        }
    }

    /// PF_EXITING among a task's flags.
    private static let exitingFlag: UInt = 0x4

    /// Whether a process has a workspace's lock open: the number in the file may be another machine's, or long somebody else's.
    public static func isHeld(by process: Int32, in workspace: String) -> Bool {
        guard process > 0, let folder = opendir("/proc/\(process)/fd") else { return false }
        defer { closedir(folder) }
        var wanted = stat()
        guard stat(path(workspace), &wanted) == 0 else { return false }
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            var open = stat()
            guard stat("/proc/\(process)/fd/\(name)", &open) == 0 else { continue }
            if open.st_ino == wanted.st_ino, open.st_dev == wanted.st_dev { return true }
        }
        return false
    }
}
