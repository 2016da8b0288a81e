import CheckedNumbers
import Clocks
import Events
import Experiments
import Glibc
import Inference
import Serving
import Synchronization
import Threads

/// The workspace's endpoints as its host carries them: brings those into service that are wanted, and does what is wished of them.
///
/// What is wanted stands in the workspace; this only follows it. So endpoints come back when the host does, whatever ended it.
// SAFETY: all but `signal`, `isEnding` and `liveCount` is used by the desk's thread, or once it has ended.
final class EndpointDesk: @unchecked Sendable {
    let engine: Engine
    private let settings: ServingSettings
    let store: RunStore
    private let signal = ThreadSignal()
    private let isEnding = Atomic<Bool>(false)
    private let liveCount = Atomic<Int>(0)
    private var thread: NamedThread?
    /// By the endpoints' ids.
    var live: [String: LiveEndpoint] = [:]
    /// Deployments under way, by the endpoints' ids.
    var rollouts: [String: EndpointRollout] = [:]
    /// Those that could not be brought into service are not tried again until the host starts anew.
    private var givenUp: Set<String> = []
    private var listening: EndpointListener?
    /// What others are told of the requests.
    let watch = TrafficWatch()
    /// By the endpoints' ids, how many requests their shadows' reports tell of, and how often their samples had changed, when both were
    /// kept last.
    var notedShadows: [String: Int] = [:]
    var notedSamples: [String: Int] = [:]
    /// By the endpoints' ids, since when they are served by this host.
    var broughtAt: [String: Double] = [:]
    /// What alarms watch that is no count of requests: the host's memory, and by endpoints' names what waits.
    var memoryLevels = LevelHistory()
    /// Until when alarms were looked at; nil: there was none.
    var lookedAt: Double?
    var backlogLevels: [String: LevelHistory] = [:]
    /// By the alarms' names, what the monitors found last that they watch.
    var monitorLevels: [String: LevelHistory] = [:]

    var endpoints: EndpointStore { store.endpoints }

    init(_ engine: Engine, _ settings: ServingSettings) throws {
        (self.engine, self.settings) = (engine, settings)
        store = try RunStore(engine.workspace)
        signal.set()
        thread = try NamedThread(name: "endpoints") { [unowned self] in
            var next: Double?
            while true {
                if let next {
                    // While traffic shifts a wish that nobody told of is heard within a second, too.
                    let seconds = min(max(0.02, next - WallClock.now()), rollouts.isEmpty ? 3600 : 1)
                    _ = signal.wait(untilNanoseconds: SteadyClock.nanoseconds() + UInt64(nearestWithin: seconds * 1e9))
                } else {
                    signal.wait()
                }
                if isEnding.load(ordering: .acquiring) { return }
                do {
                    try follow()
                    next = try followRollouts()
                    watch.note(try endpoints.all(), live, rollouts)
                    for due in [try noteRequests(WallClock.now()), try deleteIdle(WallClock.now())].compactMap({ $0 }) {
                        next = min(next ?? due, due)
                    }
                } catch {
                    complain(error)
                    next = WallClock.now() + 1
                }
            }
        }
    }

    /// Whether requests are answered here.
    var isServing: Bool { liveCount.load(ordering: .acquiring) > 0 }
    var count: Int { liveCount.load(ordering: .acquiring) }

    /// The workspace has changed.
    func look() { signal.set() }

    /// Answers what has begun, and serves no more. The endpoints stay wanted.
    func close() {
        isEnding.store(true, ordering: .releasing)
        signal.set()
        thread?.join()
        thread = nil
        listening?.close()
        listening = nil
        do { _ = try noteRequests(WallClock.now()) } catch { complain(error) }
        for endpoint in live.values {
            replaceShadow(of: endpoint, by: nil)
            endpoint.asyncQueue?.close()
            endpoint.take(nil)
        }
    }

    // MARK: - Its thread

    private func follow() throws {
        let records = try endpoints.all().reversed()
        for record in records where live[record.id] == nil && !givenUp.contains(record.id) { try bring(record) }
        sendCaptures(of: records)
        let wanted = Set(records.filter { $0.status != .deleting }.map(\.id))
        for (id, endpoint) in live where !wanted.contains(id) { letGo(id, endpoint) }
        for (number, id, wish) in try endpoints.wishes() {
            var refusal = ""
            do { try carryOut(wish, of: id) } catch { refusal = CommandError(error).description }
            try endpoints.answer(number, refusal)
        }
    }

    private func sendCaptures(of records: some Sequence<EndpointRecord>) {
        var places: [String: String] = [:]
        for record in records { places[record.name] = record.captureDestination }
        listening?.sendCaptures(to: places)
    }

    /// Brings an endpoint into service, or says why that cannot be.
    private func bring(_ record: EndpointRecord) throws {
        guard record.status != .failed, record.status != .deleting else {
            givenUp.insert(record.id)
            return
        }
        do {
            let router = try listen().router
            // Who asks too early is told to come again.
            let endpoint = LiveEndpoint(
                name: record.name, traffic: Traffic([]), capture: record.capturePercent.map { .init(percent: $0) })
            endpoint.isReady = false
            endpoint.sample.restore(try endpoints.requests(of: record.id).compactMap(RequestSample.Request.init(json:)))
            endpoint.take(try asyncQueue(of: record, endpoint))
            router.add(endpoint)
            do { endpoint.route(try traffic(of: record)) } catch {
                guard !record.pending.isEmpty || record.status == .updateRollbackFailed else {
                    router.remove(record.name)
                    endpoint.asyncQueue?.close()
                    endpoint.take(nil)
                    throw error
                }
                live[record.id] = endpoint
                return try standHalfway(record, endpoint, error)
            }
            endpoint.isReady = true
            live[record.id] = endpoint
            broughtAt[record.id] = WallClock.now()
            liveCount.store(live.count, ordering: .releasing)
            var record = record
            try bringShadow(of: &record, endpoint)
            // Somebody has to decide, whatever hosts come and go.
            if record.status == .updateRollbackFailed { return }
            // A deployment whose host was killed is over: the old version, which answers, was never away.
            if !record.pending.isEmpty {
                (record.pending, record.pendingShare, record.isRolledBack) = ([], 0, true)
                try stand(record, .inService, "rolled back: the host ended while the new version was deployed")
            } else {
                // Why it is as the last deployment left it stays to be read.
                try stand(record, .inService, record.status == .inService ? record.reason : "")
            }
        } catch {
            listening?.router.giveUp(record.name)
            givenUp.insert(record.id)
            try stand(record, record.status == .creating ? .failed : .outOfService, CommandError(error).description)
        }
    }

    private func asyncQueue(of record: EndpointRecord, _ endpoint: LiveEndpoint) throws -> AsyncQueue {
        var settings = AsyncQueue.Settings(
            folder: EndpointListener.asyncFolder(engine.workspace, of: record.name),
            inputFolder: EndpointListener.asyncInputFolder(engine.workspace), endpointID: record.id)
        settings.concurrency = record.asyncConcurrency ?? settings.concurrency
        settings.mostBytes = InferredModel.mostBytes
        return try AsyncQueue(endpoint, settings)
    }

    private func traffic(of record: EndpointRecord) throws -> Traffic { Traffic(try variants(record.variants)) }

    /// Reads models.
    func variants(_ all: [EndpointVariant]) throws -> [(variant: LiveVariant, weight: Double)] {
        try all.map { variant in
            let folder = engine.workspace.modelFolder(ofAny: variant.modelID)
            let model: InferredModel
            let data = trainingData(of: variant.modelID)
            do throws(InvocationError) { model = try InferredModel(fromFolder: folder, trainingData: data) } catch {
                throw CommandError.failed("\(variant.model): \(error.description)")
            }
            if let fault = ModelProbe(in: folder)?.fault(of: model) {
                throw CommandError.failed("\(variant.model) is not what it was: \(fault)")
            }
            return (LiveVariant(name: variant.name, model: model), variant.weight)
        }
    }

    /// Where the rows lie that a model was trained on; empty where nobody knows.
    private func trainingData(of id: String) -> String {
        do {
            if let run = try store.run(RunID(id)) { return run.record.request.datasetPath }
            return try store.models.versions().first { $0.id == id }?.request.datasetPath ?? ""
        } catch { return "" }
    }

    func letGo(_ id: String, _ endpoint: LiveEndpoint) {
        listening?.router.remove(endpoint.name)
        replaceShadow(of: endpoint, by: nil)
        endpoint.asyncQueue?.abandon()
        endpoint.take(nil)
        (live[id], notedShadows[id], notedSamples[id], broughtAt[id]) = (nil, nil, nil, nil)
        backlogLevels[endpoint.name] = nil
        liveCount.store(live.count, ordering: .releasing)
    }

    func stand(_ record: EndpointRecord, _ status: EndpointStatus, _ reason: String = "") throws {
        guard record.status != status || record.reason != reason else { return }
        var record = record
        (record.status, record.reason, record.updatedAt) = (status, reason, WallClock.now())
        try keep(record, .statusChanged(EndpointNews(record)))
    }

    func keep(_ record: EndpointRecord, _ event: EndpointEvent) throws {
        if try endpoints.write(record, event) { engine.bus.post(.endpoint(event), run: nil) }
    }

    // MARK: - Wishes

    private func carryOut(_ wish: EndpointWish?, of id: String) throws {
        guard var record = try endpoints.endpoint(id: id) else { throw CommandError.failed("the endpoint is gone") }
        switch wish {
        case .delete:
            rollouts[id] = nil
            if let endpoint = live[id] { letGo(id, endpoint) }
            givenUp.remove(id)
            try endpoints.remove(id)
            record.status = .deleting
            engine.bus.post(.endpoint(.deleted(EndpointNews(record))), run: nil)
        case .update(let update): try begin(update, of: record)
        case .promote:
            if rollouts[id] == nil { try promoteShadow(of: record) } else { try end(record, promoting: true) }
        case .rollBack: try end(record, promoting: false)
        case .shadow(let shadow): try show(shadow, of: record)
        case .stopShadow: try stopShadow(of: record)
        case .idleDelete(let seconds):
            record.idleDeleteSeconds = seconds > 0 ? seconds : nil
            record.updatedAt = WallClock.now()
            try endpoints.write(record, nil)
        case .capture(let percent):
            live[id]?.record(percent > 0 ? .init(percent: percent) : nil)
            record.capturePercent = percent > 0 ? percent : nil
            record.updatedAt = WallClock.now()
            try endpoints.write(record, nil)
        case .sendCapture(let place):
            record.captureDestination = place.isEmpty ? nil : place
            record.updatedAt = WallClock.now()
            try endpoints.write(record, nil)
            sendCaptures(of: try endpoints.all())
        case .weights(let weights):
            guard record.pending.isEmpty else {
                throw CommandError.failed("\(record.name) is being updated: `descent endpoint promote` or `rollback` ends that")
            }
            for place in record.variants.indices {
                if let weight = weights[record.variants[place].name] { record.variants[place].weight = weight }
            }
            guard record.variants.contains(where: { $0.weight > 0 }) else {
                throw CommandError.usage("no variant of \(record.name) would have any weight: leave one above 0")
            }
            if let endpoint = live[id] {
                endpoint.route(
                    Traffic(
                        record.variants.compactMap { variant in
                            endpoint.variants.first { $0.name == variant.name }.map { ($0, variant.weight) }
                        }))
            }
            record.updatedAt = WallClock.now()
            try keep(record, .trafficShifted(EndpointNews(record)))
        case nil: throw CommandError.failed("this host does not know that wish: `descent serve stop`, then start it anew")
        }
    }

    // MARK: - Listening

    private func listen() throws -> EndpointListener {
        if let listening { return listening }
        let supervisor = engine.supervisor
        // Clients of the last host are there before their endpoints are.
        let expected = Set(try endpoints.all().filter { $0.status != .failed && $0.status != .deleting }.map(\.name))
        let made = try EndpointListener(engine.workspace, settings, before: try endpoints.place(), expected: expected) {
            """
            # HELP descent_runs_training Runs that this host trains now.
            # TYPE descent_runs_training gauge
            descent_runs_training \(supervisor.liveRuns.count)

            """
        }
        listening = made
        try endpoints.write(made.place)
        return made
    }

    private func complain(_ error: any Error) {
        engine.bus.post(.notice(.commandFailed(message: CommandError(error).description)), run: nil)
    }
}
