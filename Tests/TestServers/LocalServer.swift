import Glibc
import Synchronization
import Threads

/// A server on this machine that serves one connection after the other, each in a conversation that a test writes.
package final class LocalServer: Sendable {
    package let port: Int
    private let socket: Int32
    private let thread = Mutex<NamedThread?>(nil)
    private let isClosed = Atomic(false)

    package struct Fault: Error {}

    package init(_ serve: @escaping @Sendable (Connection) -> Void) throws {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard socket >= 0 else { throw Fault() }
        self.socket = socket
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, $0, length) == 0 && listen(socket, 16) == 0 && getsockname(socket, $0, &length) == 0
            }
        }
        guard isBound else { throw Fault() }
        port = Int(UInt16(bigEndian: address.sin_port))
        let thread = try NamedThread(name: "server", stackBytes: 1 << 20) { [self] in
            while !isClosed.load(ordering: .acquiring) {
                let file = accept(socket, nil, nil)
                if file < 0 { continue }
                let connection = Connection(file) { [self] in isClosed.load(ordering: .acquiring) }
                serve(connection)
                close(file)
            }
        }
        self.thread.withLock { $0 = thread }
    }

    package func end() {
        guard !isClosed.exchange(true, ordering: .acquiringAndReleasing) else { return }
        shutdown(socket, Int32(SHUT_RDWR))
        thread.withLock { $0 }?.join()
        close(socket)
    }
}

/// One conversation of a server.
package final class Connection {
    private let file: Int32
    private var buffer: [UInt8] = []
    private let isClosed: () -> Bool

    init(_ file: Int32, isClosed: @escaping () -> Bool) {
        (self.file, self.isClosed) = (file, isClosed)
        var time = timeval(tv_sec: 0, tv_usec: 100_000)
        setsockopt(file, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
    }

    package func send(_ text: String) {
        let bytes = Array(text.utf8)
        _ = Glibc.send(file, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }

    /// The next line without its end; nil when the other side is gone.
    package func line() -> String? {
        while true {
            if let end = buffer.firstIndex(of: 10) {
                defer { buffer.removeFirst(end + 1) }
                return String(decoding: buffer[..<end].filter { $0 != 13 }, as: UTF8.self)
            }
            guard more() else { return nil }
        }
    }

    package func bytes(_ count: Int) -> [UInt8]? {
        while buffer.count < count { guard more() else { return nil } }
        defer { buffer.removeFirst(count) }
        return Array(buffer.prefix(count))
    }

    /// Says nothing until the other side goes away.
    package func staySilent() { while more() {} }

    private func more() -> Bool {
        var part = [UInt8](repeating: 0, count: 4096)
        while !isClosed() {
            let count = recv(file, &part, part.count, 0)
            if count > 0 {
                buffer += part[..<count]
                return true
            }
            if count == 0 || errno != EAGAIN && errno != EINTR { return false }
        }
        return false
    }
}
