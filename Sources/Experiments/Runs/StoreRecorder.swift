import Events
import Glibc
import Synchronization

/// Writes everything that happens to the runs of this process into the workspace, on a thread of its own.
///
/// A transaction takes whatever arrived in the last sixth of a second: a killed process loses less than a third of a second of
/// samples, and more transactions would write the end of every curve anew more often. When the workspace cannot be written (a
/// full disk), it keeps trying and holds the trainers up rather than lose samples; the failure is told once.
// SAFETY: everything but the mailbox and `failure` belongs to the recorder's thread.
public final class StoreRecorder: EventSubscriber, @unchecked Sendable {
    private let mailbox = Mailbox(policy: .lossless(capacity: 1 << 20))
    private let database: Database
    private var thread: NamedThread?
    private let onFailure: @Sendable (StoreError) -> Void
    private var summaries: [RunID: RunSummary] = [:]
    private var curves: [RunID: [MetricName: OpenCurve]] = [:]
    private let waiting = Atomic<Int>(0)
    private let isClosing = Atomic<Bool>(false)

    /// The chunk of a curve that is still being filled.
    private struct OpenCurve {
        var id: Int
        var number: Int
        var chunk: SeriesChunk
        var isChanged = false
    }

    /// - Parameter onFailure: called on the recorder's thread when a write first fails.
    public init(_ workspace: Workspace, onFailure: @escaping @Sendable (StoreError) -> Void) throws(StoreError) {
        database = try workspace.openDatabase()
        self.onFailure = onFailure
        thread = NamedThread(name: "store") { [self] in recordUntilClosed() }
    }

    public func deliver(_ batch: EventBatch) { mailbox.deliver(batch) }

    /// Returns when everything delivered before the call is in the workspace.
    public func flush() {
        waiting.wrappingAdd(1, ordering: .acquiringAndReleasing)
        mailbox.waitUntilHandled()
        waiting.wrappingSubtract(1, ordering: .acquiringAndReleasing)
    }

    /// Writes what is left and ends the thread.
    public func close() {
        isClosing.store(true, ordering: .releasing)
        mailbox.close()
        thread?.join()
        thread = nil
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
        var hasFailed = false
        var attemptsLeft = 10
        let before = (summaries, curves)
        while true {
            do {
                try database.transaction { () throws(StoreError) in try record(batch) }
                return
            } catch {
                (summaries, curves) = before
                if !hasFailed { onFailure(error) }
                hasFailed = true
                // At the end nobody waits for ever: what cannot be written within five seconds is given up.
                if isClosing.load(ordering: .acquiring) {
                    attemptsLeft -= 1
                    if attemptsLeft == 0 { return }
                }
                usleep(500_000)
            }
        }
    }

    private func record(_ batch: EventBatch) throws(StoreError) {
        let writer = RunWriter(database)
        let change = try writer.nextChange()
        var touched: Set<RunID> = []
        // Samples first: a run's last event says what became of it, and must find its metrics already there.
        for event in batch.events {
            if case .runRegistered(let record) = event.kind, let run = event.run, summaries[run] == nil {
                summaries[run] = try stored(run) ?? RunSummary(record: record)
                try writer.write(summaries[run] ?? RunSummary(record: record), owner: .current, change: change)
            }
        }
        for group in batch.samples {
            try append(group)
            touched.insert(group.run)
        }
        for event in batch.events { if let run = try apply(event) { touched.insert(run) } }
        for run in touched {
            guard let summary = summaries[run] else { continue }
            try writer.write(summary, owner: .current, change: change)
            if summary.status.isFinal { summaries[run] = nil }
        }
        try writeOpenChunks()
        for run in touched where summaries[run] == nil { curves[run] = nil }
    }

    /// Folds one lifecycle event in and keeps it; returns the run it changed.
    private func apply(_ event: StudioEvent) throws(StoreError) -> RunID? {
        if case .datasetProfiled(let profile) = event.kind {
            try database.run(
                "INSERT OR REPLACE INTO datasets VALUES (?, ?, ?)",
                [.text(profile.path), .text(profile.json.text), .real(event.wallTime)])
        }
        guard let run = event.run else { return nil }
        switch event.kind {
        case .runDeleted, .runRestored, .runEdited:
            // Posted by whoever wrote it to the workspace.
            summaries[run]?.apply(event)
            return nil
        default: break
        }
        if summaries[run] == nil { summaries[run] = try stored(run) }
        guard summaries[run] != nil else { return nil }
        if case .jobStatusChanged(let change) = event.kind, change.status.isFinal {
            // The end is one fact: `jobFinished` follows with the status and the metrics of the model kept. A run killed between
            // the two is interrupted, and can be resumed; one with a final status could not.
        } else {
            summaries[run]?.apply(event)
        }
        if case .progressReported = event.kind { return run }
        try RunWriter(database).keep(event)
        return run
    }

    private func stored(_ run: RunID) throws(StoreError) -> RunSummary? {
        try database.rows("SELECT \(RunRow.columns) FROM runs WHERE id = ?", [.text(run.text)]) {
            RunRow.summary($0, showingInterruption: false)
        }.compactMap { $0 }.first
    }

    private func append(_ group: RunSamples) throws(StoreError) {
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
                open.append(try openCurve(run: group.run, metric: name))
            }
        }
        for sample in group.samples {
            let place = Int(sample.metric)
            open[place].chunk.points.append(
                MetricPoint(step: sample.step, epoch: sample.epoch, wallTime: sample.wallTime, value: sample.value))
            open[place].isChanged = true
            if open[place].chunk.isFull {
                try write(open[place])
                open[place] = OpenCurve(id: open[place].id, number: open[place].number + 1, chunk: SeriesChunk())
            }
        }
        for (name, curve) in zip(group.metrics, open) { own[name] = curve }
        curves[group.run] = own
    }

    /// Finds the end of a stored curve, or begins it.
    private func openCurve(run: RunID, metric: MetricName) throws(StoreError) -> OpenCurve {
        let values: [Database.Value] = [.text(run.text), .text(metric.text)]
        try database.run("INSERT OR IGNORE INTO metrics (run, name) VALUES (?, ?)", values)
        let id = try database.rows("SELECT id FROM metrics WHERE run = ? AND name = ?", values) { $0.integer(0) }.first ?? 0
        var curve = OpenCurve(id: id, number: 0, chunk: SeriesChunk())
        let sql = "SELECT number, points FROM chunks WHERE metric = ? ORDER BY number DESC LIMIT 1"
        try database.run(sql, [.integer(id)]) { row in
            curve.number = row.integer(0)
            row.withBlob(1) { SeriesChunk.decode($0, into: &curve.chunk.points) }
        }
        if curve.chunk.isFull { curve = OpenCurve(id: id, number: curve.number + 1, chunk: SeriesChunk()) }
        return curve
    }

    private func writeOpenChunks() throws(StoreError) {
        for run in curves.keys {
            for (name, curve) in curves[run] ?? [:] where curve.isChanged {
                try write(curve)
                curves[run]?[name]?.isChanged = false
            }
        }
    }

    private func write(_ curve: OpenCurve) throws(StoreError) {
        let points = curve.chunk.points
        guard let first = points.first, let last = points.last else { return }
        let finite = points.lazy.map(\.value).filter(\.isFinite)
        let sql = """
            INSERT INTO chunks (metric, number, count, first_step, last_step, low, high, points)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
            ON CONFLICT(metric, number) DO UPDATE SET count = ?3, last_step = ?5, low = ?6, high = ?7, points = ?8
            """
        try database.run(
            sql,
            [
                .integer(curve.id), .integer(curve.number), .integer(points.count), .integer(first.step),
                .integer(last.step), .optional(finite.min()), .optional(finite.max()), .blob(curve.chunk.bytes),
            ])
    }
}
