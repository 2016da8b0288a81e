import Cells
import Databases
import Events
import Experiments
import Glibc
import Hosting
import Studio
import Synchronization

/// Carries out the studio's effects that take time (commands, and queries) on threads of its own, and hands the answers back as
/// actions.
///
/// Lanes, so that nobody waits for what is none of their business: what is asked of jobs in training (stop, pause, steer) waits for
/// nothing; queries go to the lane of their kind; whatever changes the workspace is done in the store's lane in the order in which
/// it was asked for.
// SAFETY: each lane's `RunStore` and what stands beside it is touched by that lane's thread alone; `answers` and `wanted` are behind
// their mutexes.
final class EngineWorker: @unchecked Sendable {
    private let engine: Engine
    private let wake: @Sendable () -> Void
    private let answers = Mutex<[Action]>([])
    /// The newest query of each slot.
    private let wanted = Mutex<[QuerySlot: Int]>([:])
    private var watcher: WorkspaceWatcher?

    // What is asked of jobs.
    private let jobs: WorkLane
    private let jobStore: OwnStore

    // Queries, by lane; the store's lane has `engine.store`, and does the commands, too.
    private let store: WorkLane
    private let files: WorkLane
    private let glances: WorkLane
    private let glanceStore: OwnStore
    private let compute: WorkLane
    private let computeStore: OwnStore
    private let fileStore: OwnStore

    private let follower: WorkspaceFollower
    /// What is done to endpoints and kept models, which waits for the host.
    private let serving: WorkLane
    private let servingStore: OwnStore
    /// Sends loads of the user's own to endpoints.
    let loads: LoadDesk
    /// Kernels of notebooks.
    let kernels: KernelDesk
    /// Carries tuning jobs out.
    let tunings: TuningDesk
    /// Carries AutoML jobs out.
    let automls: AutoMLDesk
    /// The workspaces elsewhere that are shown; nil where the studio shows its own.
    private let attachments: Attachments?

    /// - Parameter wake: called on a lane's thread when answers are waiting.
    /// - Throws: when no thread can be made.
    init(engine: Engine, attachments: Attachments? = nil, wake: @escaping @Sendable () -> Void) throws {
        self.engine = engine
        self.attachments = attachments
        self.wake = wake
        jobStore = OwnStore(engine.workspace)
        computeStore = OwnStore(engine.workspace)
        fileStore = OwnStore(engine.workspace)
        glanceStore = OwnStore(engine.workspace)
        let outbox = Outbox()
        let lane = { name in
            try WorkLane(name: name) { outbox.send(.commandRefused(CommandError($0).description)) }
        }
        (store, jobs, files, compute) = (try lane("store"), try lane("jobs"), try lane("files"), try lane("compute"))
        (glances, serving) = (try lane("glances"), try lane("serving"))
        servingStore = OwnStore(engine.workspace)
        loads = LoadDesk(engine.workspace) { outbox.send($0) }
        // What shows other machines is no place to train in.
        let own = attachments?.ownPath ?? engine.workspace.path
        kernels = KernelDesk(own, places: { attachments?.reached ?? [] }) { outbox.send($0) }
        tunings = TuningDesk(engine, lane: store)
        automls = AutoMLDesk(engine, lane: store)
        follower = WorkspaceFollower(engine, lane: store, files: files) { outbox.send($0) }
        outbox.open { [unowned self] in answer($0) }
        watcher = try WorkspaceWatcher(engine.workspace) { [self] in
            engine.lookAtWorkspace()
            jobs.add(replacing: "commands") { [self] in try takeCommands() }
            follower.lookForChanges()
        }
        try attachments?.start(
            onStandings: { outbox.send(.placesChanged($0)) },
            onFact: { [engine] in engine.bus.post($0.kind, run: nil) })
    }

    func start(_ request: JobRequest, stepsPerSecond: Double?) {
        store.add { [engine] in try engine.start(request, stepsPerSecond: stepsPerSecond) }
    }

    /// - Parameter greets: whether what happened while nobody looked is told.
    func loadWorkspace(greets: Bool = false) { follower.loadWorkspace(greets: greets) }

    /// Whether everything that the workspace held at the start was handed over.
    var hasLoaded: Bool { follower.hasLoaded }

    /// Finds out whether processes that train runs of this workspace are still there.
    func lookAfterForeignRuns() { follower.lookAfterForeignRuns() }

    /// Takes the answers that are waiting.
    func takeAnswers() -> [Action] {
        answers.withLock { answers in
            defer { answers = [] }
            return answers
        }
    }

    /// Does what was asked for; what is only looked at is left.
    /// - Returns: tuning jobs that were stopped by it.
    @discardableResult
    func close() -> [String] {
        attachments?.close()
        loads.close()
        kernels.close()
        serving.abandon()
        let stopped = tunings.close()
        automls.close()
        watcher?.close()
        files.abandon()
        glances.abandon()
        compute.abandon()
        jobs.close()
        store.close()
        follower.close()
        return stopped
    }

    private func answer(_ action: Action) {
        answers.withLock { $0.append(action) }
        wake()
    }

    // MARK: - Queries

    /// Finds the answer to a query on its lane, where it takes the place of one of the same slot that waits.
    func find(_ request: QueryRequest) {
        let slot = request.query.slot
        guard let query = request.query as? any AnsweredQuery else {
            return answer(.answered(QueryAnswer(to: request, .refused("\(slot.text) has no answer in this version"))))
        }
        wanted.withLock { $0[slot] = request.id }
        lane(of: query).add(replacing: slot.text) { [self] in find(query, request) }
    }

    /// Forgets a query that waits, and has one that is being answered end where it can.
    func cancel(_ request: QueryRequest) {
        let slot = request.query.slot
        wanted.withLock { if $0[slot] == request.id { $0[slot] = nil } }
        if let query = request.query as? any AnsweredQuery { lane(of: query).remove(slot.text) }
    }

    private func lane(of query: some AnsweredQuery) -> WorkLane {
        switch type(of: query).lane {
        case .store: store
        case .files: files
        case .glances: glances
        case .compute: compute
        }
    }

    private func storeOfLane(_ lane: QueryLane) throws -> RunStore {
        switch lane {
        case .store: engine.store
        case .files: try fileStore.get()
        case .glances: try glanceStore.get()
        case .compute: try computeStore.get()
        }
    }

    private func find<Query: AnsweredQuery>(_ query: Query, _ request: QueryRequest) {
        let outcome: QueryAnswer.Outcome
        do {
            let work = QueryWork<Query.Answer>(
                engine: engine, follower: follower, attachments: attachments,
                openStore: { [self] in try storeOfLane(Query.lane) },
                tell: { [self] in answer(.answered(QueryAnswer(to: request, .part($0)))) },
                isWanted: { [self] in wanted.withLock { $0[query.slot] == request.id } })
            outcome = .whole(try query.answer(work))
        } catch is QueryCancelled {
            outcome = .cancelled
        } catch { outcome = .refused(CommandError(error).description) }
        wanted.withLock { if $0[query.slot] == request.id { $0[query.slot] = nil } }
        answer(.answered(QueryAnswer(to: request, outcome)))
    }

    // MARK: - Commands

    func perform(_ command: StudioCommand) {
        if let attachments { return jobs.add { [self] in try perform(command, elsewhere: attachments) } }
        switch command {
        case .pauseJob, .resumeJob, .stopJob, .changeHyperparameters:
            // A job of this process hears of it at once, whatever else is waiting.
            if !engine.supervisor.carryOutIfLive(command) { jobs.add { [self] in try control(command) } }
        case .changeRules: jobs.add { [self] in try control(command) }
        case .profileDataset(let path, let reading):
            files.add { [self] in engine.profile(path, reading: reading, in: fileStore.get) }
        case .startJob(let request):
            store.add { [engine] in
                if !request.datasetPath.isEmpty { try DataFile.check(request.datasetPath) }
                try engine.start(request)
            }
        case .continueJob(let run, let settings): store.add { [engine] in try engine.resume(run, settings) }
        case .forkJob(let run, let place, let settings):
            store.add { [engine] in try engine.fork(run, at: place, settings, name: nil) }
        case .reproduceRun(let run):
            // Looking at the data takes as long as there is data.
            compute.add { [self] in
                let reproduction = try engine.reproduction(of: run, in: computeStore.get())
                store.add { [engine] in _ = try reproduction.start(on: engine) }
            }
        case .saveTensors(let run, let pattern):
            files.add { [engine] in try engine.store.tensors.wholeTensors(of: run).wish(for: pattern) }
        case .deleteRun(let run): store.add { [self] in try edit(run, .run(.deleted)) }
        case .restoreRun(let run): store.add { [self] in try edit(run, .run(.restored)) }
        case .editRun(let run, let edit): store.add { [self] in try self.edit(run, .run(.edited(edit))) }
        case .moveQueued(let run, let move):
            jobs.add { [self] in
                _ = try jobStore.get().move(run, move)
                HostLink(engine.workspace.path).ring()
            }
        case .startHost:
            files.add { [self] in
                try engine.startHost()
                follower.lookForChanges()
            }
        case .startTuning(let request, let name): store.add { [tunings] in try tunings.start(request, name: name) }
        case .resumeTuning(let tuning): store.add { [tunings] in try tunings.resume(tuning) }
        case .startAutoML(let request, let name): automls.start(request, name: name)
        case .resumeAutoML(let automl): automls.resume(automl)
        case .stopAutoML(let automl): store.add { [automls] in try automls.stop(automl) }
        case .controlTuning(let tuning, let control): store.add { [tunings] in try tunings.control(tuning, control) }
        case .serving(let command):
            serving.add { [self] in
                try ServingWork(engine, try servingStore.get()).carryOut(command)
                follower.lookForChanges()
            }
        case .editEntity(let entity, let edit):
            store.add { [self] in
                guard entity.kind == .dataset else {
                    throw CommandError.failed("\(entity.kind.rawValue) \(entity.id) has no name, tags or note to change")
                }
                try follower.datasets.edit(entity, edit)
            }
        }
    }

    /// Has another machine do it. What comes of it arrives through the mirror; what was shown beforehand is taken back where it is
    /// refused.
    private func perform(_ command: StudioCommand, elsewhere attachments: Attachments) throws {
        let refuse: @Sendable (String) -> Void = { [self] message in
            switch command {
            case .editRun(let run, _), .deleteRun(let run), .restoreRun(let run):
                store.add { [self] in answer(.editRefused(run, stored: try engine.store.run(run), message)) }
            default: answer(.commandRefused(message))
            }
        }
        do { try attachments.perform(command, in: jobStore.get(), whenRefused: refuse) } catch {
            return refuse(CommandError(error).description)
        }
        // What the user says about data is shown from here.
        if case .editEntity(let entity, let edit) = command { store.add { [self] in try follower.datasets.edit(entity, edit) } }
    }

    /// Copies a run of another machine, with its files, into the user's own workspace.
    func copyHere(_ run: RunID) {
        files.add { [self] in
            guard let attachments else { throw CommandError.usage("the run is here already") }
            answer(.fileWritten(path: try attachments.copyHere(run, in: fileStore.get())))
        }
    }

    /// What concerns a job: one of this process, one of another, or one that ended and is to go on.
    private func control(_ command: StudioCommand) throws {
        if case .changeRules = command { return try engine.control(command, in: jobStore.get()) }
        if engine.supervisor.carryOutIfLive(command) { return }
        if case .resumeJob(let run) = command, try !jobStore.get().isTrainedElsewhere(run) {
            store.add { [engine] in try engine.resume(run) }
        } else {
            try engine.control(command, in: jobStore.get())
        }
    }

    /// What other processes ask of the jobs of this one.
    private func takeCommands() throws {
        for command in try jobStore.get().takeCommands() { try control(command) }
    }

    /// Changes what the user says about a run, in the workspace first. The screen shows the change already: when it cannot be
    /// made, it gets the run as it is.
    private func edit(_ run: RunID, _ kind: StudioEvent.Kind) throws {
        do {
            engine.flush()
            try engine.store.apply(kind, to: run)
            engine.bus.post(kind, run: run)
        } catch {
            var stored: RunSummary?
            do { stored = try engine.store.run(run) } catch {}
            answer(.editRefused(run, stored: stored, CommandError(error).description))
        }
    }
}

/// Where lanes leave answers; what comes before it is opened waits.
private final class Outbox: Sendable {
    private let state = Mutex((waiting: [Action](), deliver: (@Sendable (Action) -> Void)?.none))

    func send(_ action: Action) {
        let deliver = state.withLock { state in
            if state.deliver == nil { state.waiting.append(action) }
            return state.deliver
        }
        deliver?(action)
    }

    func open(_ deliver: @escaping @Sendable (Action) -> Void) {
        let waiting = state.withLock { state in
            state.deliver = deliver
            return state.waiting
        }
        for action in waiting { deliver(action) }
    }
}
