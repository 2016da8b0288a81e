import Events
import Experiments
import Glibc
import Scripts
import Synchronization
import Threads
import Training

/// The tuning jobs that this process carries out, each with a thread that waits; what they do is done on the lane that the engine's
/// store belongs to. While a job waits it holds no slot: its trials do.
final class TuningDesk: Sendable {
    // SAFETY: other threads call `look` and `interrupt` alone, which may be called from any; the rest is done on the lane.
    private final class Seat: @unchecked Sendable {
        let job: TuningJob
        let name: String
        let thread = Mutex<NamedThread?>(nil)
        init(_ job: TuningJob) { (self.job, name) = (job, job.record.name) }
    }

    private struct State {
        var seats: [String: Seat] = [:]
        var isClosed = false
        /// Threads that ended and are still to be joined.
        var ended: [NamedThread] = []
    }

    private let engine: Engine
    private let lane: WorkLane
    private let state = Mutex(State())

    /// - Parameter lane: the one that the engine's store belongs to.
    init(_ engine: Engine, lane: WorkLane) { (self.engine, self.lane) = (engine, lane) }

    /// Names of the jobs that are carried out here.
    var liveNames: [String] { state.withLock { $0.seats.values.map(\.name).sorted() } }

    // MARK: - On the lane

    /// Begins with a new job.
    func start(_ request: TuningRequest, name: String?) throws {
        let (record, setup) = try Self.register(request, name: name, on: engine)
        try carryOut(TuningJob(engine, record, setup))
    }

    /// Checks what was asked for, and keeps a new job.
    static func register(
        _ request: TuningRequest, name: String?, on engine: Engine
    ) throws -> (record: TuningRecord, setup: TuningSetup) {
        var request = request
        if request.job.isScript { try ScriptRequest.prepare(&request.job, environment: ProcessEnvironment.variables) }
        if !request.job.datasetPath.isEmpty { request.job.datasetPath = Engine.absolute(request.job.datasetPath) }
        request.job.validationPath = request.job.validationPath.map(Engine.absolute)
        let plan = try TuningSetup.plan(request)
        if !request.job.datasetPath.isEmpty { try DataFile.check(request.job.datasetPath) }
        return (try engine.store.tunings.register(plan.record(name: name), after: plan.earlier), plan.setup)
    }

    /// Goes on with a job that ended, or whose process is gone.
    func resume(_ tuning: String) throws { try carryOut(TuningJob(resuming: tuning, on: engine)) }

    /// Has a job do something, wherever it is carried out.
    func control(_ tuning: String, _ control: TuningControl) throws {
        try Self.ask(control, of: tuning, on: engine)
        look(tuning)
    }

    /// Asks something of a job, for whoever carries it out.
    static func ask(_ control: TuningControl, of tuning: String, on engine: Engine) throws {
        let store = engine.store.tunings
        if try !store.isCarriedOut(tuning) {
            switch control {
            case .pause, .goOn, .stop: throw CommandError.failed("the tuning job does not run: resume it first")
            case .add, .change:
                engine.bus.post(.notice(.messageLogged("the tuning job does not run: this is done when it goes on")), run: nil)
            }
        }
        try store.ask(control, of: tuning)
    }

    private func carryOut(_ job: TuningJob) throws {
        let id = job.record.id, seat = Seat(job)
        let isOpen = state.withLock { state in
            if !state.isClosed { state.seats[id] = seat }
            return !state.isClosed
        }
        guard isOpen else { return }
        let thread = try NamedThread(name: "tuning \(job.record.name)", stackBytes: 1 << 20) { [self] in
            work(seat)
            state.withLock { state in
                state.seats[id] = nil
                if let own = seat.thread.withLock({ $0 }) { state.ended.append(own) }
            }
        }
        seat.thread.withLock { $0 = thread }
        joinEnded()
    }

    // MARK: - From any thread

    /// Somebody asked something of a job: it looks at once.
    func look(_ tuning: String) { state.withLock { $0.seats[tuning] }?.job.look() }

    /// Stops all jobs so that they can be resumed, and waits for them. The lane goes on until then.
    /// - Returns: the jobs that were stopped so.
    @discardableResult
    func close() -> [String] {
        let (ids, seats) = state.withLock { state in
            state.isClosed = true
            return (state.seats.keys.sorted(), Array(state.seats.values))
        }
        for seat in seats { seat.job.interrupt() }
        for seat in seats { seat.thread.withLock { $0 }?.join() }
        joinEnded()
        return ids
    }

    private func work(_ seat: Seat) {
        do {
            try lane.carryOut { try seat.job.begin() }
            while try lane.carryOut({ try seat.job.turn() }) == nil { seat.job.waitForNews() }
        } catch {
            engine.bus.post(
                .notice(.commandFailed(message: "\(seat.name): \(CommandError(error).description)")), run: nil)
        }
        seat.job.close()
    }

    private func joinEnded() {
        let threads = state.withLock { state in
            defer { state.ended = [] }
            return state.ended
        }
        for thread in threads { thread.join() }
    }
}

extension TuningJob {
    /// A job that goes on where it was left.
    /// - Parameter change: what is different from then on.
    convenience init(resuming tuning: String, on engine: Engine, _ change: TuningChange = TuningChange()) throws {
        var record = try engine.store.tunings.tuning(named: tuning)
        if let problem = change.apply(to: &record.request) { throw CommandError.usage(problem) }
        let setup = try TuningSetup(
            record.request, record.objective, earlier: engine.store.tunings.warmStart(of: record.id))
        try engine.store.tunings.claim(record)
        (record.status, record.reason, record.finishedAt) = (.inProgress, .unsaid, nil)
        try engine.store.tunings.write(record)
        try self.init(engine, record, setup)
    }
}
