import CheckedNumbers
import Clocks
import Databases
import Events
import Glibc
import Synchronization
import Threads

/// Writes everything that happens to the runs of this process into the workspace, on a thread of its own.
///
/// A transaction takes whatever arrived in the last sixth of a second: a killed process loses less than a third of a second of
/// samples, and more transactions would write the end of every curve anew more often.
///
/// When the workspace cannot be written (a full disk), that is told at once, and writing is tried again until it succeeds or the
/// recorder is closed. What arrives meanwhile is kept; when there is no room for more, trainers are held up for `patience`, and
/// then samples are dropped, which is told with the run. Nobody waits for a workspace that cannot be written for longer.
// SAFETY: everything but the mailbox, `health` and the atomics belongs to the recorder's thread.
public final class StoreRecorder: EventSubscriber, @unchecked Sendable {
    private let mailbox = Mailbox(policy: .lossless(capacity: 1 << 20))
    private let workspace: Workspace
    private let database: Database
    private let features: FeatureStoreList
    private var thread: NamedThread?
    private let health = RecordingHealth()
    private let onNews: @Sendable (StudioEvent.Kind, RunID?) -> Void
    private var summaries: [RunID: RunSummary] = [:]
    private var curves: [RunID: [MetricName: OpenCurve]] = [:]
    private let waiting = Atomic<Int>(0)
    private let isClosing = Atomic<Bool>(false)
    private let isLeaving = Atomic<Bool>(false)
    private let isTrying = Atomic<Bool>(false)
    private let retry = ThreadSignal()
    private var closingSince: UInt64?

    /// Seconds of failing writes after which nobody is held up any more.
    private static let patience = 10.0
    /// Seconds that closing tries to write what is left.
    private static let closingPatience = 5.0

    /// - Parameter onNews: gets, on the recorder's thread, what others should know: that writing fails, again when it fails for another
    ///   reason, that it succeeds again, and what a run lost.
    public init(
        _ workspace: Workspace, onNews: @escaping @Sendable (StudioEvent.Kind, RunID?) -> Void = { _, _ in }
    ) throws(StoreError) {
        self.workspace = workspace
        database = try workspace.openDatabase()
        features = FeatureStoreList(database)
        self.onNews = onNews
        do throws(ThreadError) {
            thread = try NamedThread(name: "recorder") { [self] in recordUntilClosed() }
        } catch { throw StoreError(error) }
    }

    public func deliver(_ batch: EventBatch) { mailbox.deliver(batch) }

    /// Returns when everything delivered before the call is in the workspace, or cannot be written for a while.
    /// - Parameter seconds: how long writing may fail before nobody waits any more.
    /// - Returns: whether it is in the workspace.
    @discardableResult
    public func flush(patience seconds: Double = 1) -> Bool {
        waiting.wrappingAdd(1, ordering: .acquiringAndReleasing)
        defer { waiting.wrappingSubtract(1, ordering: .acquiringAndReleasing) }
        let isHandled = mailbox.waitUntilHandled { [health] in health.failingSeconds.map { $0 >= seconds } ?? false }
        return isHandled && health.problem == nil
    }

    /// Why nothing can be written just now; nil when all is well.
    public var problem: StoreError? { health.problem }

    /// The runs of which something was lost so far.
    public var losses: [RecordingLoss] { health.losses }

    /// Finds out whether the workspace is still where it was, so that this is told though nothing is to be written.
    public func lookAtWorkspace() {
        do throws(StoreError) { try database.checkIsInPlace() } catch { return fail(error) }
        guard health.problem?.code == .gone else { return }
        // What waits is tried again at once.
        if isTrying.load(ordering: .acquiring) {
            retry.set()
        } else if health.recover() {
            onNews(.workspace(.recordingResumed), nil)
        }
    }

    /// Holds nobody up from now on while writing fails, since the program is about to end.
    public func letGo() {
        isLeaving.store(true, ordering: .releasing)
        if health.problem != nil { mailbox.setHoldsUp(false) }
    }

    /// Writes what is left and ends the thread. What cannot be written within five seconds is given up.
    /// - Returns: the runs of which something was lost.
    @discardableResult
    public func close() -> [RecordingLoss] {
        isClosing.store(true, ordering: .releasing)
        mailbox.close()
        retry.set()
        thread?.join()
        thread = nil
        return losses
    }

    private func recordUntilClosed() {
        while let batch = mailbox.waitAndTake() {
            write(batch)
            // Let company gather for the next transaction, unless somebody waits for it.
            var slices = 30
            while slices > 0, waiting.load(ordering: .acquiring) == 0, !isClosing.load(ordering: .acquiring) {
                usleep(5_000)
                slices -= 1
            }
        }
    }

    private func write(_ batch: EventBatch) {
        let before = (summaries, curves)
        var pause = 0.25
        isTrying.store(true, ordering: .releasing)
        defer { isTrying.store(false, ordering: .releasing) }
        while true {
            do {
                try database.transaction { () throws(StoreError) in try record(batch) }
                succeed()
                keepFiles(batch)
                return
            } catch {
                (summaries, curves) = before
                fail(error)
                if error.code == .diskFull { database.reuseLog() }
            }
            let now = SteadyClock.nanoseconds()
            if isClosing.load(ordering: .acquiring) {
                let since = closingSince ?? now
                closingSince = since
                if Double(now - since) * 1e-9 >= Self.closingPatience { return giveUp(batch) }
                mailbox.setHoldsUp(false)
                pause = 0.5
            } else if isLeaving.load(ordering: .acquiring) || health.failingSeconds ?? 0 >= Self.patience {
                mailbox.setHoldsUp(false)
            }
            _ = retry.wait(untilNanoseconds: now + UInt64(nearestWithin: pause * 1e9))
            pause = min(pause * 2, 4)
        }
    }

    private func fail(_ error: StoreError) {
        guard health.fail(error) else { return }
        onNews(.workspace(.recordingStalled(error.recordingProblem)), nil)
    }

    private func succeed() {
        guard health.recover() else { return }
        mailbox.setHoldsUp(true)
        for (run, dropped) in mailbox.takeDropped() {
            let name = summaries[run]?.record.name ?? run.text
            health.lose(RecordingLoss(run: run, name: name, recordedStep: max(0, dropped.firstStep - 1)))
            let message =
                "\(dropped.count) values between step \(dropped.firstStep) and step \(dropped.lastStep) could not be kept while the "
                + "workspace could not be written: run it again for a whole curve"
            onNews(.job(.dataWarned(DataWarning(code: "notRecorded", column: nil, message: message))), run)
        }
        onNews(.workspace(.recordingResumed), nil)
    }

    /// Notes which runs a batch that cannot be written belongs to, and how far each of them is recorded.
    private func giveUp(_ batch: EventBatch) {
        var names: [RunID: String] = [:]
        for event in batch.events {
            guard let run = event.run else { continue }
            if case .run(.registered(let record)) = event.kind { names[run] = record.name }
            if case .job(.progressReported) = event.kind { continue }
            names[run] = names[run] ?? run.text
        }
        for group in batch.samples { names[group.run] = names[group.run] ?? group.run.text }
        for run in mailbox.takeDropped().keys { names[run] = names[run] ?? run.text }
        for (run, name) in names {
            var known = summaries[run]
            if known == nil { do { known = try stored(run) } catch {} }
            health.lose(RecordingLoss(run: run, name: known?.record.name ?? name, recordedStep: max(0, known?.step ?? 0)))
        }
    }

    /// Brings the copies beside the models and checkpoints up to date.
    private func keepFiles(_ batch: EventBatch) {
        var runs: Set<RunID> = []
        for event in batch.events {
            switch event.kind {
            case .job(.checkpointSaved), .job(.finished): if let run = event.run { runs.insert(run) }
            default: break
            }
        }
        for run in runs {
            do { if let now = try stored(run) { RunFile.write(now, to: workspace) } } catch {}
        }
    }

    private func record(_ batch: EventBatch) throws(StoreError) {
        let writer = RunWriter(database)
        let change = try writer.nextChange()
        var owners: [RunID: ProcessMark] = [:]
        var isOthers: Set<RunID> = []
        for run in Set(batch.events.compactMap(\.run) + batch.samples.map(\.run)) {
            guard let (owner, status) = try EntityStore(database, .runs).owner(of: run.text) else { continue }
            owners[run] = owner
            if owner != .current, owner.isAlive, status?.isFinal == false { isOthers.insert(run) }
        }
        var touched: Set<RunID> = []
        // Samples first: a run's last event says what became of it, and must find its metrics already there.
        for event in batch.events {
            if case .run(.registered(let record)) = event.kind, let run = event.run, summaries[run] == nil,
                !isOthers.contains(run)
            {
                let summary = try stored(run) ?? RunSummary(record: record)
                summaries[run] = summary
                owners[run] = .current
                try writer.write(summary, owner: .current, change: change)
            }
        }
        // What a run of somebody else's does is for that one to write, and a run that was removed gets nothing any more.
        for group in batch.samples where owners[group.run] == .current {
            try append(group)
            touched.insert(group.run)
        }
        for event in batch.events {
            if let run = event.run, owners[run] == nil { continue }
            guard let run = try apply(event, change: change) else { continue }
            touched.insert(run)
            if case .job(.statusChanged(let change)) = event.kind, change.reason == .handedOver { owners[run] = .queue }
        }
        for run in touched {
            guard let summary = summaries[run], let owner = owners[run] else { continue }
            try writer.write(summary, owner: owner, change: change)
            if summary.status.isFinal || owner != .current { summaries[run] = nil }
        }
        try writeOpenChunks()
        for run in touched where summaries[run] == nil { curves[run] = nil }
    }

    /// Folds one lifecycle event in and keeps it; returns the run it changed.
    private func apply(_ event: StudioEvent, change: Int) throws(StoreError) -> RunID? {
        guard let run = event.run else {
            try features.fold(event, of: nil, change: change)
            return nil
        }
        switch event.kind {
        case .run(.deleted), .run(.restored), .run(.edited):
            // Posted by whoever wrote it to the workspace.
            summaries[run]?.apply(event)
            return nil
        default: break
        }
        if summaries[run] == nil { summaries[run] = try stored(run) }
        guard summaries[run] != nil else { return nil }
        if case .job(.statusChanged(let change)) = event.kind, change.status.isFinal {
            // The end is one fact: `JobEvent.finished` follows with the status and the metrics of the model kept. A run killed between
            // the two is interrupted, and can be resumed; one with a final status could not.
        } else {
            summaries[run]?.apply(event)
        }
        if case .job(.progressReported) = event.kind { return run }
        try features.fold(event, of: summaries[run]?.record, change: change)
        return run
    }

    private func stored(_ run: RunID) throws(StoreError) -> RunSummary? {
        try database.rows("SELECT \(RunRow.columns) FROM runs WHERE id = ?", [.text(run.text)]) {
            RunRow.summary($0, showingInterruption: false)
        }.compactMap { $0 }.first
    }

    private func append(_ group: RunSamples) throws(StoreError) {
        let rows = CurveRows(database)
        if summaries[group.run] == nil { summaries[group.run] = try stored(group.run) }
        guard summaries[group.run] != nil else { return }
        summaries[group.run]?.apply(group)
        var own = curves.removeValue(forKey: group.run) ?? [:]
        // By place, so that a name is looked up once and not for each sample.
        var open: [OpenCurve] = []
        for name in group.metrics {
            if let known = own.removeValue(forKey: name) {
                open.append(known)
            } else {
                open.append(try rows.open(run: group.run, metric: name))
            }
        }
        for sample in group.samples {
            let place = Int(sample.metric)
            open[place].chunk.points.append(
                MetricPoint(step: sample.step, epoch: sample.epoch, wallTime: sample.wallTime, value: sample.value))
            open[place].isChanged = true
            if open[place].chunk.isFull {
                try rows.write(open[place])
                open[place] = OpenCurve(id: open[place].id, number: open[place].number + 1, chunk: SeriesChunk())
            }
        }
        for (name, curve) in zip(group.metrics, open) { own[name] = curve }
        curves[group.run] = own
    }

    private func writeOpenChunks() throws(StoreError) {
        let rows = CurveRows(database)
        for run in curves.keys {
            for (name, curve) in curves[run] ?? [:] where curve.isChanged {
                try rows.write(curve)
                curves[run]?[name]?.isChanged = false
            }
        }
    }
}
