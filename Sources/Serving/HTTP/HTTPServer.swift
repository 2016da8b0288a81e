import CMicroHTTPD
import Clocks
import Glibc
import Synchronization
import Threads

/// An HTTP server: one thread for the network, some that answer, and one that cuts off whoever is too slow.
///
/// A whole request is answered on the network's thread where that is quick, else the connection is suspended until a worker has the
/// answer. Nothing waits without a limit: connections, bodies, waiting requests and times all have one (`ServerLimits`).
// SAFETY: everything is set in init, but for what `stop` uses, which is called once; the library's callbacks come on one thread.
public final class HTTPServer: @unchecked Sendable {
    /// Where it listens, with the port it got.
    public let address: ServerAddress

    let limits: ServerLimits
    let isEncrypted: Bool
    let handler: any HTTPHandler
    let library: HTTPLibrary
    let connections = ConnectionList()
    let jobs: BoundedQueue<Job>
    let heldBytes = Atomic<Int>(0)
    let activeExchanges = Atomic<Int>(0)
    let isEnding = Atomic<Bool>(false)
    let onEnd: @Sendable (AccessRecord) -> Void

    private let listening: ListeningSocket
    private var daemon: OpaquePointer?
    private var threads: [NamedThread] = []
    private let wake = ThreadSignal()
    private let isStopped = Atomic<Bool>(false)

    /// A request that a worker answers.
    struct Job: @unchecked Sendable {
        // SAFETY: the connection is suspended, and stays so until the worker resumes it.
        let connection: OpaquePointer
        let exchange: HTTPExchange
        let request: HTTPRequest
    }

    /// Certificate and key of a server, in PEM.
    public struct Certificate: Sendable {
        public var chain: String
        public var key: String
        public init(chain: String, key: String) { (self.chain, self.key) = (chain, key) }
    }

    /// Starts to listen.
    /// - Parameters:
    ///   - certificate: nil: without TLS.
    ///   - onEnd: called on the network's thread when a request has ended in whatever way.
    /// - Throws: `noLibrary`, `cannotListen`, `badCertificate`.
    public init(
        _ wanted: ServerAddress, limits: ServerLimits = ServerLimits(), certificate: Certificate? = nil, handler: any HTTPHandler,
        onEnd: @escaping @Sendable (AccessRecord) -> Void = { _ in }
    ) throws(ServingError) {
        library = try HTTPLibrary.loaded.get()
        listening = try ListeningSocket(wanted)
        address = listening.address
        (self.limits, self.handler, self.onEnd, isEncrypted) = (limits, handler, onEnd, certificate != nil)
        jobs = BoundedQueue(capacity: limits.waiting)
        do throws(ServingError) {
            daemon = try start(certificate)
            do throws(ThreadError) {
                for number in 0..<max(1, limits.workers) {
                    threads.append(try NamedThread(name: "answers \(number)") { [self] in work() })
                }
                threads.append(try NamedThread(name: "connections", stackBytes: 1 << 20) { [self] in watch() })
            } catch { throw ServingError(.cannotListen, error.description) }
        } catch {
            stop()
            throw error
        }
    }

    /// Whether a certificate and its key can be served with, before any server is wanted.
    ///
    /// - Throws: `badCertificate`, and what starting a server at all can throw.
    public static func check(_ certificate: Certificate) throws(ServingError) {
        final class Nothing: HTTPHandler {
            func refusal(of head: HTTPRequest) -> HTTPResponse? { HTTPResponse(503) }
            func isQuick(_ request: HTTPRequest) -> Bool { true }
            func answer(_ request: HTTPRequest) -> HTTPResponse { HTTPResponse(503) }
        }
        try HTTPServer(ServerAddress(), certificate: certificate, handler: Nothing()).stop()
    }

    /// Takes no more connections, waits for the requests that are being answered, and ends. Only the first call does anything.
    public func stop() {
        if isStopped.exchange(true, ordering: .acquiringAndReleasing) { return }
        isEnding.store(true, ordering: .releasing)
        if let daemon { _ = library.quiesce(daemon) }
        close(listening.descriptor)
        let end = SteadyClock.seconds() + limits.drainSeconds
        while activeExchanges.load(ordering: .acquiring) > 0, SteadyClock.seconds() < end { usleep(2_000) }
        // What a worker has begun is waited for in any case: the library ends the process over connections that are suspended.
        jobs.close()
        wake.set()
        for thread in threads { thread.join() }
        threads = []
        if let daemon { library.stop(daemon) }
        daemon = nil
    }

    // MARK: - Threads

    private func work() {
        while let job = jobs.take() {
            let answer = handler.answer(job.request)
            job.exchange.answer.withLock { $0 = answer }
            library.resume(job.connection)
        }
    }

    private func watch() {
        while !isStopped.load(ordering: .acquiring) {
            _ = wake.wait(untilNanoseconds: SteadyClock.nanoseconds() + 250_000_000)
            connections.tidy(limits, at: SteadyClock.nanoseconds())
        }
    }

    // MARK: - The library

    private func start(_ certificate: Certificate?) throws(ServingError) -> OpaquePointer {
        var flags = UInt32(CX_MHD_USE_EPOLL | CX_MHD_USE_INTERNAL_POLLING_THREAD | CX_MHD_ALLOW_SUSPEND_RESUME)
        let context = Unmanaged.passUnretained(self).toOpaque()
        let completed: cx_mhd_completed = { context, connection, request, code in
            HTTPServer.from(context)?.ended(connection, request, code)
        }
        let noticed: cx_mhd_notice = { context, connection, socketContext, code in
            HTTPServer.from(context)?.noticed(connection, socketContext, code)
        }
        let began: cx_mhd_uri_log = { context, uri, connection in HTTPServer.from(context)?.began(uri, connection) }
        var options = [
            Self.option(CX_MHD_OPTION_LISTEN_SOCKET, Int(listening.descriptor)),
            Self.option(CX_MHD_OPTION_CONNECTION_MEMORY_LIMIT, limits.headBytes),
            Self.option(CX_MHD_OPTION_CONNECTION_LIMIT, limits.connections + 2 * limits.toldConnections),
            Self.option(CX_MHD_OPTION_CONNECTION_TIMEOUT, Int(exactly: max(1, limits.headSeconds.rounded(.up))) ?? 60),
            Self.option(CX_MHD_OPTION_NOTIFY_COMPLETED, unsafeBitCast(completed, to: Int.self), context),
            Self.option(CX_MHD_OPTION_NOTIFY_CONNECTION, unsafeBitCast(noticed, to: Int.self), context),
            Self.option(CX_MHD_OPTION_URI_LOG_CALLBACK, unsafeBitCast(began, to: Int.self), context),
            Self.option(CX_MHD_OPTION_STRICT_FOR_CLIENT, 1),
        ]
        // The library keeps copies.
        var texts: [UnsafeMutablePointer<CChar>] = []
        defer { for text in texts { free(text) } }
        if let certificate {
            guard library.knowsTLS else {
                throw ServingError(.badCertificate, "this libmicrohttpd was built without TLS: serve without a certificate")
            }
            flags |= UInt32(CX_MHD_USE_TLS)
            for (option, text) in [
                (CX_MHD_OPTION_HTTPS_MEM_KEY, certificate.key), (CX_MHD_OPTION_HTTPS_MEM_CERT, certificate.chain),
            ] {
                guard let copy = strdup(text) else { continue }
                texts.append(copy)
                options.append(Self.option(option, 0, UnsafeMutableRawPointer(copy)))
            }
        }
        options.append(Self.option(CX_MHD_OPTION_END, 0))
        let made = cx_mhd_start(
            library.start, flags, { context, _, _ in HTTPServer.from(context)?.accepts == true ? 1 : 0 },
            { context, connection, _, method, _, upload, size, request in
                HTTPServer.from(context)?.heard(connection, method, upload, size, request) ?? 0
            }, context, &options)
        guard let made else {
            throw certificate == nil
                ? ServingError(.cannotListen, "libmicrohttpd does not start: check the limits of this user (ulimit -n -u)")
                : ServingError(.badCertificate, "the certificate or its key is not valid: give both in PEM")
        }
        return made
    }

    private static func option(_ name: some BinaryInteger, _ value: Int, _ pointer: UnsafeMutableRawPointer? = nil)
        -> cx_mhd_option
    {
        cx_mhd_option(option: Int32(truncatingIfNeeded: name), value: value, pointer: pointer)
    }

    // SAFETY: the server outlives the daemon, which is stopped before anybody lets go of it.
    private static func from(_ context: UnsafeMutableRawPointer?) -> HTTPServer? {
        context.map { Unmanaged<HTTPServer>.fromOpaque($0).takeUnretainedValue() }
    }
}
