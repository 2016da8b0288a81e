import Clocks
import Glibc
import JSON
import Synchronization
import Threads

/// Where the host hears other processes of its user: a socket in the workspace that nobody else may open. One line of JSON is asked, one
/// answered.
// SAFETY: the descriptors are written once, in init; the thread handle is used by init and close alone.
public final class HostSocket: @unchecked Sendable {
    private let listening: Int32
    private let address: HostAddress
    private let isClosed = Atomic<Bool>(false)
    private var thread: NamedThread?

    /// - Parameter answer: called on the socket's thread.
    /// - Throws: where no socket can be made in the workspace's folder.
    public init(_ workspace: String, answer: @escaping @Sendable (JSONValue) -> JSONValue) throws(HostError) {
        address = try HostAddress(workspace)
        listening = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard listening >= 0 else { throw HostError("no socket can be made", errno) }
        // Of a host that was killed: the lock says that there is no other.
        address.unlink()
        guard address.call(bind, listening) == 0, address.restrict(), listen(listening, 16) == 0 else {
            let code = errno
            Glibc.close(listening)
            address.close()
            throw HostError("no socket can be made in \(workspace)", code)
        }
        do throws(ThreadError) {
            thread = try NamedThread(name: "host socket", stackBytes: 1 << 20) { [self] in
                while !isClosed.load(ordering: .acquiring) {
                    let client = accept(listening, nil, nil)
                    if client < 0 {
                        // A shortage of descriptors passes; a socket that is closed is closed.
                        if errno == EINTR || errno == ECONNABORTED { continue }
                        if errno == EMFILE || errno == ENFILE || errno == ENOMEM { usleep(100_000); continue }
                        return
                    }
                    _ = fcntl(client, F_SETFD, FD_CLOEXEC)
                    if !isClosed.load(ordering: .acquiring), Self.isOwn(client), let asked = HostLine.read(client) {
                        HostLine.write(answer(asked), to: client)
                    }
                    Glibc.close(client)
                }
            }
        } catch { throw HostError(error.description) }
    }

    /// Whether the process at the other end is this user's, or the administrator's.
    private static func isOwn(_ client: Int32) -> Bool {
        // `ucred`: process, user, group.
        var who: [UInt32] = [0, .max, .max], length = socklen_t(12)
        guard getsockopt(client, SOL_SOCKET, SO_PEERCRED, &who, &length) == 0, length == 12 else { return false }
        return who[1] == geteuid() || who[1] == 0
    }

    public func close() {
        isClosed.store(true, ordering: .releasing)
        shutdown(listening, Int32(SHUT_RDWR))
        thread?.join()
        thread = nil
        address.unlink()
        address.close()
        Glibc.close(listening)
    }
}

/// One line of JSON through a socket, within two seconds.
enum HostLine {
    /// Nothing that is asked or answered is longer.
    private static let mostBytes = 1 << 20

    static func read(_ socket: Int32) -> JSONValue? {
        limit(socket)
        // Also of one that says a byte a second.
        let end = SteadyClock.seconds() + Double(seconds)
        var bytes: [UInt8] = [], portion = [UInt8](repeating: 0, count: 4096)
        while bytes.last != UInt8(ascii: "\n") {
            guard SteadyClock.seconds() < end else { return nil }
            let count = recv(socket, &portion, portion.count, 0)
            if count < 0, errno == EINTR { continue }
            guard count > 0, bytes.count + count <= mostBytes else { return nil }
            bytes += portion[..<count]
        }
        do { return try JSONValue(parsing: String(decoding: bytes, as: UTF8.self)) } catch { return nil }
    }

    @discardableResult
    static func write(_ value: JSONValue, to socket: Int32) -> Bool {
        limit(socket)
        var bytes = Array((value.text + "\n").utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            bytes = bytes.dropFirst(count)
        }
        return true
    }

    private static let seconds = 2

    /// Neither connecting nor writing nor reading takes longer.
    static func limit(_ socket: Int32) {
        var time = timeval(tv_sec: seconds, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            setsockopt(socket, SOL_SOCKET, option, &time, socklen_t(MemoryLayout<timeval>.size))
        }
    }
}
