import Cells
import Clocks
import Databases
import Debugging
import Events
import Experiments
import Files
import Glibc
import Tables
import Scripts
import Synchronization
import Training

/// Everything below the screen, wired together for one process: bus, store, debugger, jobs.
///
/// What starts, resumes and forks runs is called from one thread at a time, which `store` belongs to: the command's, or the lane of
/// the studio that changes the workspace. What takes a store is called from any thread that has one of its own; the rest from any.
// SAFETY: `store` is the only part that is not safe by itself, and the rule above confines it.
final class Engine: @unchecked Sendable {
    static let version = "0.1.0"

    let workspace: Workspace
    let bus: EventBus
    let store: RunStore
    private let recorder: StoreRecorder
    let debugger: Debugger
    let supervisor: JobSupervisor
    /// Where trials of searches train.
    let trialPlaces: TrialPlaces
    private var followUps: FollowUps?
    /// Takes the actions that follow from what rules find.
    let desk: ActionDesk
    /// What is asked of the host with a job that is to be trained by it; nil where this process trains it. Set before anything is
    /// started.
    var queueing: @Sendable () -> QueueOptions? = { nil }

    /// - Throws: `StoreError`, and `ThreadError` when no thread can be made.
    init(workspace: Workspace, budget: ComputeBudget = ComputeBudget()) throws {
        self.workspace = workspace
        let bus = EventBus()
        self.bus = bus
        if let problem = bus.problem { throw problem }
        store = try RunStore(workspace)
        recorder = try StoreRecorder(
            workspace, onNews: { kind, run in bus.post(kind, run: run) })
        bus.subscribe(recorder)
        debugger = try Debugger(
            bus: bus, algorithms: Algorithms.all, recorded: RecordedRuns(workspace, recorder: recorder, bus: bus))
        // A run's alerts come before its last event, so that `JobEvent.finished` ends the stream, and what follows from them where that
        // does not take long.
        let beforeLastEvent = BeforeLastEvent()
        let scripts = Self.scripts(in: workspace, on: bus), places = TrialPlaces(workspace)
        trialPlaces = places
        supervisor = JobSupervisor(
            bus: bus, budget: budget,
            otherWork: { plan, control, enter in
                places.work(plan, control, on: bus, enter) ?? scripts(plan, control, enter)
            },
            makeCluster: Self.clusters(on: bus)
        ) {
            beforeLastEvent.run()
        }
        let desk = try ActionDesk(workspace, bus: bus, supervisor: supervisor)
        self.desk = desk
        beforeLastEvent.set { [debugger] in
            debugger.flush()
            desk.settle(patience: 3)
        }
        let ownStore = OwnStore(workspace)
        let followUps = try FollowUps(
            check: { [unowned self] in try checkAgainstOriginal($0, in: ownStore.get()) },
            report: { [unowned self] run in
                flush()
                try TreeReportFiles.writeIfAsked(run, ownStore.get())
            },
            onFailure: { bus.post(.notice(.commandFailed(message: CommandError($0).description)), run: nil) })
        bus.subscribe(followUps)
        self.followUps = followUps
    }

    /// Registers a run and queues its job.
    /// - Parameter stepsPerSecond: slows the job down, for demonstrations.
    @discardableResult
    func start(_ request: JobRequest, stepsPerSecond: Double? = nil) throws -> RunRecord {
        let record = try start(request, stepsPerSecond: stepsPerSecond, baselineOf: nil)
        for baseline in Baselines.requests(beside: record) { _ = try start(baseline, stepsPerSecond: nil, baselineOf: record.id) }
        return record
    }

    /// Registers the run of a tuning job's trial, and queues its job.
    /// - Parameters:
    ///   - id: the run's, which is kept with the trial already.
    ///   - prepared: data that all trials share.
    func startTrial(_ request: JobRequest, _ id: RunID, of tuning: RunTuning, prepared: PreparedData?) throws -> RunRecord {
        try start(request, stepsPerSecond: nil, baselineOf: nil, trial: (id, tuning, prepared))
    }

    /// Registers a run whose id is known already, and has it wait for the host.
    func enqueue(_ request: JobRequest, as id: RunID) throws -> RunRecord {
        try start(request, stepsPerSecond: nil, baselineOf: nil, queuedAs: id)
    }

    private func start(
        _ request: JobRequest, stepsPerSecond: Double?, baselineOf: RunID?,
        trial: (id: RunID, tuning: RunTuning, prepared: PreparedData?)? = nil, queuedAs queuedID: RunID? = nil
    ) throws -> RunRecord {
        var request = request
        if !request.datasetPath.isEmpty { request.datasetPath = Self.absoluteData(request) }
        request.validationPath = request.validationPath.map(Self.absolute)
        // Who asks for the same again does not mend anything with it.
        let remedies = request.remedies
        request.remedies = nil
        try PipelineFile.resolve(&request)
        try Algorithms.validate(request)
        try Self.check(name: request.name)
        let (rules, faults) = try RuleFile.merged(request.rules, in: workspace)
        request.rules = rules
        request.actions = try ActionFile.merged(request, in: workspace)
        if request.isScript { try ScriptRequest.prepare(&request, environment: ProcessEnvironment.variables) }
        var generator = SystemRandomNumberGenerator()
        var draft = RunRecord(
            id: .random(using: &generator), name: request.name ?? RunNaming.name(for: request),
            experiment: request.experiment, algorithm: request.algorithm, request: request,
            hyperparameters: request.hyperparameters, objective: try Algorithms.objective(of: request),
            seed: request.seed, dataFingerprint: "", gitRevision: nil, version: Self.version, createdAt: 0, processID: 0)
        draft.remedies = remedies
        draft.baselineOf = baselineOf
        if let trial { (draft.id, draft.tuning) = (trial.id, trial.tuning) }
        if let queuedID { draft.id = queuedID }
        var plan = JobPlan(
            record: draft, artifactFolder: workspace.artifactFolder(of: draft.id.text), stepsPerSecond: stepsPerSecond)
        plan.prepared = trial?.prepared
        let record = try start(plan, isQueued: queuedID != nil)
        let algorithm = Algorithms.all.first { $0.name == record.algorithm }
        let unknown = algorithm.map { RuleSelection(of: record).metrics(missingFrom: $0, of: record) } ?? []
        for fault in faults + unknown.map({ "\($0.rule) waits for ever: \($0.words)" }) {
            bus.post(.job(.dataWarned(DataWarning(code: "rules", column: nil, message: fault))), run: record.id)
        }
        return record
    }

    /// Registers the run of a plan, gives it to this process and this version, and queues its job.
    /// - Parameter isQueued: whether it waits for the host, whoever that is.
    func start(_ plan: JobPlan, isQueued: Bool = false) throws -> RunRecord {
        var plan = plan
        plan.record.gitRevision = GitRevision.current()
        plan.record.version = Self.version
        plan.record.createdAt = WallClock.now()
        ComputeBudget.fixThreads(of: &plan.record)
        // A trial is trained where its tuning job looks at it.
        if plan.record.tuning == nil, let options = isQueued ? QueueOptions() : queueing() { return try enqueue(plan, options) }
        plan.record.processID = getpid()
        do { plan.record = try store.register(plan.record) } catch {
            // What a fork begins with is there already.
            if let folder = plan.artifactFolder { Folder.remove(folder) }
            throw error
        }
        bus.post(.run(.registered(plan.record)), run: plan.record.id)
        supervisor.start(plan)
        return plan.record
    }

    /// Removes a run that was refused: its row and its files. Others hear that it is gone.
    func forget(_ run: RunID) throws {
        try store.erase(run)
        Folder.remove(workspace.artifactFolder(of: run.text))
        bus.post(.run(.deleted), run: run)
    }

    /// Lets a paused job go on, or continues a run that ended from its newest checkpoint.
    /// - Parameters:
    ///   - settings: what changes there; a finished run must be given more epochs.
    ///   - planned: what else was planned for it when it began.
    ///   - isHere: whether this process trains it also where what is started is the host's.
    func resume(_ run: RunID, _ settings: [String: String] = [:], planned: QueuedPlan? = nil, isHere: Bool = false) throws {
        if settings.isEmpty, planned == nil {
            if supervisor.isLive(run) {
                supervisor.resume(run)
                return
            }
            if try store.isTrainedElsewhere(run), try store.run(run)?.status == .paused {
                _ = try store.send(.resumeJob(run))
                return
            }
        }
        let known = try summary(run, in: store)
        try Self.checkIsTrainedHere(known.record)
        if known.record.request.isScript { return try resumeScript(known, settings, planned: planned, isHere: isHere) }
        let folder = workspace.artifactFolder(of: run.text)
        // A run that was brought back from its files has no curve; its row says how far it was.
        let recorded = try store.recordedStep(of: run) ?? known.record.fork?.step ?? known.step
        let place = try ResumePoint.find(inFolder: folder, notAfter: recorded)
        var continuation: Continuation?
        if known.status == .completed || !settings.isEmpty {
            guard let place else {
                throw CommandError.failed("\(known.record.name) has no checkpoint to go on from: start a new run")
            }
            continuation = try Continuation(of: known.record, from: place, settings: settings, isFork: false)
        }
        if !isHere, let options = queueing() { return try enqueue(known, settings, options) }
        let summary = try store.claim(run, knownAs: known)
        try store.truncate(run, afterStep: place?.step ?? -1)
        debugger.expect(run, after: try RunHistory(of: summary.record, in: store))
        var record = summary.record
        record.processID = getpid()
        let now = WallClock.now()
        record.idleSeconds += max(0, now - (try known.finishedAt ?? store.lastRecordedTime(of: run) ?? now))
        record.adopt(continuation)
        bus.post(.run(.registered(record)), run: run)
        tell(continuation, run)
        var plan = JobPlan(record: record, artifactFolder: folder, recordedStep: place?.step)
        plan.continuation = continuation
        planned?.goOn(&plan, afterStep: place?.step)
        supervisor.start(plan)
    }

    /// What was decided for the user.
    private func tell(_ continuation: Continuation?, _ run: RunID) {
        for note in continuation?.notes ?? [] { bus.post(.notice(.messageLogged(note)), run: run) }
    }

    /// Starts a new run from a checkpoint of another one, with the same data and settings but for those given.
    @discardableResult
    func fork(_ run: RunID, at place: ForkPlace, _ settings: [String: String], name: String?) throws -> RunRecord {
        let parent = try summary(run, in: store)
        try Self.checkIsTrainedHere(parent.record)
        try Self.check(name: name)
        try store.checkIsWritable()
        if parent.record.request.isScript { return try forkScript(parent, at: place, settings, name: name) }
        let point = try ForkPoint.find(
            inFolder: workspace.artifactFolder(of: run.text), at: place, recordedStep: try forkLimit(parent, in: store))
        let continuation = try Continuation(of: parent.record, from: point, settings: settings, isFork: true)
        var generator = SystemRandomNumberGenerator()
        var draft = parent.record
        draft.id = .random(using: &generator)
        let folder = workspace.artifactFolder(of: draft.id.text)
        draft.adopt(continuation)
        draft.fork = RunFork(parent: run, step: point.step, settings: settings)
        draft.reproduces = nil
        (draft.remedies, draft.baselineOf, draft.tuning) = (nil, nil, nil)
        draft.name = name ?? parent.record.name + "-fork"
        draft.request.name = draft.name
        try point.write(toFolder: folder)
        var plan = JobPlan(record: draft, artifactFolder: folder)
        plan.continuation = continuation
        let record = try start(plan)
        tell(continuation, record.id)
        return record
    }

    /// Where a run can be forked.
    /// - Parameter store: the calling thread's own.
    func forkPlaces(_ run: RunID, in store: RunStore) throws -> ForkPlaces {
        let known = try summary(run, in: store)
        if known.record.request.isScript { return scriptForkPlaces(known) }
        let limit = try forkLimit(known, in: store)
        return try ForkPoint.places(inFolder: workspace.artifactFolder(of: run.text), recordedStep: limit)
    }

    /// What the workspace holds of a run, with what happened to it since it was last read.
    /// - Parameter store: the calling thread's own.
    func details(
        _ run: RunID, after known: RunDetails.Place = .beginning, in store: RunStore
    ) throws -> RunDetails {
        flush()
        let folder = workspace.artifactFolder(of: run.text)
        let (events, start, end) = try store.events(of: run, after: known)
        return RunDetails(
            run: run, folder: folder, files: ArtifactFiles.list(folder), events: events, lineage: try store.lineage(of: run),
            start: start, end: end)
    }

    /// A killed run may have a checkpoint that its recorded curve does not reach.
    private func forkLimit(_ parent: RunSummary, in store: RunStore) throws -> Int {
        guard parent.status.isFinal else { return .max }
        return try store.recordedStep(of: parent.record.id) ?? parent.record.fork?.step ?? parent.step
    }

    private func summary(_ run: RunID, in store: RunStore) throws -> RunSummary {
        guard let summary = try store.run(run) else { throw CommandError.failed("the run \(run) is gone from the workspace") }
        return summary
    }

    /// Carries out what concerns a running job. A job of another process is asked of that one; what came of it arrives through
    /// the store.
    /// - Parameter store: the calling thread's own.
    func control(_ command: StudioCommand, in store: RunStore) throws {
        guard let run = command.job else { preconditionFailure("\(command) is not about a running job") }
        if let known = try store.run(run) { try Self.checkIsTrainedHere(known.record) }
        if try QueuedControl.carryOut(command, in: store) { return }
        if try store.isTrainedElsewhere(run) { _ = try store.send(command) } else { carryOut(command, in: store) }
    }

    /// Does what a command asks of a job of this process; what comes of it is told.
    /// - Parameter store: the calling thread's own.
    func carryOut(_ command: StudioCommand, in store: RunStore) {
        guard case .changeRules(let run, let edit) = command else { return supervisor.carryOut(command) }
        do {
            try debugger.change(run, edit, step: try store.run(run)?.step ?? 0)
        } catch {
            bus.post(.notice(.commandFailed(message: CommandError(error).description)), run: run)
        }
    }

    /// Reads a data file and posts its profile, or why it could not be read.
    /// - Parameters:
    ///   - reading: what the user says about reading it; nil = what was said before.
    ///   - store: the calling thread's own.
    func profile(_ path: String, reading: [String: String]? = nil, in store: () throws -> RunStore) {
        do {
            try DataFile.check(path)
            let absolute = Self.absolute(path)
            let options = try reading ?? store().datasets.reading(at: absolute)
            var profile = try DatasetProfiling.profile(path: absolute, options: try ReadOptions(options))
            profile.options = options
            if profile.path != path { profile.askedPath = path }
            bus.post(.dataset(.profiled(profile)))
        } catch {
            bus.post(.dataset(.failed(path: path, message: CommandError(error).description)))
        }
    }

    /// Returns when everything posted before the call is in the workspace, or cannot be written for a while.
    /// - Parameter seconds: how long writing may fail before nobody waits any more.
    /// - Returns: whether it is in the workspace.
    @discardableResult
    func flush(patience seconds: Double = 1) -> Bool {
        bus.flush()
        return recorder.flush(patience: seconds)
    }

    /// Does something beside all else, once what was to be done before is done.
    func followUp(_ work: @escaping @Sendable () throws -> Void) { followUps?.add(work) }

    /// Waits for what the engine does by itself after the jobs that have ended.
    func finishFollowUps() {
        bus.flush()
        followUps?.waitUntilIdle()
    }

    /// Waits for notices that are to go out now or shortly, at most so many seconds.
    /// - Returns: how many wait for another time, or another process.
    func finishNotices(patience seconds: Double, unless isLeft: () -> Bool) -> Int {
        bus.flush()
        return desk.finish(patience: seconds, unless: isLeft)
    }

    /// Why nothing can be written to the workspace just now; nil when all is well.
    var recordingProblem: StoreError? { recorder.problem }

    /// Tells when the workspace is not where it was any more.
    func lookAtWorkspace() { recorder.lookAtWorkspace() }

    /// Lets nobody wait for a workspace that cannot be written, since the program is about to end.
    func letGo() { recorder.letGo() }

    /// Stops every job so that it can be resumed, writes everything down and ends the threads; says what could not be written.
    func close() {
        letGo()
        supervisor.close()
        bus.flush()
        followUps?.close()
        debugger.close()
        bus.flush()
        desk.close()
        bus.flush()
        bus.close()
        let losses = recorder.close()
        guard !losses.isEmpty else { return }
        let why = recorder.problem?.description ?? "the workspace could not be written for a while"
        Console.note("descent: not everything is recorded: \(why)")
        for loss in losses {
            let isBegun = loss.recordedStep > 0
            let place =
                isBegun ? "recorded up to step \(NumberFormat.grouped(loss.recordedStep))" : "none of its steps is recorded"
            Console.note("  \(loss.name): \(place)")
        }
    }

    private static func check(name: String?) throws(CommandError) {
        if let problem = name.flatMap(RunEdit.problem(withName:)) { throw .usage(problem) }
    }

    /// - Throws: a usage fault for a run that is read from another program's log, and for one that a newer Descent trained.
    static func checkIsTrainedHere(_ record: RunRecord) throws(CommandError) {
        if let refusal = record.refusal { throw .usage(refusal) }
        guard Algorithms.all.contains(where: { $0.name == record.algorithm }) else {
            throw .usage(
                "this descent does not know the algorithm \(record.algorithm): go on with \(record.name) in the version that trained it"
            )
        }
    }

    static func exists(_ path: String) -> Bool { FileSet.exists(path) }

    /// The path from the root, and of a pattern that of its folder, so that a run can be reproduced from another folder; as it was given where that is no UTF-8.
    static func absolute(_ path: String) -> String {
        guard let resolved = realpath(path, nil) else { return FileSet.absolute(path) ?? path }
        defer { free(resolved) }
        return String(validatingCString: resolved) ?? path
    }
}

/// What is done between a job's end and its last event, known once all of the engine stands.
private final class BeforeLastEvent: Sendable {
    private let work = Mutex<@Sendable () -> Void>({})

    func set(_ work: @escaping @Sendable () -> Void) { self.work.withLock { $0 = work } }
    func run() { work.withLock { $0 }() }
}

extension RunRecord {
    /// Takes over what holds for a run that goes on, as if it had been asked for at its beginning.
    fileprivate mutating func adopt(_ continuation: Continuation?) {
        guard let continuation else { return }
        request.hyperparameters.merge(continuation.lasting) { $1 }
        hyperparameters.merge(continuation.lasting) { $1 }
        hyperparameters.merge(continuation.changes) { $1 }
        // What is set by hand is no choice any more.
        pinned = pinned.merging(continuation.pinned) { first, _ in first }
        for name in continuation.lasting.keys { pinned[name] = nil }
    }
}
