import Clocks
import Glibc
import Testing

/// A connection that says whatever a test wants, byte by byte.
final class RawClient {
    struct Answer {
        var status: Int
        var headers: [String: String]
        var body: [UInt8]
        var text: String { String(decoding: body, as: UTF8.self) }
    }

    struct Refused: Error {}

    private let file: Int32
    private var buffer: [UInt8] = []

    init(port: UInt16) throws {
        file = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        inet_pton(AF_INET, "127.0.0.1", &address.sin_addr)
        let code = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(file, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard code == 0 else { throw Refused() }
        var time = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(file, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { close(file) }

    @discardableResult
    func send(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.send(file, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    @discardableResult
    func send(_ text: String) -> Bool { send(Array(text.utf8)) }

    /// Says no more, and still listens.
    func finish() { shutdown(file, Int32(SHUT_WR)) }

    /// A whole request with a body.
    func post(_ path: String, _ body: String = "", _ headers: [String] = []) -> Answer? {
        let head = ["POST \(path) HTTP/1.1", "Host: a", "Content-Length: \(body.utf8.count)"] + headers
        send(head.joined(separator: "\r\n") + "\r\n\r\n" + body)
        return answer()
    }

    /// The next answer; nil where the connection ends before there is one.
    func answer() -> Answer? {
        while true {
            if let end = headEnd {
                var lines = String(decoding: buffer[..<end], as: UTF8.self).split(separator: "\r\n")
                let status = Int(lines.removeFirst().split(separator: " ")[1]) ?? 0
                var headers: [String: String] = [:]
                for line in lines {
                    let parts = line.split(separator: ":", maxSplits: 1)
                    headers[parts[0].lowercased()] = parts[1].drop { $0 == " " }.description
                }
                buffer.removeFirst(end + 4)
                if status == 100 { continue }
                let count = headers["content-length"].flatMap { Int($0) } ?? 0
                while buffer.count < count { guard more() else { return nil } }
                defer { buffer.removeFirst(count) }
                return Answer(status: status, headers: headers, body: Array(buffer.prefix(count)))
            }
            guard more() else { return nil }
        }
    }

    /// Whether the server has ended the connection.
    func isEnded() -> Bool { !more() }

    private var headEnd: Int? {
        guard buffer.count >= 4 else { return nil }
        return (0...(buffer.count - 4)).first {
            buffer[$0] == 13 && buffer[$0 + 1] == 10 && buffer[$0 + 2] == 13 && buffer[$0 + 3] == 10
        }
    }

    private func more() -> Bool {
        var part = [UInt8](repeating: 0, count: 65_536)
        let count = recv(file, &part, part.count, 0)
        guard count > 0 else { return false }
        buffer += part[..<count]
        return true
    }
}
