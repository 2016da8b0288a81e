import CheckedNumbers
import Glibc

/// Where a server listens.
public struct ServerAddress: Sendable, Hashable, CustomStringConvertible {
    /// Numeric: `127.0.0.1`, `0.0.0.0`, `::1`.
    public var host: String
    /// 0: any that is free.
    public var port: UInt16

    public init(host: String = "127.0.0.1", port: UInt16 = 0) { (self.host, self.port) = (host, port) }

    /// Reads `HOST:PORT`, `[HOST]:PORT`, `HOST` and `:PORT`; `localhost` is 127.0.0.1.
    public init?(parsing text: String) {
        var host = text[...], port: UInt16 = 0
        if text.hasPrefix("[") {
            guard let end = text.lastIndex(of: "]") else { return nil }
            host = text[text.index(after: text.startIndex)..<end]
            let rest = text[text.index(after: end)...]
            if !rest.isEmpty {
                guard rest.first == ":", let number = UInt16(rest.dropFirst()) else { return nil }
                port = number
            }
        } else if let colon = text.lastIndex(of: ":"), text.firstIndex(of: ":") == colon {
            guard let number = UInt16(text[text.index(after: colon)...]) else { return nil }
            (host, port) = (text[..<colon], number)
        }
        let name = host.isEmpty || host == "localhost" ? "127.0.0.1" : String(host)
        self.init(host: name, port: port)
        guard isIPv4 || isIPv6 else { return nil }
    }

    private var isIPv4: Bool {
        var address = in_addr()
        return inet_pton(AF_INET, host, &address) == 1
    }

    var isIPv6: Bool {
        var address = in6_addr()
        return inet_pton(AF_INET6, host, &address) == 1
    }

    /// Whether only programs of this machine reach it.
    public var isLoopback: Bool { isIPv6 ? host == "::1" : host.hasPrefix("127.") }

    public var description: String { isIPv6 ? "[\(host)]:\(port)" : "\(host):\(port)" }

    /// What a client on this machine connects to.
    public var forClients: ServerAddress {
        switch host {
        case "0.0.0.0": ServerAddress(host: "127.0.0.1", port: port)
        case "::": ServerAddress(host: "::1", port: port)
        default: self
        }
    }
}

/// A socket that listens, made here rather than by the library so that what goes wrong can be told.
struct ListeningSocket {
    let descriptor: Int32
    let address: ServerAddress

    init(_ wanted: ServerAddress) throws(ServingError) {
        let family = wanted.isIPv6 ? AF_INET6 : AF_INET
        let made = socket(family, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
        guard made >= 0 else { throw Self.failure("no socket can be made", errno) }
        // A server that was killed a moment ago has left connections that end: its port is free all the same.
        var yes: Int32 = 1
        setsockopt(made, SOL_SOCKET, SO_REUSEADDR, &yes, 4)
        guard Self.bind(made, wanted) == 0, listen(made, 511) == 0 else {
            let code = errno
            close(made)
            throw Self.failure("cannot listen on \(wanted)", code)
        }
        descriptor = made
        address = ServerAddress(host: wanted.host, port: Self.port(of: made, wanted.isIPv6))
    }

    private static func failure(_ what: String, _ code: Int32) -> ServingError {
        let advice =
            switch code {
            case EADDRINUSE: "another program has it: choose another port"
            case EADDRNOTAVAIL: "it is no address of this machine"
            case EACCES: "ports below 1024 are the administrator's: choose another with --listen"
            default: "check the limits of this user (ulimit -n)"
            }
        return ServingError(.cannotListen, "\(what) (\(String(cString: strerror(code)))): \(advice)")
    }

    private static func bind(_ socket: Int32, _ wanted: ServerAddress) -> Int32 {
        if wanted.isIPv6 {
            var address = sockaddr_in6()
            address.sin6_family = sa_family_t(AF_INET6)
            address.sin6_port = wanted.port.bigEndian
            inet_pton(AF_INET6, wanted.host, &address.sin6_addr)
            return withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    Glibc.bind(socket, $0, socklen_t(MemoryLayout<sockaddr_in6>.size))
                }
            }
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = wanted.port.bigEndian
        inet_pton(AF_INET, wanted.host, &address.sin_addr)
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.bind(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }

    private static func port(of socket: Int32, _ isIPv6: Bool) -> UInt16 {
        var address = sockaddr_in6(), length = socklen_t(MemoryLayout<sockaddr_in6>.size)
        let code = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(socket, $0, &length) }
        }
        // The port stands at one place in both kinds of address.
        return code == 0 ? UInt16(bigEndian: address.sin6_port) : 0
    }
}
