import Cells
import Clocks
import Events
import Experiments
import Glibc
import StudioState
import Synchronization
import Threads
import Training

/// Carries out the studio's effects that take time (commands, reading the store, reading data files) on threads of its own, and
/// hands the answers back as actions.
///
/// Four lanes, so that nobody waits for what is none of their business: what is asked of jobs in training (stop, pause, steer)
/// waits for nothing; data files are read in one lane, models compared and checked in another; all else, that is the store and
/// what changes it, is done in the order in which it was asked for.
// SAFETY: each lane's `RunStore` and what stands beside it is touched by that lane's thread alone; `answers` is behind its mutex.
final class EngineWorker: @unchecked Sendable {
    /// A curve of a run that another process trains: how much of it was handed over.
    private struct Followed: Hashable {
        var run: RunID
        var metric: MetricName
    }

    /// Runs that are read before all others: more than fit a screen.
    private static let firstCount = 128

    private let engine: Engine
    private let wake: @Sendable () -> Void
    private let answers = Mutex<[Action]>([])
    private var watcher: WorkspaceWatcher?
    private var loader: NamedThread?

    // What is asked of jobs.
    private var jobs: WorkLane?
    private let jobStore: OwnStore

    // Data files.
    private var files: WorkLane?

    // Comparing models, finding what matters, checking reproductions.
    private var analyses: WorkLane?
    private let analysisStore: OwnStore

    // The store; `engine.store` is this lane's.
    private var worker: WorkLane?
    private var lastChange = -1
    private var followed: [Followed: Int] = [:]
    private var alertCounts: [RunID: Int] = [:]
    /// What the user said about runs of this process when the workspace was last read.
    private var knownEdits: [RunID: RunEdit] = [:]
    /// Runs that other processes were training when last looked at.
    private var foreignActive: Set<RunID> = []

    /// - Parameter wake: called on a lane's thread when answers are waiting.
    /// - Throws: when no thread can be made.
    init(engine: Engine, wake: @escaping @Sendable () -> Void) throws {
        self.engine = engine
        self.wake = wake
        jobStore = OwnStore(engine.workspace)
        analysisStore = OwnStore(engine.workspace)
        let lane = { [unowned self] name in
            try WorkLane(name: name) { [self] in answer(.commandRefused(CommandError($0).description)) }
        }
        (worker, jobs, files, analyses) = (try lane("worker"), try lane("jobs"), try lane("files"), try lane("analyses"))
        watcher = try WorkspaceWatcher(engine.workspace) { [self] in
            engine.lookAtWorkspace()
            jobs?.add(replacing: "commands") { [self] in try takeCommands() }
            // One look at the workspace answers any number of changes.
            worker?.add(replacing: "refresh") { [self] in try refresh() }
        }
    }

    func start(_ request: JobRequest, stepsPerSecond: Double?) {
        worker?.add { [engine] in try engine.start(request, stepsPerSecond: stepsPerSecond) }
    }

    func loadWorkspace() { worker?.add { [self] in try loadWorkspaceNow() } }

    /// Finds out whether processes that train runs of this workspace are still there.
    func lookAfterForeignRuns() { worker?.add(replacing: "foreign") { [self] in try lookAfterForeignRunsNow() } }

    /// Takes the answers that are waiting.
    func takeAnswers() -> [Action] {
        answers.withLock { answers in
            defer { answers = [] }
            return answers
        }
    }

    /// Does what was asked for; what is only looked at is left.
    func close() {
        watcher?.close()
        files?.abandon()
        analyses?.abandon()
        jobs?.close()
        worker?.close()
        loader?.join()
    }

    private func answer(_ action: Action) {
        answers.withLock { $0.append(action) }
        wake()
    }

    func perform(_ effect: Effect) {
        switch effect {
        case .command(let command): perform(command)
        case .loadRuns: worker?.add { [self] in answer(.runsLoaded(try engine.store.runs())) }
        case .loadSeries(let run, let metric): worker?.add { [self] in try loadSeries(run, metric) }
        case .compare(let runs): analyses?.add(replacing: "compare") { [self] in try compare(runs) }
        case .findImportance(let runs): analyses?.add(replacing: "importance") { [self] in try findImportance(runs) }
        case .loadDetails(let run): worker?.add { [self] in answer(.detailsLoaded(try engine.details(run))) }
        case .inspectReproduction(let run):
            analyses?.add { [self] in answer(.reproductionInspected(try reproduction(of: run).outlook)) }
        case .checkReproduction(let run):
            analyses?.add { [self] in try engine.checkReproduction(run, in: analysisStore.get()) }
        case .loadForkPlaces(let run): worker?.add { [self] in answer(.forkPlacesLoaded(run, try engine.forkPlaces(run))) }
        case .listPaths(let prefix):
            files?.add(replacing: "paths") { [self] in answer(.pathsListed(prefix: prefix, PathListing.paths(prefix: prefix))) }
        case .setTheme, .saveSettings, .suspend, .quit, .copyToClipboard, .exportSVG, .exportText, .bell: break
        }
    }

    private func perform(_ command: StudioCommand) {
        switch command {
        case .pauseJob, .resumeJob, .stopJob, .changeHyperparameters:
            // A job of this process hears of it at once, whatever else is waiting.
            if !engine.supervisor.carryOutIfLive(command) { jobs?.add { [self] in try control(command) } }
        case .profileDataset(let path): files?.add { [engine] in engine.profile(path) }
        case .startJob(let request):
            worker?.add { [engine] in
                try DataFile.check(request.datasetPath)
                try engine.start(request)
            }
        case .continueJob(let run, let settings): worker?.add { [engine] in try engine.resume(run, settings) }
        case .forkJob(let run, let place, let settings):
            worker?.add { [engine] in try engine.fork(run, at: place, settings, name: nil) }
        case .reproduceRun(let run):
            // Looking at the data takes as long as there is data.
            analyses?.add { [self] in
                let reproduction = try reproduction(of: run)
                worker?.add { [engine] in _ = try reproduction.start(on: engine) }
            }
        case .deleteRun(let run): worker?.add { [self] in try edit(run, .run(.deleted)) }
        case .restoreRun(let run): worker?.add { [self] in try edit(run, .run(.restored)) }
        case .editRun(let run, let edit): worker?.add { [self] in try self.edit(run, .run(.edited(edit))) }
        }
    }

    /// What concerns a job: one of this process, one of another, or one that ended and is to go on.
    private func control(_ command: StudioCommand) throws {
        if engine.supervisor.carryOutIfLive(command) { return }
        if case .resumeJob(let run) = command, try !jobStore.get().isTrainedElsewhere(run) {
            worker?.add { [engine] in try engine.resume(run) }
        } else {
            try engine.control(command, in: jobStore.get())
        }
    }

    /// What other processes ask of the jobs of this one.
    private func takeCommands() throws {
        for command in try jobStore.get().takeCommands() { try control(command) }
    }

    private func loadSeries(_ run: RunID, _ metric: MetricName) throws {
        // What is live on this bus and what the store holds meet at the step: flush, so that nothing is missing between.
        engine.flush()
        let series = try engine.store.series(of: run, metric)
        followed[Followed(run: run, metric: metric)] = series.count
        try loadChanges(run, [.hyperparametersChanged, .checkpointSaved, .trainingDataSummarised])
        answer(.seriesLoaded(run, metric, series))
    }

    /// What is recorded at once, what the models make of held-out rows when that is known.
    private func compare(_ ids: [RunID]) throws {
        engine.flush()
        let store = try analysisStore.get()
        let runs = try ids.compactMap { try store.run($0) }
        guard runs.count > 1 else { return }
        let comparison = try ComparisonWork.recorded(runs, store)
        answer(.compared(comparison))
        answer(.compared(ComparisonWork.complete(comparison, runs, engine.workspace)))
    }

    private func findImportance(_ ids: [RunID]) throws {
        engine.flush()
        let wanted = Set(ids)
        let runs = try analysisStore.get().runs().filter { wanted.contains($0.record.id) }
        do throws(TrainingError) {
            answer(.importanceFound(try ImportanceComparing.importance(of: runs)))
        } catch { answer(.importanceRefused(error.message)) }
    }

    private func reproduction(of run: RunID) throws -> Reproduction {
        engine.flush()
        let store = try analysisStore.get()
        guard let summary = try store.run(run) else {
            throw CommandError.failed("the run \(run) is gone from the workspace")
        }
        return try Reproduction(of: summary, store: store)
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

    private func tell(_ edit: RunEdit, _ run: RunID) {
        answer(.events([StudioEvent(sequence: 0, wallTime: WallClock.now(), run: run, kind: .run(.edited(edit)))], []))
    }

    /// Everything the workspace holds, at start-up. What fits a screen is there at once; thousands of runs follow from a thread
    /// of their own, so that nobody waits for them who asks for a curve.
    private func loadWorkspaceNow() throws {
        lastChange = try engine.store.changeNumber()
        let first = try engine.store.runs(newest: Self.firstCount)
        try takeOver(first)
        for profile in try engine.store.datasets().prefix(20) where access(profile.path, R_OK) == 0 {
            let event = StudioEvent(sequence: 0, wallTime: WallClock.now(), run: nil, kind: .dataset(.profiled(profile)))
            answer(.events([event], []))
        }
        guard first.count == Self.firstCount else { return }
        let known = Set(first.map(\.record.id))
        loader = try NamedThread(name: "loader") { [self] in
            do {
                // What this process runs by now is told on the bus, and newer there.
                let all = try RunStore(engine.workspace).runs()
                let others = all.filter { !known.contains($0.record.id) && $0.record.processID != getpid() }
                worker?.add { [self] in try takeOver(others) }
            } catch { answer(.commandRefused(CommandError(error).description)) }
        }
    }

    private func takeOver(_ runs: [RunSummary]) throws {
        answer(.runsLoaded(runs))
        noteForeign(runs)
        for run in runs where run.alertCount > 0 { try loadAlerts(run) }
    }

    private func loadChanges(_ run: RunID, _ kinds: Set<EventName>) throws {
        answer(.changesLoaded(run, try engine.store.events(of: run, kinds: kinds)))
    }

    private func loadAlerts(_ run: RunSummary) throws {
        alertCounts[run.record.id] = run.alertCount
        answer(.alertsLoaded(run.record.id, try engine.store.events(of: run.record.id, kinds: [.alertRaised])))
    }

    /// What other processes changed since the last look. Runs of this process arrive on the bus.
    private func refresh() throws {
        let change = try engine.store.changeNumber()
        guard change != lastChange else { return }
        let changed = try engine.store.runs(changedAfter: lastChange, includingDeleted: true)
        lastChange = change
        let foreign = changed.filter { $0.record.processID != getpid() }
        // The bus tells what becomes of this process's runs, but not what is said about them elsewhere.
        for run in changed where run.record.processID == getpid() {
            let edit = RunEdit(of: run)
            if knownEdits.updateValue(edit, forKey: run.record.id) != edit { tell(edit, run.record.id) }
        }
        guard !foreign.isEmpty else { return }
        noteForeign(foreign)
        answer(.runsLoaded(foreign))
        for run in foreign {
            if run.alertCount > alertCounts[run.record.id] ?? 0 { try loadAlerts(run) }
            let keys = followed.keys.filter { $0.run == run.record.id }
            for key in keys { try follow(key) }
            if !keys.isEmpty { try loadChanges(run.record.id, [.hyperparametersChanged, .checkpointSaved]) }
        }
    }

    private func noteForeign(_ runs: [RunSummary]) {
        for run in runs where run.record.processID != getpid() {
            if run.status.isFinal { foreignActive.remove(run.record.id) } else { foreignActive.insert(run.record.id) }
        }
    }

    /// A killed process changes nothing in the workspace; its runs read as interrupted from then on.
    private func lookAfterForeignRunsNow() throws {
        let ended = try foreignActive.compactMap { try engine.store.run($0) }.filter(\.status.isFinal)
        guard !ended.isEmpty else { return }
        noteForeign(ended)
        answer(.runsLoaded(ended))
    }

    /// Hands over what a foreign run's curve has gained.
    private func follow(_ key: Followed) throws {
        let known = followed[key] ?? 0
        let points = try engine.store.points(run: key.run, metric: key.metric, from: known)
        guard !points.isEmpty else { return }
        followed[key] = known + points.count
        let samples = points.map { point in
            MetricSample(
                sequence: 0, metric: 0, step: point.step, epoch: point.epoch, wallTime: point.wallTime, value: point.value)
        }
        answer(.events([], [RunSamples(run: key.run, metrics: [key.metric], samples: samples)]))
    }
}

/// A lane's connection to the workspace, opened when it is first needed.
private final class OwnStore {
    private let workspace: Workspace
    private var store: RunStore?

    init(_ workspace: Workspace) { self.workspace = workspace }

    func get() throws(StoreError) -> RunStore {
        if let store { return store }
        let opened = try RunStore(workspace)
        store = opened
        return opened
    }
}

extension Series {
    /// A curve as the store has it.
    init(recorded points: [MetricPoint]) {
        self.init()
        reserveCapacity(points.count)
        append(recorded: points[...])
    }

    /// A loop, since a million points through a lazy map cost ten times as much.
    fileprivate mutating func append(recorded points: ArraySlice<MetricPoint>) {
        for point in points {
            append(SeriesPoint(step: Double(point.step), epoch: point.epoch, time: point.wallTime, value: point.value))
        }
    }
}

extension RunStore {
    /// A curve, made while it is read: a million points for once and again would cost as much as reading them.
    func series(of run: RunID, _ metric: MetricName) throws(StoreError) -> Series {
        var series = Series()
        try readPoints(run: run, metric: metric) { portion, most in
            if series.isEmpty { series.reserveCapacity(most) }
            series.append(recorded: portion)
        }
        return series
    }
}
