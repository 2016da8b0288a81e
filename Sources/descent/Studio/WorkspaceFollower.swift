import Clocks
import Events
import Experiments
import Glibc
import Hosting
import Studio
import Synchronization
import Threads

/// Reads of the workspace what nobody asked for: everything at the start, and what other processes change from then on.
///
/// All of it is done on the thread of the store's lane.
// SAFETY: its state is touched by the store's lane alone; `loader` is written there and read after that lane has ended.
final class WorkspaceFollower: @unchecked Sendable {
    /// How much of a curve of a run that another process trains was handed over.
    private struct Followed {
        var count: Int
        var last: MetricPoint?
        /// Points of the whole curve, of which what is still to come was handed over as an outline.
        var outlined: Int?
    }

    /// Runs that are read before all others: more than fit a screen.
    private static let firstCount = 128

    private let engine: Engine
    private let lane: WorkLane
    private let answer: @Sendable (Action) -> Void
    /// The data sets that the workspace knows; used on the lane alone.
    let datasets: KnownDatasets
    private var loader: NamedThread?
    private let loaded = Atomic(false)
    private var lastChange = -1
    private var followed: [SeriesLibrary.Key: Followed] = [:]
    /// Alerts of each run that stand and that are cleared.
    private var alertCounts: [RunID: [Int]] = [:]
    /// What the user said about runs of this process when the workspace was last read.
    private var knownEdits: [RunID: RunEdit] = [:]
    /// Runs of this process that were in the bin when the workspace was last read.
    private var knownDeleted: Set<RunID> = []
    /// How tuning jobs stood when last looked at.
    private var knownTunings = ""
    /// How endpoints, alarms and kept models stood when last looked at.
    private var knownServing = ""
    private var knownHost = false
    private var knownQueue: [QueuedJob] = []
    /// Runs that were there when last looked at.
    private var knownIDs: Set<RunID> = []
    /// Runs that other processes were training when last looked at.
    private var foreignActive: Set<RunID> = []

    /// - Parameters:
    ///   - lane: the store's.
    ///   - files: reads data files.
    ///   - answer: takes what was read.
    init(_ engine: Engine, lane: WorkLane, files: WorkLane, answer: @escaping @Sendable (Action) -> Void) {
        self.engine = engine
        datasets = KnownDatasets(engine: engine, worker: lane, files: files, answer: answer)
        self.lane = lane
        self.answer = answer
    }

    /// - Parameter greets: whether what happened while nobody looked is told.
    func loadWorkspace(greets: Bool) { lane.add { [self] in try loadWorkspaceNow(greets: greets) } }

    /// Whether everything that the workspace held at the start was handed over. From any thread.
    var hasLoaded: Bool { loaded.load(ordering: .acquiring) }

    /// One look at the workspace answers any number of changes.
    func lookForChanges() { lane.add(replacing: "refresh") { [self] in try refresh() } }

    /// Finds out whether processes that train runs of this workspace are still there.
    func lookAfterForeignRuns() { lane.add(replacing: "foreign") { [self] in try lookAfterForeignRunsNow() } }

    /// Waits for what is read beside the lane. Call when the lane has ended.
    func close() { loader?.join() }

    /// From now on, what a curve gains in another process is handed over. Call on the lane.
    /// - Parameter read: what was handed over.
    func follow(_ run: RunID, _ metric: MetricName, from read: RecordedCurve) {
        followed[SeriesLibrary.Key(run, metric)] = Followed(count: read.count, last: read.last, outlined: read.outlined)
    }

    /// Everything the workspace holds, at start-up. What fits a screen is there at once; thousands of runs follow from a thread
    /// of their own, so that nobody waits for them who asks for a curve.
    private func loadWorkspaceNow(greets: Bool) throws {
        lastChange = try engine.store.changeNumber()
        knownIDs = try engine.store.ids()
        let first = try engine.store.runs(newest: Self.firstCount)
        try takeOver(first)
        try loadQueue()
        try lookAtServing()
        if greets {
            if let absence = try LastSeen.absence(engine.store, first) { answer(.returned(absence)) }
            LastSeen.note(in: engine.workspace)
        }
        try datasets.load()
        guard first.count == Self.firstCount else { return loaded.store(true, ordering: .releasing) }
        let known = Set(first.map(\.record.id))
        loader = try NamedThread(name: "loader") { [self] in
            do {
                // What this process runs by now is told on the bus, and newer there.
                let all = try RunStore(engine.workspace).runs()
                let others = all.filter { !known.contains($0.record.id) && $0.record.processID != getpid() }
                lane.add { [self] in
                    try takeOver(others)
                    loaded.store(true, ordering: .releasing)
                }
            } catch { answer(.commandRefused(CommandError(error).description)) }
        }
    }

    private func takeOver(_ runs: [RunSummary]) throws {
        answer(.runsLoaded(runs))
        noteForeign(runs)
        for run in runs where run.alertCount + run.clearedAlertCount > 0 || run.record.remedies != nil { try loadAlerts(run) }
    }

    private func loadChanges(_ run: RunID) throws {
        answer(.changesLoaded(run, try engine.store.events(of: run, kinds: [.hyperparametersChanged, .checkpointSaved])))
    }

    private func loadAlerts(_ run: RunSummary) throws {
        alertCounts[run.record.id] = [run.alertCount, run.clearedAlertCount]
        answer(
            .alertsLoaded(
                run.record.id,
                try engine.store.events(of: run.record.id, kinds: [.alertRaised, .ruleEvaluated, .remedyMeasured, .actionTaken]))
        )
    }

    /// What other processes changed since the last look. Runs of this process arrive on the bus.
    private func refresh() throws {
        try lookAtTunings()
        try lookAtServing()
        let change = try engine.store.changeNumber()
        guard change != lastChange else { return }
        let changed = try engine.store.runs(changedAfter: lastChange, includingDeleted: true)
        try datasets.refresh(after: lastChange)
        lastChange = change
        try loadQueue()
        let foreign = changed.filter { $0.record.processID != getpid() }
        // The bus tells what becomes of this process's runs, but not what is said about them elsewhere.
        for run in changed where run.record.processID == getpid() {
            let edit = RunEdit(of: run)
            if knownEdits.updateValue(edit, forKey: run.record.id) != edit { tell(.edited(edit), run.record.id) }
            let wasDeleted = knownDeleted.contains(run.record.id)
            if run.isDeleted { knownDeleted.insert(run.record.id) } else { knownDeleted.remove(run.record.id) }
            if run.isDeleted != wasDeleted { tell(run.isDeleted ? .deleted : .restored, run.record.id) }
        }
        try lookForRemovedRuns(changed)
        guard !foreign.isEmpty else { return }
        noteForeign(foreign)
        // Curves first: a summary that says how a run ended has the kept model's values, which no sample may take the place of.
        let keys = followed.keys.filter { key in foreign.contains { $0.record.id == key.run } }
        for key in keys { try follow(key) }
        answer(.runsLoaded(foreign))
        for run in foreign
        where [run.alertCount, run.clearedAlertCount] != alertCounts[run.record.id] ?? [0, 0]
            || run.record.remedies != nil && run.status.isFinal
        { try loadAlerts(run) }
        for run in Set(keys.map(\.run)) { try loadChanges(run) }
    }

    /// Whether somebody trains the queue, be it elsewhere.
    private func hasHost() throws -> Bool {
        if HostLink(engine.workspace.path).isThere { return true }
        return try engine.store.hasHostElsewhere()
    }

    /// Tuning and AutoML jobs of other processes; those of this one are told on the bus, too.
    private func lookAtTunings() throws {
        let standing = try engine.store.tunings.standing() + engine.store.automls.standing()
        defer { knownTunings = standing }
        if !knownTunings.isEmpty, standing != knownTunings { answer(.tuningsChanged) }
    }

    /// Endpoints, their alarms, kept models and monitors; the rows are read whenever something changed, and made sense of when one of them did.
    private func lookAtServing() throws {
        let store = engine.store, place = try store.endpoints.place()
        let standing = "\(place?.isThere ?? false) \(place?.url ?? "") " + (try store.endpoints.standing())
        guard standing != knownServing else { return }
        knownServing = standing
        var found = KnownServing()
        (found.endpoints, found.alarms, found.models) = (
            try store.endpoints.all(), try store.alarms.all(), try store.models.versions()
        )
        found.monitors = try store.monitors.standings()
        (found.url, found.isOpen, found.isServed) = (place?.url, place?.isOpen ?? false, place?.isThere ?? false)
        answer(.servingLoaded(found))
    }

    /// The host's queue, and whether a host is there.
    private func loadQueue() throws {
        let hasHost = try hasHost(), jobs = try engine.store.queue()
        guard hasHost != knownHost || jobs != knownQueue else { return }
        (knownHost, knownQueue) = (hasHost, jobs)
        answer(.queueLoaded(jobs, hasHost: hasHost))
    }

    private func noteForeign(_ runs: [RunSummary]) {
        for run in runs where run.record.processID != getpid() {
            if run.status.isFinal { foreignActive.remove(run.record.id) } else { foreignActive.insert(run.record.id) }
        }
    }

    /// A killed process changes nothing in the workspace; its runs read as interrupted from then on.
    private func lookAfterForeignRunsNow() throws {
        if try hasHost() != knownHost { try loadQueue() }
        try lookAtTunings()
        try lookAtServing()
        let ended = try foreignActive.compactMap { try engine.store.run($0) }.filter(\.status.isFinal)
        guard !ended.isEmpty else { return }
        noteForeign(ended)
        answer(.runsLoaded(ended))
    }

    private func tell(_ fact: RunEvent, _ run: RunID) {
        answer(.events([StudioEvent(sequence: 0, wallTime: WallClock.now(), run: run, kind: .run(fact))], []))
    }

    /// A run that was removed for good leaves no trace but that there are fewer.
    private func lookForRemovedRuns(_ changed: [RunSummary]) throws {
        knownIDs.formUnion(changed.lazy.map(\.record.id))
        guard try engine.store.count() < knownIDs.count else { return }
        let removed = knownIDs.subtracting(try engine.store.ids())
        knownIDs.subtract(removed)
        answer(.runsRemoved(removed.sorted()))
    }

    /// Hands over what a foreign run's curve has gained.
    private func follow(_ key: SeriesLibrary.Key) throws {
        guard let known = followed[key] else { return }
        var points = try engine.store.points(run: key.run, metric: key.metric, from: max(0, known.count - 1))
        let outlined = try engine.store.outline(of: key.run, key.metric)?.count
        // As after a run was resumed from a checkpoint: what came after that is another curve.
        let isAnother = known.count > 0 && !(points.first?.isSame(as: known.last) ?? false)
        if known.count > 0, !isAnother { points.removeFirst() }
        guard !isAnother, outlined == nil, known.outlined == nil else {
            // An outline becomes the curve bit by bit, but not with every piece of it: reading all of it is no small thing.
            let isWorthwhile = isAnother || outlined != known.outlined || points.count * 16 >= outlined ?? 0
            return isWorthwhile ? try readAnew(key) : ()
        }
        guard let last = points.last else { return }
        followed[key] = Followed(count: known.count + points.count, last: last)
        let samples = points.map { point in
            MetricSample(
                sequence: 0, metric: 0, step: point.step, epoch: point.epoch, wallTime: point.wallTime, value: point.value)
        }
        answer(.events([], [RunSamples(run: key.run, metrics: [key.metric], samples: samples)]))
    }

    private func readAnew(_ key: SeriesLibrary.Key) throws {
        let curve = try engine.store.recordedCurve(of: key.run, key.metric)
        follow(key.run, key.metric, from: curve)
        answer(.curveRead(key, curve.series, curve.arrival))
    }
}
