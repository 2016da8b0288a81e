import Experiments
import Glibc
import ObjectStores
import Serving
import Transfers

/// The server of a workspace's endpoints, with what it writes.
final class EndpointListener {
    let router: EndpointRouter
    private let server: HTTPServer
    private let capture: CaptureWriter
    private let sender: CaptureSender
    private let log: AccessLog
    private let settings: ServingSettings

    /// Where captured requests lie in a workspace.
    static func captureFolder(_ workspace: Workspace) -> String { workspace.path + "/capture" }
    /// Where asynchronous requests and their answers lie, and where files lie that they may name.
    static func asyncFolder(_ workspace: Workspace) -> String { workspace.path + "/async" }
    static func asyncFolder(_ workspace: Workspace, of endpoint: String) -> String {
        asyncFolder(workspace) + "/endpoints/" + endpoint
    }
    static func asyncInputFolder(_ workspace: Workspace) -> String { asyncFolder(workspace) + "/input" }
    static func logPath(_ workspace: Workspace) -> String { workspace.path + "/access.log" }

    /// - Parameters:
    ///   - before: where the workspace's endpoints were reached last: they are found there again where the port is free.
    ///   - expected: endpoints that are about to be brought into service.
    init(
        _ workspace: Workspace, _ settings: ServingSettings, before: ServingPlace?, expected: Set<String>,
        moreMetrics: @escaping @Sendable () -> String
    ) throws {
        self.settings = settings
        Self.raiseLimits()
        let credentials = try ServerCredentials(workspace: workspace.path)
        let capture = try CaptureWriter(folder: Self.captureFolder(workspace)), log = try AccessLog(path: Self.logPath(workspace))
        (self.capture, self.log) = (capture, log)
        let deadline = SendDeadline()
        let store = ObjectStore(
            AWSSettings(environment: ProcessEnvironment.variables),
            send: { (request) throws(TransferError) in try request.send(unless: { deadline.isOver }) })
        sender = try CaptureSender(folder: Self.captureFolder(workspace), deadline: deadline) {
            (path, address) throws(ObjectError) in
            try store.put(path, as: address)
        }
        let router = EndpointRouter(
            credentials: settings.isOpen ? nil : credentials, capture: capture, expected: expected
        ) {
            moreMetrics() + """
                # HELP descent_capture_records_total Requests that were to be written down.
                # TYPE descent_capture_records_total counter
                descent_capture_records_total{outcome="written"} \(capture.written)
                descent_capture_records_total{outcome="dropped"} \(capture.dropped)

                """
        }
        self.router = router
        let limits = Self.limits
        let serve = { (address: ServerAddress) throws -> HTTPServer in
            try HTTPServer(address, limits: limits, certificate: settings.certificate, handler: router) { record in
                router.note(record)
                log.add(record)
            }
        }
        let wanted = settings.address ?? ServerAddress(port: 0)
        let known = before.flatMap { UInt16(exactly: $0.port) } ?? 0
        server = try Self.started(serve, wanted, known: known)
    }

    /// At the port that is wanted, else at the one that it was, else, where somebody else has that one, at another.
    private static func started(
        _ serve: (ServerAddress) throws -> HTTPServer, _ wanted: ServerAddress, known: UInt16
    ) throws -> HTTPServer {
        guard wanted.port == 0 else { return try serve(wanted) }
        let tried = (known == 0 ? [] : [known]) + (0..<8).map { _ in UInt16.random(in: quietPorts) }
        for port in tried {
            do { return try serve(ServerAddress(host: wanted.host, port: port)) } catch let error as ServingError {
                guard error.code == .cannotListen else { throw error }
            }
        }
        return try serve(wanted)
    }

    /// Linux gives clients ports from 32768 on. One below is still free when the next host looks for it, while clients of the killed one
    /// try to connect: such a try may take the very port that it tries.
    private static let quietPorts: ClosedRange<UInt16> = 20_000...32_000

    /// Where clients on this machine reach it.
    var place: ServingPlace {
        let address = server.address.forClients
        return ServingPlace(
            address: address.host, port: Int(address.port), isSecure: settings.certificate != nil, isOpen: settings.isOpen)
    }

    /// Has what endpoints write down be sent to object stores, by the endpoints' names.
    func sendCaptures(to destinations: [String: String]) {
        capture.shorten(filesOf: Set(destinations.keys))
        sender.set(destinations)
    }

    /// Answers what has begun.
    func close() {
        server.stop()
        capture.close()
        sender.close()
        log.close()
    }

    private static var limits: ServerLimits {
        var limits = ServerLimits()
        limits.workers = max(2, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
        return limits
    }

    /// As many files as the system allows: each connection is one.
    private static func raiseLimits() {
        var limit = rlimit()
        let resource = __rlimit_resource_t(UInt32(RLIMIT_NOFILE.rawValue))
        guard getrlimit(resource, &limit) == 0, limit.rlim_cur < 4096 else { return }
        limit.rlim_cur = min(limit.rlim_max, 4096)
        setrlimit(resource, &limit)
    }
}
