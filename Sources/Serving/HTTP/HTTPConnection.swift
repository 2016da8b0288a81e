import Clocks
import Glibc
import Synchronization

/// A client's connection: what it is expected to do next, and since when. Whoever takes longer than allowed is cut off, however many
/// bytes it says meanwhile.
final class HTTPConnection: Sendable {
    enum Phase: UInt8 {
        /// The client says a head, or nothing.
        case head
        case body
        /// The request is being answered: nobody waits for the client.
        case answering
        case sending
    }

    let socket: Int32
    /// Whether there were as many before it as may be: it is told so, and not served.
    let isBeyond: Bool
    private let isEncrypted: Bool
    private let phase = Atomic<UInt8>(Phase.head.rawValue)
    private let since: Atomic<UInt64>

    init(socket: Int32, isBeyond: Bool, isEncrypted: Bool) {
        (self.socket, self.isBeyond, self.isEncrypted) = (socket, isBeyond, isEncrypted)
        since = Atomic(SteadyClock.nanoseconds())
    }

    func enter(_ new: Phase, at time: UInt64) {
        since.store(time, ordering: .relaxed)
        phase.store(new.rawValue, ordering: .releasing)
    }

    /// Whether the client has taken longer than it may.
    func isLate(_ limits: ServerLimits, at now: UInt64) -> Bool {
        let allowed: Double
        switch Phase(rawValue: phase.load(ordering: .acquiring)) {
        case .head: allowed = limits.headSeconds
        case .body: allowed = limits.bodySeconds
        case .sending: allowed = limits.answerSeconds
        case .answering, nil: return false
        }
        let began = since.load(ordering: .relaxed)
        return now > began && Double(now - began) * 1e-9 > allowed
    }

    /// Whether nothing has changed for a while that ends when the client says something.
    func isWaitedFor(_ seconds: Double, at now: UInt64) -> Bool {
        let isClients = [.head, .body].contains(Phase(rawValue: phase.load(ordering: .acquiring)))
        let began = since.load(ordering: .relaxed)
        return isClients && now > began && Double(now - began) * 1e-9 > seconds
    }

    /// Says that the request's address is too long, and ends: the library has no room left to say so itself, and would say nothing.
    func refuseAddress() {
        let text = "HTTP/1.1 414 URI Too Long\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        // Within TLS it would be no answer.
        if !isEncrypted {
            _ = text.utf8.withContiguousStorageIfAvailable { send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        }
        cutOff()
    }

    /// Ends both directions: the library then finds that the client is gone.
    func cutOff() { shutdown(socket, Int32(SHUT_RDWR)) }
}

/// All connections of a server, with how many there are.
final class ConnectionList: Sendable {
    private let list = Mutex<[ObjectIdentifier: HTTPConnection]>([:])
    private let size = Atomic<Int>(0)

    var count: Int { size.load(ordering: .relaxed) }

    func add(_ connection: HTTPConnection) {
        size.add(1, ordering: .relaxed)
        list.withLock { $0[ObjectIdentifier(connection)] = connection }
    }

    /// To be called before its socket is closed: nobody shuts down a socket that has become another connection's.
    func remove(_ connection: HTTPConnection) {
        size.subtract(1, ordering: .relaxed)
        _ = list.withLock { $0.removeValue(forKey: ObjectIdentifier(connection)) }
    }

    /// Cuts off who is late, and who has left: where the end came together with what was said last, the library does not see it.
    func tidy(_ limits: ServerLimits, at now: UInt64) {
        list.withLock { list in
            var waitedFor: [HTTPConnection] = [], files: [pollfd] = []
            for connection in list.values {
                if connection.isLate(limits, at: now) {
                    connection.cutOff()
                } else if connection.isWaitedFor(Self.patience, at: now) {
                    waitedFor.append(connection)
                    files.append(pollfd(fd: connection.socket, events: Self.hasLeft, revents: 0))
                }
            }
            guard !files.isEmpty, poll(&files, nfds_t(files.count), 0) > 0 else { return }
            for (connection, file) in zip(waitedFor, files) where file.revents & Self.hasLeft != 0 { connection.cutOff() }
        }
    }

    /// What was said a moment ago may not have been read yet.
    /// - Units: seconds.
    private static let patience = 1.0
    /// POLLRDHUP: the other side says no more.
    private static let hasLeft: Int16 = 0x2000
}
