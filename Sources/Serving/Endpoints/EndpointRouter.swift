import Clocks
import JSON
import Synchronization

/// Answers what comes over HTTP for a workspace's endpoints, as SageMaker's runtime does.
///
/// `POST /endpoints/NAME/invocations` asks an endpoint, `/invocations-response-stream` the same with the
/// answer as a stream of events, and `/async-invocations` has it answer later into a file; `GET /ping` and `/health` say that the server lives; `GET /metrics` has its
/// counters in Prometheus' format.
/// - Source: the service model of `sagemaker-runtime`, 2017-05-13, and botocore 1.44.5 against a server that recorded it.
public final class EndpointRouter: HTTPHandler {
    /// What the whole workspace has beside endpoints, as lines of Prometheus' format.
    public typealias MoreMetrics = @Sendable () -> String

    private let endpoints = Mutex<[String: LiveEndpoint]>([:])
    /// Names of endpoints that are about to be there.
    private let expected: Mutex<Set<String>>
    private let gate: RequestGate?
    private let capture: CaptureWriter?
    private let moreMetrics: MoreMetrics
    let counters = ServerCounters()
    private let random = Atomic<UInt64>(UInt64.random(in: .min ... .max))

    /// - Parameters:
    ///   - credentials: nil: everybody is answered.
    ///   - capture: nil: nothing is written down.
    ///   - expected: endpoints that are about to be there: who asks them too early is told to come again.
    public init(
        credentials: ServerCredentials?, capture: CaptureWriter? = nil, expected: Set<String> = [],
        moreMetrics: @escaping MoreMetrics = { "" }
    ) {
        self.expected = Mutex(expected)
        gate = credentials.map { RequestGate($0) }
        self.capture = capture
        self.moreMetrics = moreMetrics
    }

    public func add(_ endpoint: LiveEndpoint) { endpoints.withLock { $0[endpoint.name] = endpoint } }

    public func remove(_ name: String) {
        giveUp(name)
        _ = endpoints.withLock { $0.removeValue(forKey: name) }
    }

    /// An endpoint that was expected will not be there.
    public func giveUp(_ name: String) { _ = expected.withLock { $0.remove(name) } }

    public func endpoint(_ name: String) -> LiveEndpoint? { endpoints.withLock { $0[name] } }

    public var all: [LiveEndpoint] { endpoints.withLock { $0.values.sorted { $0.name < $1.name } } }

    /// To be told of each request that has ended.
    public func note(_ record: AccessRecord) { counters.add(record) }

    // MARK: - HTTP

    public func refusal(of head: HTTPRequest) -> HTTPResponse? {
        do throws(ServiceError) {
            let route = try Route(head)
            if route.isOpen { return nil }
            if let error = gate?.refusal(of: head) { throw error }
            if let name = route.endpoint, endpoint(name) == nil { throw unknown(name) }
            return nil
        } catch { return marked(error.response, Identifier.random(), "", head) }
    }

    public func isQuick(_ request: HTTPRequest) -> Bool {
        guard request.body.count <= LiveVariant.smallBytes, case .invocations(let name)? = try? Route(request),
            let endpoint = endpoint(name), request.header("x-amzn-sagemaker-enable-explanations") == nil
        else { return false }
        return endpoint.variants.allSatisfy { $0.usualNanoseconds < Self.quickNanoseconds }
    }

    /// What everybody else may wait for.
    private static let quickNanoseconds: UInt64 = 100_000

    public func answer(_ request: HTTPRequest) -> HTTPResponse {
        let id = Identifier.random()
        var caller = ""
        do throws(ServiceError) {
            let route = try Route(request)
            if !route.isOpen, let gate { caller = try gate.check(request) }
            switch route {
            case .ping: return marked(HTTPResponse(200), id, caller, request)
            case .health: return marked(health, id, caller, request)
            case .metrics:
                let type = "text/plain; version=0.0.4; charset=utf-8"
                let text = PrometheusText.write(self, counters) + moreMetrics()
                return marked(HTTPResponse(200, [("Content-Type", type)], body: Array(text.utf8)), id, caller, request)
            case .invocations(let name):
                guard let endpoint = endpoint(name) else { throw unknown(name) }
                return marked(invoke(endpoint, request, id), id, caller, request)
            case .responseStream(let name):
                guard let endpoint = endpoint(name) else { throw unknown(name) }
                return marked(stream(endpoint, request, id), id, caller, request)
            case .asyncInvocations(let name):
                guard let endpoint = endpoint(name) else { throw unknown(name) }
                guard let queue = endpoint.asyncQueue else {
                    throw ServiceError(.validation, "\(name) answers no asynchronous requests: ask its invocations")
                }
                return marked(try queue.add(request, id: id, now: WallClock.now()), id, caller, request)
            }
        } catch { return marked(error.response, id, caller, request) }
    }

    /// With what every answer has.
    private func marked(_ answer: HTTPResponse, _ id: String, _ caller: String, _ request: HTTPRequest) -> HTTPResponse {
        var answer = answer
        answer.headers.append(("x-amzn-RequestId", id))
        answer.record.requestID = id
        answer.record.caller = caller
        if answer.record.endpoint.isEmpty, let name = (try? Route(request))?.endpoint { answer.record.endpoint = name }
        return answer
    }

    private func unknown(_ name: String) -> ServiceError {
        if expected.withLock({ $0.contains(name) }) {
            return ServiceError(.notReady, "endpoint \(name) is not ready yet: try again")
        }
        return ServiceError(.validation, "Endpoint \(name) not found: `descent endpoint list` lists those that are there")
    }

    private var health: HTTPResponse {
        let ready = all.count { $0.isReady }
        let text = JSONValue.object(["status": .string("ok"), "endpointsInService": .integer(ready)]).text + "\n"
        return HTTPResponse(200, [("Content-Type", "application/json")], body: Array(text.utf8))
    }

    // MARK: - An endpoint

    /// What came of asking a variant.
    private struct Asked {
        var variant: LiveVariant?
        /// Nil: it did not answer.
        var said: ModelAnswer?
        var isModelError = false
        var isExplained = false
        /// - Units: nanoseconds.
        var spent: UInt64 = 0
        /// The processor time of the thread that answers, before and in between.
        let processorBefore = ThreadTime.nanoseconds
        var processor: UInt64 = 0
    }

    private func invoke(_ endpoint: LiveEndpoint, _ request: HTTPRequest, _ id: String) -> HTTPResponse {
        endpoint.noteCall(at: WallClock.now())
        var asked = Asked(), answer: HTTPResponse
        do throws(ServiceError) { answer = try ask(endpoint, request, id, &asked) } catch {
            answer = error.response
        }
        answer.record.endpoint = endpoint.name
        if let variant = asked.variant { note(asked, of: variant, endpoint, request, id, &answer) }
        return answer
    }

    private func ask(
        _ endpoint: LiveEndpoint, _ request: HTTPRequest, _ id: String, _ asked: inout Asked
    ) throws(ServiceError) -> HTTPResponse {
        let call = try InvocationCall(request)
        asked.isExplained = call.isExplained
        guard endpoint.isReady else {
            throw ServiceError(.notReady, "endpoint \(endpoint.name) is not ready yet: try again")
        }
        asked.variant = try choose(endpoint, call.targetVariant)
        guard let variant = asked.variant else {
            throw ServiceError(.notReady, "no variant of \(endpoint.name) has any weight: give it one")
        }
        let began = SteadyClock.nanoseconds()
        defer {
            asked.spent = SteadyClock.nanoseconds() - began
            asked.processor = ThreadTime.nanoseconds &- asked.processorBefore
            if !call.isExplained { variant.note(asked.spent, bodyBytes: request.body.count) }
        }
        let said = try ask(variant, request, call, &asked.isModelError)
        asked.said = said
        var answer = HTTPResponse(200, [("Content-Type", said.contentType)], body: said.body)
        if !said.warnings.isEmpty { answer.headers.append(("X-Descent-Warnings", HeaderText.plain(said.warnings))) }
        record(endpoint, variant, call, request, answer, said.contentType, id)
        if !call.isExplained { endpoint.sample.offer(request) }
        return answer
    }

    /// Counts what a variant was asked, and has it shown to the shadow once the client has the answer.
    private func note(
        _ asked: Asked, of variant: LiveVariant, _ endpoint: LiveEndpoint, _ request: HTTPRequest, _ id: String,
        _ answer: inout HTTPResponse
    ) {
        answer.headers.append(("x-Amzn-Invoked-Production-Variant", variant.name))
        answer.record.variant = variant.name
        // What is explained has another shape, which nobody compares.
        if asked.said != nil || asked.isModelError, !asked.isExplained, let shadow = endpoint.shadow, shadow.wantsNext() {
            let copy = ShadowTest.Copy(
                request: id, time: WallClock.now(), body: request.body, contentType: request.header("content-type"),
                accept: request.header("accept"), model: variant.model, answer: asked.said, spent: asked.spent)
            answer.afterwards = { shadow.add(copy) }
        }
        let total = SteadyClock.nanoseconds() - request.receivedAt
        variant.metrics.add(
            .init(
                status: answer.status, isModelError: asked.isModelError, model: asked.spent,
                overhead: total > asked.spent ? total - asked.spent : 0,
                processor: asked.processor),
            now: WallClock.now())
    }

    /// The answer as a stream of events. What goes wrong is said before it begins.
    private func stream(_ endpoint: LiveEndpoint, _ request: HTTPRequest, _ id: String) -> HTTPResponse {
        var asked = request
        asked.headers.removeAll { $0.name == "accept" }
        if let accept = request.header("x-amzn-sagemaker-accept") { asked.headers.append(("accept", accept)) }
        var answer = invoke(endpoint, asked, id)
        guard answer.status == 200 else { return answer }
        answer.headers = answer.headers.map { header in
            header.name == "Content-Type" ? ("X-Amzn-SageMaker-Content-Type", header.value) : header
        }
        answer.headers.append(("Content-Type", EventStream.contentType))
        answer.body = EventStream.payload(answer.body)
        return answer
    }

    private func choose(_ endpoint: LiveEndpoint, _ target: String?) throws(ServiceError) -> LiveVariant? {
        guard let target else { return endpoint.next() }
        guard let variant = endpoint.variant(named: target) else {
            let names = endpoint.variants.map(\.name).joined(separator: ", ")
            throw ServiceError(.validation, "Variant \(target) not found for endpoint \(endpoint.name): it has \(names)")
        }
        return variant
    }

    private func ask(
        _ variant: LiveVariant, _ request: HTTPRequest, _ call: InvocationCall, _ isModelError: inout Bool
    ) throws(ServiceError) -> ModelAnswer {
        do throws(ModelFault) {
            if call.isExplained {
                return try variant.model.explained(
                    request.body, contentType: request.header("content-type"), accept: request.header("accept"))
            }
            return try variant.model.answer(
                request.body, contentType: request.header("content-type"), accept: request.header("accept"))
        } catch {
            isModelError = true
            throw ServiceError.of(error, from: variant.name)
        }
    }

    private func record(
        _ endpoint: LiveEndpoint, _ variant: LiveVariant, _ call: InvocationCall, _ request: HTTPRequest, _ answer: HTTPResponse,
        _ type: String, _ id: String
    ) {
        guard let capture, let rule = endpoint.captureRule, isCaptured(rule) else { return }
        capture.add(
            Capture(
                endpoint: endpoint.name, variant: variant.name, eventID: id, inferenceID: call.inferenceID,
                time: WallClock.now(), input: (request.header("content-type") ?? "", request.body), output: (type, answer.body)))
    }

    /// A share of the requests, at random: what is captured must not follow any rhythm of the clients.
    private func isCaptured(_ rule: CaptureRule) -> Bool {
        if rule.percent >= 100 { return true }
        // SplitMix64.
        var word = random.add(0x9E37_79B9_7F4A_7C15, ordering: .relaxed).newValue
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return Double((word ^ (word >> 31)) >> 11) * 0x1p-53 < rule.percent / 100
    }
}

/// What a path asks for.
private enum Route: Equatable {
    case ping, health, metrics
    case invocations(String), asyncInvocations(String), responseStream(String)

    /// Whether it tells so little that nobody is asked who they are.
    var isOpen: Bool { self == .ping || self == .health }

    var endpoint: String? {
        switch self {
        case .invocations(let name), .asyncInvocations(let name), .responseStream(let name): name
        case .ping, .health, .metrics: nil
        }
    }

    init(_ request: HTTPRequest) throws(ServiceError) {
        switch request.path {
        case "/ping": self = .ping
        case "/health": self = .health
        case "/metrics": self = .metrics
        default:
            guard let (name, action) = Self.parts(request.path.utf8), EndpointName.isValid(name) else {
                throw ServiceError(.notFound, "there is nothing at this path: POST /endpoints/NAME/invocations asks an endpoint")
            }
            switch action {
            case "invocations": self = .invocations(String(name))
            case "async-invocations": self = .asyncInvocations(String(name))
            case "invocations-response-stream": self = .responseStream(String(name))
            default: throw ServiceError(.notFound, "an endpoint has no '\(action.prefix(40))': POST to its invocations")
            }
        }
        switch self {
        case .ping, .health, .metrics:
            if request.method == "GET" || request.method == "HEAD" { return }
            throw ServiceError(.notAllowed, "\(request.path) takes GET and HEAD only")
        case .invocations, .asyncInvocations, .responseStream:
            if request.method == "POST" { return }
            throw ServiceError(.notAllowed, "\(request.path) takes POST only")
        }
    }

    /// Name and last part of `/endpoints/NAME/ACTION`. Every request comes here several times.
    private static func parts(_ path: String.UTF8View) -> (name: Substring, action: Substring)? {
        guard path.starts(with: "/endpoints/".utf8) else { return nil }
        let rest = path.dropFirst(11), slash = UInt8(ascii: "/")
        guard let end = rest.firstIndex(of: slash) else { return nil }
        let action = rest[rest.index(after: end)...]
        return action.contains(slash) ? nil : (Substring(rest[..<end]), Substring(action))
    }
}
