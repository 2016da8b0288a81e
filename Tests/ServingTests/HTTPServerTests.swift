import CheckedNumbers
import Clocks
import Files
import Glibc
import Synchronization
import Testing
import Threads

@testable import Serving

/// Answers with what it was sent; waits as long as it is told to.
private final class Echo: HTTPHandler {
    let answered = Atomic<Int>(0)
    let gate = Mutex<Bool>(true)
    let quick: Bool
    init(quick: Bool = false) { self.quick = quick }

    func refusal(of head: HTTPRequest) -> HTTPResponse? { head.path == "/refused" ? HTTPResponse(403) : nil }
    func isQuick(_ request: HTTPRequest) -> Bool { quick }
    func answer(_ request: HTTPRequest) -> HTTPResponse {
        while request.path == "/wait", !gate.withLock({ $0 }) { usleep(1_000) }
        answered.add(1, ordering: .relaxed)
        return HTTPResponse(200, [("X-Path", request.path), ("X-Query", request.query)], body: request.body)
    }
}

/// The server, through real sockets.
@Suite(.serialized) struct HTTPServerTests {
    private func serve<Result>(
        _ echo: Echo = Echo(), _ limits: ServerLimits = ServerLimits(), _ test: (HTTPServer) throws -> Result
    ) throws -> Result {
        let server = try HTTPServer(ServerAddress(), limits: limits, handler: echo)
        defer { server.stop() }
        return try test(server)
    }

    @Test func numbersAreThoseOfTheHeaderWhereItIsInstalled() throws {
        guard let header = FileContents.text("/usr/include/microhttpd.h") else { return }
        let wanted = [
            "MHD_OPTION_CONNECTION_MEMORY_LIMIT": 1, "MHD_OPTION_CONNECTION_LIMIT": 2, "MHD_OPTION_CONNECTION_TIMEOUT": 3,
            "MHD_OPTION_NOTIFY_COMPLETED": 4, "MHD_OPTION_URI_LOG_CALLBACK": 7, "MHD_OPTION_HTTPS_MEM_KEY": 8,
            "MHD_OPTION_HTTPS_MEM_CERT": 9, "MHD_OPTION_LISTEN_SOCKET": 12, "MHD_OPTION_EXTERNAL_LOGGER": 13,
            "MHD_OPTION_ARRAY": 15, "MHD_OPTION_NOTIFY_CONNECTION": 27, "MHD_OPTION_STRICT_FOR_CLIENT": 29, "MHD_USE_TLS": 2,
            "MHD_USE_INTERNAL_POLLING_THREAD": 8, "MHD_USE_EPOLL": 512, "MHD_HEADER_KIND": 1, "MHD_FEATURE_TLS": 2,
        ]
        for (name, number) in wanted { #expect(header.contains("  \(name) = \(number)"), "\(name)") }
        #expect(try HTTPLibrary.loaded.get().version.contains("."))
    }

    @Test(arguments: [true, false]) func aRequestArrivesWholeAndTheConnectionStays(isQuick: Bool) throws {
        try serve(Echo(quick: isQuick)) { server in
            let client = try RawClient(port: server.address.port)
            for body in ["", "1,2,3", String(repeating: "é", count: 100_000)] {
                let answer = try #require(client.post("/a%20b?x=1&y=%2F", body))
                #expect(answer.status == 200 && answer.text == body)
                #expect(answer.headers["x-path"] == "/a%20b" && answer.headers["x-query"] == "x=1&y=%2F")
            }
            client.send("POST /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")
            #expect(client.answer()?.text == "abcde")
            // Three at once are answered in order.
            client.send((1...3).map { "POST /\($0) HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n\($0)" }.joined())
            #expect((1...3).allSatisfy { client.answer()?.text == "\($0)" })
        }
    }

    @Test func lengthsThatContradictEachOtherAreRefusedAndTheConnectionEnds() throws {
        let echo = Echo()
        try serve(echo) { server in
            for lengths in [
                "Content-Length: 3\r\nContent-Length: 5", "Content-Length: 3\r\nContent-Length: 3",
                "Content-Length: 3\r\nTransfer-Encoding: chunked", "Transfer-Encoding: gzip", "Content-Length: -1",
                "Content-Length: 3x", "Content-Length: 99999999999999999999999",
            ] {
                let client = try RawClient(port: server.address.port)
                client.send("POST / HTTP/1.1\r\nHost: a\r\n\(lengths)\r\n\r\nabcGET / HTTP/1.1\r\nHost: a\r\n\r\n")
                let status = client.answer()?.status
                #expect(status == 400 || status == 413, "\(lengths): \(String(describing: status))")
                #expect(client.answer() == nil, "\(lengths)")
            }
            for garbage in [
                "\u{16}\u{3}\u{1}\u{2}", "GET / HTTP/1.1\r\n\r\n", "\r\n\r\n\r\n", "GET\r\n\r\n", "POST / HTTP/9.9\r\n\r\n",
            ] {
                let client = try RawClient(port: server.address.port)
                client.send(garbage + "\r\n\r\n")
                if let answer = client.answer() { #expect((400...505).contains(answer.status), "\(garbage.debugDescription)") }
            }
            let client = try RawClient(port: server.address.port)
            client.send("GET / HTTP/1.1\r\nHost: a\r\nX: \(String(repeating: "x", count: 80_000))\r\n\r\n")
            #expect(client.answer()?.status == 431)
            #expect(echo.answered.load(ordering: .relaxed) == 0)
            #expect(try RawClient(port: server.address.port).post("/", "ok")?.text == "ok")
        }
    }

    /// Beyond what the library has room to take apart it would say nothing at all.
    @Test func manyArgumentsAreAnsweredOrRefusedAtOnce() throws {
        let echo = Echo()
        try serve(echo) { server in
            for (count, status) in [(1, 200), (250, 200), (3_000, 414), (30_000, 414)] {
                let client = try RawClient(port: server.address.port)
                let path = "/?" + String(repeating: "a=1&", count: count - 1) + "a"
                #expect(client.post(path, "ok")?.status == status, "\(count) arguments")
            }
            #expect(try RawClient(port: server.address.port).post("/", "ok")?.text == "ok")
        }
    }

    @Test func aBodyThatIsTooLargeIsRefusedAndTheClientHearsIt() throws {
        var limits = ServerLimits()
        limits.bodyBytes = 1000
        let echo = Echo()
        try serve(echo, limits) { server in
            let client = try RawClient(port: server.address.port)
            // One that writes all of it first, as HTTP clients do.
            let refused = try #require(client.post("/", String(repeating: "x", count: 5000)))
            #expect(refused.status == 413 && refused.text.contains("larger than 1000 bytes"))
            #expect(client.post("/", String(repeating: "x", count: 1000))?.status == 200)
            client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
            for _ in 0..<3 { client.send("200\r\n\(String(repeating: "y", count: 512))\r\n") }
            client.send("0\r\n\r\n")
            #expect(client.answer()?.status == 413)
            // One that asks before it writes, and one that never ends.
            let asking = try RawClient(port: server.address.port)
            asking.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999\r\nExpect: 100-continue\r\n\r\n")
            #expect(asking.answer()?.status == 413)
            let endless = try RawClient(port: server.address.port)
            endless.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
            var count = 0
            while count < 100_000, endless.send("200\r\n\(String(repeating: "y", count: 512))\r\n") { count += 1 }
            #expect(count < 100_000)
            #expect(echo.answered.load(ordering: .relaxed) == 1)
        }
    }

    @Test func aRefusalComesBeforeTheBodyIsLookedAt() throws {
        let echo = Echo()
        try serve(echo) { server in
            let client = try RawClient(port: server.address.port)
            #expect(client.post("/refused", "body")?.status == 403)
            #expect(client.post("/", "next")?.text == "next")
            #expect(echo.answered.load(ordering: .relaxed) == 1)
        }
    }

    @Test func whoIsTooSlowIsCutOffAndOthersAreServed() throws {
        var limits = ServerLimits()
        (limits.headSeconds, limits.bodySeconds) = (1, 1)
        try serve(Echo(), limits) { server in
            let slowHead = try RawClient(port: server.address.port), slowBody = try RawClient(port: server.address.port)
            let idle = try RawClient(port: server.address.port)
            slowBody.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n")
            let began = SteadyClock.seconds()
            // A byte now and then keeps nobody alive.
            var isSent = true
            while isSent, SteadyClock.seconds() - began < 10 {
                isSent = slowHead.send("X") && slowBody.send("y")
                #expect(try RawClient(port: server.address.port).post("/", "quick")?.text == "quick")
                usleep(100_000)
            }
            #expect(SteadyClock.seconds() - began < 8)
            #expect(idle.isEnded())
        }
    }

    @Test func whoHasLeftInTheMiddleHoldsNoConnection() throws {
        try serve { server in
            let began = SteadyClock.seconds()
            let leavers = try ["POST / HT", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nab", ""].map { text in
                let client = try RawClient(port: server.address.port)
                client.send(text)
                client.finish()
                return client
            }
            for client in leavers { _ = client.isEnded() }
            while server.connections.count > 0, SteadyClock.seconds() - began < 15 { usleep(50_000) }
            #expect(server.connections.count == 0 && SteadyClock.seconds() - began < 15)
            // Who says no more after a whole request is answered.
            let client = try RawClient(port: server.address.port)
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi")
            client.finish()
            #expect(client.answer()?.text == "hi")
            // Who leaves after an answer, saying a little more, holds none either.
            let other = try RawClient(port: server.address.port)
            #expect(other.post("/", "a")?.text == "a")
            other.send("POST")
            other.finish()
            let then = SteadyClock.seconds()
            while server.connections.count > 0, SteadyClock.seconds() - then < 15 { usleep(50_000) }
            #expect(server.connections.count == 0)
        }
    }

    @Test func connectionsBeyondTheLimitAreToldAndEarlierOnesAreUnharmed() throws {
        var limits = ServerLimits()
        limits.connections = 8
        try serve(Echo(), limits) { server in
            let early = try (0..<8).map { _ in try RawClient(port: server.address.port) }
            for client in early { #expect(client.post("/", "a")?.status == 200) }
            let late = try RawClient(port: server.address.port)
            let answer = try #require(late.post("/", "b"))
            #expect(answer.status == 503 && answer.headers["retry-after"] != nil && late.isEnded())
            let many = try (0..<200).map { _ in try RawClient(port: server.address.port) }
            for client in early { #expect(client.post("/", "c")?.text == "c") }
            _ = many
        }
    }

    @Test func requestsThatFindNoRoomAreSentAwayAtOnce() throws {
        var limits = ServerLimits()
        (limits.waiting, limits.workers) = (2, 1)
        let echo = Echo()
        echo.gate.withLock { $0 = false }
        try serve(echo, limits) { server in
            let clients = try (0..<6).map { _ in try RawClient(port: server.address.port) }
            for client in clients {
                client.send("POST /wait HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n")
                usleep(30_000)
            }
            // One is being answered, two wait, three are sent away.
            let away = try #require(clients[5].answer())
            #expect(
                away.status == 503 && away.headers["retry-after"] == "1"
                    && away.headers["x-amzn-errortype"] == "ServiceUnavailable")
            #expect(clients[3].answer()?.status == 503 && clients[4].answer()?.status == 503)
            echo.gate.withLock { $0 = true }
            for client in clients[..<3] { #expect(client.answer()?.status == 200) }
        }
    }

    @Test func stoppingAnswersWhatHasBegun() throws {
        let echo = Echo()
        echo.gate.withLock { $0 = false }
        let server = try HTTPServer(ServerAddress(), handler: echo)
        let client = try RawClient(port: server.address.port)
        client.send("POST /wait HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi")
        usleep(100_000)
        let stopper = try NamedThread(name: "stopper") { server.stop() }
        // From some moment on nobody else comes in.
        let end = SteadyClock.seconds() + 10
        var isRefused = false
        while !isRefused, SteadyClock.seconds() < end {
            do { _ = try RawClient(port: server.address.port) } catch { isRefused = true }
            usleep(10_000)
        }
        #expect(isRefused)
        echo.gate.withLock { $0 = true }
        let answer = client.answer()
        #expect(answer?.text == "hi" && answer?.headers["connection"] == "close")
        stopper.join()
    }

    @Test func aPortThatIsTakenIsSaidAndAddressesAreRead() throws {
        try serve { server in
            let error = #expect(throws: ServingError.self) { try HTTPServer(server.address, handler: Echo()) }
            #expect(error?.code == .cannotListen && error?.description.contains("another program has it") == true)
        }
        #expect(ServerAddress(parsing: "localhost:80") == ServerAddress(host: "127.0.0.1", port: 80))
        #expect(ServerAddress(parsing: "[::1]:8080") == ServerAddress(host: "::1", port: 8080))
        #expect(ServerAddress(parsing: "::1")?.isLoopback == true && ServerAddress(parsing: "0.0.0.0:1")?.isLoopback == false)
        for text in ["example.com:80", "127.0.0.1:99999", "1.2.3:4", "[::1", "127.0.0.1:"] {
            #expect(ServerAddress(parsing: text) == nil, "\(text)")
        }
    }

    @Test func manyClientsGetTheirOwnAnswers() throws {
        try serve { server in
            let port = server.address.port, wrong = Atomic<Int>(0)
            let threads = try (0..<8).map { number in
                try NamedThread(name: "client \(number)", stackBytes: 1 << 20) {
                    guard let client = try? RawClient(port: port) else { return _ = wrong.add(1, ordering: .relaxed) }
                    for turn in 0..<200 where client.post("/", "\(number)-\(turn)")?.text != "\(number)-\(turn)" {
                        wrong.add(1, ordering: .relaxed)
                    }
                }
            }
            for thread in threads { thread.join() }
            #expect(wrong.load(ordering: .relaxed) == 0)
        }
    }
}
