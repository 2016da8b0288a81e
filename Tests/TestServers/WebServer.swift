import Synchronization

/// A web server that answers as a test says, and remembers what it was asked.
package final class WebServer: Sendable {
    package struct Request: Sendable {
        package var method = ""
        package var path = ""
        package var headers: [String: String] = [:]
        package var body = ""
    }

    package enum Answer: Sendable {
        /// Status, and header lines.
        case status(Int, [String] = [])
        case silence
    }

    private let server: LocalServer

    /// - Parameter answer: called with the number of requests before this one.
    package init(_ answer: @escaping @Sendable (Int) -> Answer) throws {
        let received = Received()
        self.store = received
        server = try LocalServer { connection in
            guard let request = Self.read(connection) else { return }
            let before = received.add(request)
            switch answer(before) {
            case .silence: connection.staySilent()
            case .status(let status, let headers):
                let lines = ["HTTP/1.1 \(status) x", "Content-Length: 2", "Connection: close"] + headers
                connection.send((lines + ["", "{}"]).joined(separator: "\r\n"))
            }
        }
    }

    private let store: Received

    private final class Received: Sendable {
        private let requests = Mutex<[Request]>([])
        func add(_ request: Request) -> Int {
            requests.withLock { requests in
                requests.append(request)
                return requests.count - 1
            }
        }
        var all: [Request] { requests.withLock { $0 } }
    }

    package var requests: [Request] { store.all }
    package var port: Int { server.port }
    package var address: String { "http://127.0.0.1:\(server.port)/hook" }

    package func end() { server.end() }
    deinit { server.end() }

    private static func read(_ connection: Connection) -> Request? {
        guard let first = connection.line() else { return nil }
        var request = Request()
        let words = first.split(separator: " ").map(String.init)
        guard words.count == 3 else { return nil }
        (request.method, request.path) = (words[0], words[1])
        while let line = connection.line(), !line.isEmpty {
            guard let colon = line.firstIndex(of: ":") else { continue }
            request.headers[line[..<colon].lowercased()] = String(line[line.index(after: colon)...].drop { $0 == " " })
        }
        let count = request.headers["content-length"].flatMap { Int($0) } ?? 0
        request.body = String(decoding: connection.bytes(count) ?? [], as: UTF8.self)
        return request
    }
}
