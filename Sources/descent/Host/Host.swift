import CheckedNumbers
import Clocks
import Databases
import Events
import Experiments
import Glibc
import Hosting
import JSON
import Synchronization
import Threads
import Training

/// The host of a workspace: takes jobs from its queue as the compute budget has room, and answers other processes.
///
/// One a workspace: it holds the workspace's lock. Its thread sleeps until a job ends, somebody changes the workspace or rings, or a
/// job's time has come.
// SAFETY: `store` is used by the host's thread alone; the rest is set in init.
final class Host: @unchecked Sendable {
    private let engine: Engine
    private let budget: ComputeBudget
    private let lock: HostLock
    private var socket: HostSocket?
    private var thread: NamedThread?
    private let news = ThreadSignal()
    private let isEnding = Atomic<Bool>(false)
    private let startedAt = WallClock.now()
    private let onStop: @Sendable () -> Void
    private let store: RunStore
    private let listener: Listener
    /// What the engine's store belongs to, and the jobs of many runs that are carried out on it.
    private let lane: WorkLane
    private let tunings: TuningDesk
    private let automls: AutoMLDesk
    private let endpoints: EndpointDesk
    private let monitors: MonitorDesk
    private let retraining: RetrainingDesk

    /// Becomes the workspace's host.
    /// - Parameters:
    ///   - serving: how its endpoints are reached.
    ///   - onStop: called when another process of the user wants it to end.
    /// - Returns: nil where the workspace has one.
    init?(
        _ engine: Engine, budget: ComputeBudget, serving: ServingSettings = ServingSettings(),
        onStop: @escaping @Sendable () -> Void
    ) throws {
        guard let lock = try HostLock(engine.workspace.path) else { return nil }
        (self.engine, self.budget, self.lock, self.onStop) = (engine, budget, lock, onStop)
        store = try RunStore(engine.workspace)
        lane = try WorkLane(name: "host store") { error in
            engine.bus.post(.notice(.commandFailed(message: CommandError(error).description)))
        }
        tunings = TuningDesk(engine, lane: lane)
        automls = AutoMLDesk(engine, lane: lane)
        endpoints = try EndpointDesk(engine, serving)
        retraining = try RetrainingDesk(engine, lane: lane) { [endpoints] in endpoints.look() }
        monitors = try MonitorDesk(engine) { [retraining] in retraining.look() }
        listener = Listener(news)
        engine.bus.subscribe(listener)
        do {
            socket = try HostSocket(engine.workspace.path) { [unowned self] in answer($0) }
        } catch {
            lock.say(hasSocket: false)
            // The database says all that the socket would, only not at once.
            Console.note("descent: \(error): others find this host by its lock")
        }
        thread = try NamedThread(name: "host") { [unowned self] in work() }
    }

    /// Something has changed: looks at the queue, at what is wanted of endpoints, and at monitors.
    func look() {
        news.set()
        endpoints.look()
        monitors.look()
        retraining.look()
    }

    /// Takes no more jobs, and is nobody's host any more. Jobs that train go on.
    private func close() {
        lock.say(hasSocket: socket != nil, isEnding: true)
        isEnding.store(true, ordering: .releasing)
        news.set()
        thread?.join()
        thread = nil
        engine.bus.unsubscribe(listener)
        socket?.close()
        socket = nil
    }

    /// Ends the host and the engine that it has: jobs that still train wait for the next host, each at a checkpoint. The lock is held
    /// until the last of them has ended.
    func end(_ inbox: CommandWatch) {
        engine.letGo()
        monitors.close()
        retraining.close()
        endpoints.close()
        let left = tunings.close(), leftAutoMLs = automls.close()
        close()
        lane.close()
        for tuning in left {
            do { try store.tunings.enqueue(tuning) } catch { Console.note("descent: \(error)") }
        }
        for automl in leftAutoMLs {
            do { if try !store.automls.isOver(automl) { try store.automls.enqueue(automl) } } catch {
                Console.note("descent: \(error)")
            }
        }
        do { try engine.giveJobsBack() } catch {
            // Those that could not be given back are taken up as those of a killed host.
            Console.note("descent: \(CommandError(error).description)")
        }
        inbox.close()
        engine.close()
    }

    /// Returns when the queue is empty, nothing trains, no endpoint is served and no monitor waits for its time.
    func waitUntilIdle(unless isLeft: () -> Bool) {
        let store: RunStore
        do { store = try RunStore(engine.workspace) } catch { return }
        while !isLeft() {
            let isEmpty: Bool
            do {
                isEmpty = try store.queue().isEmpty && store.tunings.forHost().isEmpty && store.automls.forHost().isEmpty
            } catch { return }
            let isResting = tunings.liveNames.isEmpty && automls.isIdle && engine.supervisor.liveRuns.isEmpty
            if isEmpty, isResting, !endpoints.isServing, !monitors.isScheduled,
                retraining.isIdle
            {
                return
            }
            usleep(200_000)
        }
    }

    // MARK: - Its thread

    private func work() {
        while !isEnding.load(ordering: .acquiring) {
            var next: Double?
            do { next = try lane.carryOut { [unowned self] in try schedule() } } catch {
                engine.bus.post(.notice(.commandFailed(message: CommandError(error).description)))
                next = WallClock.now() + 5
            }
            let now = SteadyClock.nanoseconds()
            if let next {
                let seconds = min(max(0.01, next - WallClock.now()), 3600)
                _ = news.wait(untilNanoseconds: now + UInt64(nearestWithin: seconds * 1e9))
            } else {
                news.wait()
            }
        }
    }

    /// Takes over what killed processes left, and starts what may start.
    /// - Returns: when to look again if nothing happens before; nil = never.
    private func schedule() throws -> Double? {
        for job in try store.abandonedJobs() { try takeUp(job) }
        var jobs = try store.queue()
        for (tuning, conditions) in try store.tunings.forHost() {
            switch policy(among: jobs).verdict(conditions) {
            case .wait: break
            case .cancel(let reason): try store.tunings.end(queued: tuning, .stopped, because: reason)
            case .start: try takeUp(tuning: tuning)
            }
        }
        for automl in try store.automls.forHost() where !automls.has(automl) { automls.resume(automl) }
        let areLeft = QueuedEnvironment.keep(Set(jobs.map(\.run)), in: engine.workspace.path)
        let tidying = areLeft ? WallClock.now() + QueuedEnvironment.patience + 1 : nil
        guard jobs.contains(where: { $0.state == .waiting }) else { return tidying }
        let policy = policy(among: jobs)
        var texts: [RunID: String] = [:], hasStarted = false, waitsForMemory = false
        for (job, verdict) in policy.verdicts(jobs) {
            switch verdict {
            case .wait(let why):
                texts[job.run] = why
                waitsForMemory = waitsForMemory || why.hasPrefix("memory")
            case .cancel(let reason): _ = try store.cancel(job.run, because: reason)
            case .start:
                try takeUp(job)
                hasStarted = true
            }
        }
        try store.note(waitsFor: texts)
        if hasStarted { jobs = try store.queue() }
        let looksAgain = waitsForMemory || policy.obstacle != nil
        let times = [policy.nextTime(jobs), looksAgain ? WallClock.now() + 5 : nil, tidying]
        return times.compactMap { $0 }.min()
    }

    private func policy(among jobs: [QueuedJob]) -> QueuePolicy {
        let inQueue = Set(jobs.map(\.run)), busy = engine.supervisor.liveRuns.count
        var policy = QueuePolicy(
            freeSlots: budget.concurrentJobs - busy, busyCount: busy, freeMemory: MemoryNeed.available, now: WallClock.now(),
            standing: { [store] run in
                guard let summary = try? store.run(run) else {
                    guard let tuning = try? store.tunings.tuning(id: run.text) else { return .gone }
                    return tuning.status.isFinal ? .over(name: tuning.name, tuning.status) : .going(name: tuning.name)
                }
                let name = summary.record.name
                return !inQueue.contains(run) && summary.status.isFinal ? .over(name: name, summary.status) : .going(name: name)
            },
            need: { [store, budget] job in
                guard let request = (try? store.run(job.run))?.record.request else { return 0 }
                return min(MemoryNeed.of(request), budget.memory)
            },
            clock: LocalTime.short)
        policy.obstacle = obstacle
        return policy
    }

    /// Why nothing can be trained here now, whatever it is. What is started would be lost.
    private var obstacle: String? {
        if let problem = engine.recordingProblem {
            return "the workspace: \(problem.code == .diskFull ? "its disk is full" : "it cannot be written")"
        }
        var status = statvfs()
        guard statvfs(engine.workspace.path, &status) == 0 else { return nil }
        let free = Int(clamping: status.f_bavail) * Int(clamping: status.f_frsize)
        return free < Self.leastSpace ? "disk space: \(free >> 20) MB are free" : nil
    }

    /// Less than a checkpoint and the curves of a small job take.
    private static let leastSpace = 8 << 20

    private func takeUp(tuning: String) throws {
        do { try tunings.resume(tuning) } catch {
            // What cannot begin is told, and is not tried again and again.
            try store.tunings.end(queued: tuning, .failed, because: EndReason(CommandError(error).description))
            throw error
        }
    }

    private func takeUp(_ job: QueuedJob) throws {
        guard try store.take(job.run, seenAs: job.state) else { return }
        do {
            try engine.begin(job)
            try store.noteStarted(job.run)
        } catch {
            // What cannot begin is told, and is not tried again and again.
            try store.end(job.run, .failed, because: EndReason(CommandError(error).description))
        }
    }

    // MARK: - What others ask

    private func answer(_ asked: JSONValue) -> JSONValue {
        switch asked["request"]?.string {
        case "look":
            look()
            return .object(["done": .boolean(true)])
        case "stop":
            onStop()
            return .object(["done": .boolean(true)])
        case "status": return status
        case "traffic": return endpoints.watch.answer(asked, startedAt: startedAt)
        default: return .object(["error": .string("this host does not know that request")])
        }
    }

    private var status: JSONValue {
        var jobs: [QueuedJob] = []
        do { jobs = try RunStore(engine.workspace).queue() } catch {}
        return .object([
            "kind": .string("hostStatus"), "pid": .integer(Int(getpid())), "version": .string(Engine.version),
            "since": .number(startedAt), "workspace": .string(engine.workspace.path),
            "running": .integer(engine.supervisor.liveRuns.count), "atOnce": .integer(budget.concurrentJobs),
            "waiting": .integer(jobs.count { $0.state == .waiting }), "held": .integer(jobs.count { $0.state == .held }),
            "endpoints": .integer(endpoints.count),
        ])
    }
}

/// Wakes the host when a job has ended.
private final class Listener: EventSubscriber {
    private let news: ThreadSignal
    init(_ news: ThreadSignal) { self.news = news }

    func deliver(_ batch: EventBatch) {
        let hasEnd = batch.events.contains { event in
            switch event.kind {
            case .job(.finished), .tuning(.finished), .automl(.finished): true
            case .job(.statusChanged(let change)): change.reason == .handedOver
            default: false
            }
        }
        if hasEnd { news.set() }
    }
}
