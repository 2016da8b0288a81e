import Events
import Experiments
import Synchronization
import Threads
import Training

/// The AutoML jobs that the studio carries out, each on a thread of its own; what touches the engine's store is done on its lane.
final class AutoMLDesk: Sendable {
    private struct State {
        var jobs: [String: (job: AutoMLJob, name: String)] = [:]
        var threads: [NamedThread] = []
        /// Jobs that are being taken up, or are carried out.
        var taken: Set<String> = []
        var isClosed = false
    }

    private let engine: Engine
    private let lane: WorkLane
    private let state = Mutex(State())

    /// - Parameter lane: the one that the engine's store belongs to.
    init(_ engine: Engine, lane: WorkLane) { (self.engine, self.lane) = (engine, lane) }

    /// Names of the jobs that are carried out here.
    var liveNames: [String] { state.withLock { $0.jobs.values.map(\.name).sorted() } }

    /// Whether a job is being taken up, or is carried out.
    func has(_ automl: String) -> Bool { state.withLock { $0.taken.contains(automl) } }

    var isIdle: Bool { state.withLock { $0.taken.isEmpty && $0.jobs.isEmpty } }

    /// Begins with a new job.
    func start(_ asked: AutoMLRequest, name: String?) {
        work(asked.job.datasetPath) { [self] in
            var asked = asked
            asked.job.datasetPath = Engine.absolute(asked.job.datasetPath)
            try DataFile.check(asked.job.datasetPath)
            let setup = try AutoMLSetup(asked), made = Mutex<AutoMLJob?>(nil), engine = engine
            var record = setup.record(name: name)
            record.request.job.experiment = record.name
            let draft = record, access = access
            try lane.carryOut {
                let job = try AutoMLJob(engine, engine.store.automls.register(draft), setup, onStore: access)
                made.withLock { $0 = job }
            }
            return made.withLock { $0 }
        }
    }

    /// Goes on with a job that ended, or whose process is gone.
    func resume(_ automl: String) {
        guard state.withLock({ $0.taken.insert(automl).inserted }) else { return }
        work(automl, taking: automl) { [self] in
            let known = Mutex<AutoMLRecord?>(nil), made = Mutex<AutoMLJob?>(nil), engine = engine, access = access
            try lane.carryOut {
                let record = try engine.store.automls.automl(named: automl)
                known.withLock { $0 = record }
            }
            guard let record = known.withLock({ $0 }) else { return nil }
            let plan = try PlanReading.kept(in: engine.workspace.artifactFolder(of: record.id))
            let setup = try AutoMLSetup(record.request, plan: plan)
            try lane.carryOut {
                let job = try AutoMLJob(resuming: record.id, record.request, setup, on: engine, onStore: access)
                made.withLock { $0 = job }
            }
            return made.withLock { $0 }
        }
    }

    /// Asks a job to stop, wherever it is carried out. On the lane.
    func stop(_ automl: String) throws {
        try engine.store.automls.askToStop(automl)
        state.withLock { $0.jobs[automl] }?.job.interrupt()
    }

    /// Stops all jobs so that they can be resumed, and waits for them. The lane goes on until then.
    /// - Returns: the jobs that were stopped so.
    @discardableResult
    func close() -> [String] {
        let (jobs, threads) = state.withLock { state in
            state.isClosed = true
            defer { state.threads = [] }
            return (state.jobs, state.threads)
        }
        for seat in jobs.values { seat.job.interrupt() }
        for thread in threads { thread.join() }
        return jobs.keys.sorted()
    }

    /// A job that cannot be taken up waits no longer for the host: it would be tried again and again.
    private func giveUp(_ automl: String, because error: any Error) {
        let reason = EndReason(CommandError(error).description), engine = engine
        do { try lane.carryOut { try engine.store.automls.end(queued: automl, .failed, because: reason) } } catch {
            engine.bus.post(.notice(.commandFailed(message: CommandError(error).description)), run: nil)
        }
    }

    private var access: AutoMLJob.StoreAccess { { [lane] work in try lane.carryOut(work) } }

    /// - Parameter taken: the job that is taken up; nil for a new one.
    private func work(_ subject: String, taking taken: String? = nil, _ make: @escaping @Sendable () throws -> AutoMLJob?) {
        guard !state.withLock({ $0.isClosed }) else { return }
        do {
            let thread = try NamedThread(name: "automl", stackBytes: 16 << 20) { [self] in
                defer { if let taken { state.withLock { _ = $0.taken.remove(taken) } } }
                do {
                    guard let job = try make() else { return }
                    let id = job.record.id, name = job.record.name
                    // Who closes either finds the job here and interrupts it, or is seen to have closed.
                    let isOpen = state.withLock { state in
                        if !state.isClosed { state.jobs[id] = (job, name) }
                        return !state.isClosed
                    }
                    if !isOpen { job.interrupt() }
                    defer { state.withLock { $0.jobs[id] = nil } }
                    _ = try job.run()
                } catch {
                    engine.bus.post(.notice(.commandFailed(message: CommandError(error).description)), run: nil)
                    if let taken { giveUp(taken, because: error) }
                }
            }
            state.withLock { $0.threads.append(thread) }
        } catch {
            engine.bus.post(.notice(.commandFailed(message: "\(subject): \(CommandError(error).description)")), run: nil)
        }
    }
}
