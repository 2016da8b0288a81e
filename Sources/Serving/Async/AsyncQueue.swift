import CheckedNumbers
import Clocks
import Files
import Glibc
import JSON
import Synchronization
import Threads

/// Requests of an endpoint that are answered later, into files. They wait on the disk, and survive whatever ends the host.
///
/// Each is answered by the version that has its turn when it is taken, and by no other. Its threads begin with the first request.
public final class AsyncQueue: Sendable {
    public struct Settings: Sendable {
        /// Where the endpoint's requests and answers lie, and where files may lie that requests name.
        public var folder: String, inputFolder: String
        /// The endpoint's id: what waits for another one of its name is not answered.
        public var endpointID: String
        /// Requests that are answered at one time.
        /// - Range: 1 to 64.
        public var concurrency = 1
        /// Bytes of a request's rows.
        public var mostBytes = 256 << 20
        /// Requests that may wait.
        public var mostWaiting = 100_000

        public init(folder: String, inputFolder: String, endpointID: String) {
            (self.folder, self.inputFolder, self.endpointID) = (folder, inputFolder, endpointID)
        }
    }

    /// What it has done since its host began.
    public struct Counts: Sendable, Hashable {
        /// Requests that wait, without those that are being answered.
        public var backlog = 0
        public var answered = 0, failed = 0, timedOut = 0, expired = 0
        /// How long the requests that were taken had waited.
        /// - Units: seconds.
        public var backlogSeconds = 0.0, longestBacklogSeconds = 0.0
        public var taken = 0
    }

    private struct State {
        var waiting: [AsyncRequest] = []
        /// By their ids, until when each has to be answered.
        var running: [String: (request: AsyncRequest, until: Double)] = [:]
        var counts = Counts()
        var threads: [NamedThread] = []
        var isEnding = false
    }

    private let endpoint: LiveEndpoint
    private let settings: Settings
    private let files: AsyncFiles
    private let state: Mutex<State>
    private let news = ThreadSignal()
    private let keeperNews = ThreadSignal()

    /// Takes over what another host left.
    public init(_ endpoint: LiveEndpoint, _ settings: Settings) throws(ServingError) {
        (self.endpoint, self.settings) = (endpoint, settings)
        files = AsyncFiles(folder: settings.folder, inputFolder: settings.inputFolder)
        var state = State(), strangers: [AsyncRequest] = []
        if access(files.queue, F_OK) == 0 {
            for request in files.restore() {
                if request.endpoint == settings.endpointID { state.waiting.append(request) } else { strangers.append(request) }
            }
        }
        self.state = Mutex(state)
        for request in strangers { end(request, ServiceError(.validation, "the endpoint was deleted")) }
        if !state.waiting.isEmpty { try begin() }
    }

    public var counts: Counts {
        state.withLock { state in
            var counts = state.counts
            counts.backlog = state.waiting.count
            return counts
        }
    }

    /// When the request came that waits longest; nil: none waits.
    var oldest: Double? { state.withLock { $0.waiting.first?.receivedAt } }

    /// Ends once what is being answered is. What waits stays for the next host.
    public func close() {
        let threads = state.withLock { state in
            state.isEnding = true
            defer { state.threads = [] }
            return state.threads
        }
        news.set()
        keeperNews.set()
        for thread in threads { thread.join() }
    }

    /// Ends, with a failure for all that waits: the endpoint is deleted.
    public func abandon() {
        let left = state.withLock { state in
            defer { state.waiting = [] }
            return state.waiting
        }
        for request in left { end(request, ServiceError(.validation, "the endpoint was deleted")) }
        close()
    }

    // MARK: - From the router

    /// Keeps a request.
    /// - Returns: the answer, which says where the result will be.
    func add(_ request: HTTPRequest, id: String, now: Double) throws(ServiceError) -> HTTPResponse {
        endpoint.noteCall(at: now)
        let call = try AsyncCall(request)
        let name = [call.fileName, id].compactMap { $0 }.joined(separator: "-")
        let folder = call.outputFolder.map { $0 + "/" } ?? ""
        var input = AsyncRequest.Input.inline
        do throws(FileError) { try files.make() } catch { throw ServiceError(.internalFailure, error.description) }
        if let location = call.location {
            let path = try AsyncPath.path(ofLocation: location)
            // What cannot be read is refused now, and looked at again when it is read.
            Glibc.close(try AsyncPath.open(path, in: settings.inputFolder, atMost: settings.mostBytes).file)
            input = .file(path)
        }
        let kept = AsyncRequest(
            id: id, inferenceID: call.inferenceID ?? id, endpoint: settings.endpointID, input: input,
            contentType: call.contentType,
            accept: call.accept, output: "output/\(folder)\(name).out", failure: "failures/\(folder)\(name)-error.out",
            receivedAt: now, secondsToLive: call.secondsToLive, secondsToAnswer: call.secondsToAnswer)
        guard state.withLock({ !$0.isEnding && $0.waiting.count < settings.mostWaiting }) else {
            throw ServiceError(.serviceUnavailable, "too many asynchronous requests wait (\(settings.mostWaiting)): try again")
        }
        do throws(FileError) { try files.add(kept, body: request.body) } catch {
            throw ServiceError(.internalFailure, error.description)
        }
        do throws(ServingError) { try begin() } catch { throw ServiceError(.internalFailure, error.description) }
        state.withLock { $0.waiting.append(kept) }
        news.set()
        keeperNews.set()
        return receipt(for: kept)
    }

    private func receipt(for request: AsyncRequest) -> HTTPResponse {
        HTTPResponse(
            202,
            [
                ("Content-Type", "application/json"),
                ("X-Amzn-SageMaker-OutputLocation", AsyncPath.location(of: "\(settings.folder)/\(request.output)")),
                ("X-Amzn-SageMaker-FailureLocation", AsyncPath.location(of: "\(settings.folder)/\(request.failure)")),
            ], body: Array(JSONValue.object(["InferenceId": .string(request.inferenceID)]).text.utf8))
    }

    // MARK: - Threads

    private func begin() throws(ServingError) {
        do throws(ThreadError) {
            try state.withLock { state throws(ThreadError) in
                guard state.threads.isEmpty, !state.isEnding else { return }
                for number in 0..<max(1, min(64, settings.concurrency)) {
                    state.threads.append(try NamedThread(name: "async \(number)") { [unowned self] in work() })
                }
                state.threads.append(try NamedThread(name: "async times", stackBytes: 1 << 20) { [unowned self] in keepTimes() })
            }
        } catch { throw ServingError(.cannotListen, error.description) }
    }

    private func work() {
        while !state.withLock({ $0.isEnding }) {
            guard endpoint.isReady, let request = takeNext() else {
                _ = news.wait(untilNanoseconds: SteadyClock.nanoseconds() + 50_000_000)
                continue
            }
            // Another may have work, too.
            news.set()
            carryOut(request)
        }
    }

    private func takeNext() -> AsyncRequest? {
        let now = WallClock.now()
        return state.withLock { state in
            guard !state.waiting.isEmpty, !state.isEnding else { return nil }
            let request = state.waiting.removeFirst()
            let waited = max(0, now - request.receivedAt)
            state.counts.taken += 1
            state.counts.backlogSeconds += waited
            state.counts.longestBacklogSeconds = max(state.counts.longestBacklogSeconds, waited)
            state.running[request.id] = (request, now + request.secondsToAnswer)
            return request
        }
    }

    private func carryOut(_ request: AsyncRequest) {
        if request.expiresAt < WallClock.now() { return conclude(request, Self.expired(request)) { $0.expired += 1 } }
        var result: Result<[UInt8], ServiceError>
        do throws(ServiceError) {
            let body = try files.body(of: request, atMost: settings.mostBytes)
            result = .success(try ask(request, body))
        } catch { result = .failure(error) }
        switch result {
        case .success(let bytes): conclude(request, .success(bytes)) { $0.answered += 1 }
        case .failure(let error): conclude(request, .failure(error)) { $0.failed += 1 }
        }
    }

    /// Asks the version whose turn it is.
    private func ask(_ request: AsyncRequest, _ body: [UInt8]) throws(ServiceError) -> [UInt8] {
        guard let variant = endpoint.next() else {
            throw ServiceError(.notReady, "no variant of \(endpoint.name) has any weight: give it one")
        }
        let began = SteadyClock.nanoseconds(), processorBefore = ThreadTime.nanoseconds
        var fault: ModelFault?, bytes: [UInt8] = []
        do throws(ModelFault) {
            bytes = try variant.model.answer(body, contentType: request.contentType, accept: request.accept).body
        } catch { fault = error }
        variant.metrics.add(
            .init(
                status: fault == nil ? 200 : 424, isModelError: fault != nil, model: SteadyClock.nanoseconds() - began,
                overhead: 0,
                processor: ThreadTime.nanoseconds &- processorBefore),
            now: WallClock.now())
        if let fault { throw .of(fault, from: variant.name) }
        return bytes
    }

    /// Writes failures of what has waited or been answered for too long.
    private func keepTimes() {
        while !state.withLock({ $0.isEnding }) {
            let now = WallClock.now()
            let (expired, late) = state.withLock { state in
                let expired = state.waiting.filter { $0.expiresAt < now }
                if !expired.isEmpty { state.waiting.removeAll { $0.expiresAt < now } }
                for request in expired { state.running[request.id] = (request, .infinity) }
                return (expired, state.running.values.filter { $0.until < now }.map(\.request))
            }
            for request in expired { conclude(request, Self.expired(request)) { $0.expired += 1 } }
            for request in late {
                let error = ServiceError(
                    .model, "the model did not answer within \(Int(nearestWithin: request.secondsToAnswer)) seconds")
                conclude(request, .failure(error)) { $0.timedOut += 1 }
            }
            let isIdle = state.withLock { $0.waiting.isEmpty && $0.running.isEmpty }
            if isIdle { keeperNews.wait() } else { usleep(100_000) }
        }
    }

    private static func expired(_ request: AsyncRequest) -> Result<[UInt8], ServiceError> {
        .failure(
            ServiceError(
                .validation, "the request waited longer than its \(Int(nearestWithin: request.secondsToLive)) seconds to live"))
    }

    /// Only the first to conclude a request does so: a model that answers too late has answered nobody.
    private func conclude(
        _ request: AsyncRequest, _ result: Result<[UInt8], ServiceError>, _ count: (inout Counts) -> Void
    ) {
        let isFirst = state.withLock { state in
            guard state.running.removeValue(forKey: request.id) != nil else { return false }
            // Before the file is there: who sees that finds it counted.
            count(&state.counts)
            return true
        }
        guard isFirst else { return }
        switch result {
        case .success(let bytes):
            do throws(FileError) { try files.end(request, bytes, hasFailed: false) } catch {
                end(request, ServiceError(.internalFailure, error.description))
            }
        case .failure(let error): end(request, error)
        }
    }

    private func end(_ request: AsyncRequest, _ error: ServiceError) {
        // Where nothing can be written the request stays, and the next host takes it up.
        do throws(FileError) { try files.end(request, error.response.body + [10], hasFailed: true) } catch {}
    }
}
