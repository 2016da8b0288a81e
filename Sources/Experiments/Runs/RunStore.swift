import Clocks
import Databases
import Events
import JSON

/// Reads runs from a workspace and changes what the user may change. Use it from one thread at a time.
public final class RunStore {
    public let workspace: Workspace
    let database: Database

    public init(_ workspace: Workspace) throws(StoreError) {
        self.workspace = workspace
        database = try workspace.openDatabase()
    }

    /// For reading only, which also a workspace allows that cannot be written.
    public init(reading workspace: Workspace) throws(StoreError) {
        self.workspace = workspace
        database = try workspace.openDatabaseToRead()
    }

    /// - Throws: `gone` when the workspace was removed, moved or replaced since it was opened.
    public func checkIsInPlace() throws(StoreError) { try database.checkIsInPlace() }

    /// - Throws: why nothing can be written, before files are made that nobody would know.
    public func checkIsWritable() throws(StoreError) {
        // A transaction alone may be had of what is read-only.
        try database.transaction { () throws(StoreError) in try database.execute("UPDATE runs SET step = step WHERE 0") }
    }

    /// Runs whose files are in the workspace's folder but which the database does not know: it was emptied or damaged.
    public func missingRuns() throws(StoreError) -> [RunID] {
        // AutoML jobs have folders of their own there.
        let known = Set(try database.rows("SELECT id FROM runs UNION SELECT id FROM automls") { $0.text(0) })
        return workspace.artifactRuns().filter { !known.contains($0.text) }
    }

    /// Runs, newest first.
    /// - Parameters:
    ///   - change: only those changed after this change number.
    ///   - includingDeleted: also those in the bin.
    ///   - count: the newest of them, at most so many; nil = all.
    public func runs(
        changedAfter change: Int = -1, includingDeleted: Bool = false, newest count: Int? = nil
    ) throws(StoreError) -> [RunSummary] {
        let filter = includingDeleted ? "" : "AND is_deleted = 0"
        let sql = "SELECT \(RunRow.columns) FROM runs WHERE change > ? \(filter) ORDER BY created_at DESC, rowid DESC LIMIT ?"
        return try database.rows(sql, [.integer(change), .integer(count ?? -1)]) { RunRow.summary($0) }.compactMap { $0 }
    }

    /// How many runs there are, those in the bin included.
    public func count() throws(StoreError) -> Int { try database.rows("SELECT count(*) FROM runs") { $0.integer(0) }.first ?? 0 }

    /// The ids of all runs, those in the bin included.
    public func ids() throws(StoreError) -> Set<RunID> {
        Set(try database.rows("SELECT id FROM runs") { RunID($0.text(0)) })
    }

    /// One run, in the bin or not.
    public func run(_ id: RunID) throws(StoreError) -> RunSummary? {
        try database.rows("SELECT \(RunRow.columns) FROM runs WHERE id = ?", [.text(id.text)]) { RunRow.summary($0) }
            .compactMap { $0 }.first
    }

    /// The run a user means by a name, an id, a unique prefix of either, `@latest` or `@best`.
    /// - Throws: `notFound` and `ambiguous`, with what to type instead.
    public func run(named text: String, includingDeleted: Bool = false) throws(StoreError) -> RunSummary {
        let id = try names.id(named: text, includingDeleted: includingDeleted) { () throws(StoreError) in
            try BestRun.named(text, among: try runs(includingDeleted: includingDeleted))?.record.id.text
        }
        guard let run = try self.run(RunID(id)) else { throw Self.gone(RunID(id), "find run") }
        return run
    }

    /// Newest change number of the workspace: grows with every transaction that changes a run.
    public func changeNumber() throws(StoreError) -> Int {
        try database.rows("SELECT change FROM counter") { $0.integer(0) }.first ?? 0
    }

    /// Names of a run's metrics that have points, sorted.
    public func metrics(of run: RunID) throws(StoreError) -> [MetricName] {
        let sql = """
            SELECT name FROM metrics WHERE run = ? AND EXISTS (SELECT 1 FROM chunks WHERE metric = metrics.id) ORDER BY name
            """
        return try database.rows(sql, [.text(run.text)]) { MetricName($0.text(0)) }
    }

    /// Points of one curve in the order in which they were recorded.
    /// - Parameter position: points before this position, counted from 0, are left out.
    public func points(run: RunID, metric: MetricName, from position: Int = 0) throws(StoreError) -> [MetricPoint] {
        var points: [MetricPoint] = []
        try readPoints(run: run, metric: metric, from: position) { portion, most in
            // Reserved once for all: growing portion by portion would copy everything with every one.
            if points.isEmpty { points.reserveCapacity(most) }
            points.append(contentsOf: portion)
        }
        return points
    }

    /// Reads one curve in the order in which it was recorded without having all of it in memory.
    /// - Parameters:
    ///   - position: points before this position, counted from 0, are left out.
    ///   - body: gets points, and how many of them and after them there are at most.
    public func readPoints(
        run: RunID, metric: MetricName, from position: Int = 0, _ body: (_ portion: ArraySlice<MetricPoint>, _ most: Int) -> Void
    ) throws(StoreError) {
        let sizes = """
            SELECT max(chunks.number) FROM chunks JOIN metrics ON metrics.id = chunks.metric
            WHERE metrics.run = ? AND metrics.name = ?
            """
        let last = try database.rows(sizes, [.text(run.text), .text(metric.text)]) { $0.integer(0) }.first ?? 0
        let sql = """
            SELECT chunks.points, chunks.number FROM chunks JOIN metrics ON metrics.id = chunks.metric
            WHERE metrics.run = ? AND metrics.name = ? AND chunks.number >= ? ORDER BY chunks.number
            """
        let first = position / SeriesChunk.capacity
        var points: [MetricPoint] = []
        try database.run(sql, [.text(run.text), .text(metric.text), .integer(first)]) { row in
            points.removeAll(keepingCapacity: true)
            row.withBlob(0) { SeriesChunk.decode($0, into: &points) }
            let number = row.integer(1), skipped = max(0, position - number * SeriesChunk.capacity)
            body(points.dropFirst(skipped), max(0, last - number + 1) * SeriesChunk.capacity)
        }
    }

    /// Lifecycle events of a run in order; of the given kinds if any are named.
    public func events(of run: RunID, kinds: Set<EventName> = []) throws(StoreError) -> [StudioEvent] {
        let wanted = kinds.map(\.text).sorted()
        let choice = wanted.isEmpty ? "" : " AND kind IN (\(wanted.map { _ in "?" }.joined(separator: ", ")))"
        let sql = "SELECT body FROM events WHERE run = ?\(choice) ORDER BY id"
        let bodies = try database.rows(sql, [.text(run.text)] + wanted.map { .text($0) }) { $0.text(0) }
        return bodies.compactMap(Self.event)
    }

    /// A run's lifecycle events after those that were read before; all of them where those are not there any more, as after a run
    /// was continued from a checkpoint.
    /// - Returns: the events, oldest first, where they begin and where they end.
    public func events(
        of run: RunID, after known: RunDetails.Place
    ) throws(StoreError) -> (events: [StudioEvent], start: RunDetails.Place, end: RunDetails.Place) {
        let start = try isThere(known, of: run) ? known : .beginning
        var end = start
        var events: [StudioEvent] = []
        let sql = "SELECT id, body FROM events WHERE run = ? AND id > ? ORDER BY id"
        try database.run(sql, [.text(run.text), .integer(start.id)]) { row in
            end.id = row.integer(0)
            end.count += 1
            guard let event = Self.event(row.text(1)) else { return }
            end.time = event.wallTime
            events.append(event)
        }
        return (events, start, end)
    }

    private func isThere(_ place: RunDetails.Place, of run: RunID) throws(StoreError) -> Bool {
        if place == .beginning { return true }
        let known: [Database.Value] = [.text(run.text), .integer(place.id)]
        guard
            try database.rows("SELECT count(*) FROM events WHERE run = ? AND id <= ?", known, { $0.integer(0) }) == [place.count]
        else { return false }
        let last = try database.rows("SELECT body FROM events WHERE run = ? AND id = ?", known) {
            Self.event($0.text(0))?.wallTime
        }
        return last == [place.time]
    }

    /// What the debugger found about a run, in order.
    public func alerts(of run: RunID) throws(StoreError) -> [RaisedAlert] {
        RaisedAlert.all(in: try events(of: run, kinds: [.alertRaised, .ruleEvaluated]))
    }

    static func event(_ body: String) -> StudioEvent? {
        do { return StudioEvent(json: try JSONValue(parsing: body)) } catch { return nil }
    }

    /// Registers a new run owned by this process. Its name is made unique by a number: `adam-.01`, `adam-.01-2`, …
    /// - Returns: the record with the name it got.
    public func register(_ record: RunRecord) throws(StoreError) -> RunRecord {
        try database.transaction { () throws(StoreError) in try insert(record, owner: .current) }
    }

    /// Writes a new run. Call it in a transaction.
    func insert(_ record: RunRecord, owner: ProcessMark) throws(StoreError) -> RunRecord {
        var record = record
        record.name = try names.free(like: record.name)
        record.number = try database.rows("SELECT coalesce(max(number) + 1, 0) FROM runs") { $0.integer(0) }.first ?? 0
        let writer = RunWriter(database)
        try writer.write(
            RunSummary(record: record), owner: owner, change: try writer.nextChange(), place: try place(of: record))
        try links.add(record.originLinks(at: record.createdAt))
        return record
    }

    /// Where a new run stands in the order of runs. A run that is created now is the newest, also where the clock was set back
    /// since the one before it was created.
    private func place(of record: RunRecord) throws(StoreError) -> Double {
        guard abs(record.createdAt - WallClock.now()) < 60 else { return record.createdAt }
        let newest = try database.rows("SELECT max(created_at) FROM runs") { $0.optionalReal(0) }.compactMap { $0 }.first
        guard let newest, newest >= record.createdAt else { return record.createdAt }
        return newest.nextUp
    }

    /// Takes over a run whose process is gone, so that two processes never train the same run.
    /// - Throws: `alreadyRunning` when its process still runs it.
    public func claim(_ run: RunID, knownAs known: RunSummary? = nil) throws(StoreError) -> RunSummary {
        try claim(run, knownAs: known, for: .current) { () throws(StoreError) in
            // Whoever takes a run over that was to go on elsewhere has it from now on.
            if let job = try QueueStore(database).job(run), job.state.isWaiting { try QueueStore(database).remove(run) }
        }
    }

    /// - Parameter beside: done in the same transaction.
    func claim(
        _ run: RunID, knownAs known: RunSummary?, for newOwner: ProcessMark, _ beside: () throws(StoreError) -> Void
    ) throws(StoreError) -> RunSummary {
        try database.transaction { () throws(StoreError) in
            let rows = try database.rows(
                "SELECT \(RunRow.columns), status FROM runs WHERE id = ?", [.text(run.text)]
            ) { (RunRow.summary($0), RunRow.owner($0), JobStatus(rawValue: $0.text(RunRow.count))) }
            guard let (found, owner, stored) = rows.first, let summary = found else {
                throw Self.gone(run, "claim")
            }
            try Self.checkIsTrainedHere(summary, operation: "claim")
            if let stored, !stored.isFinal, owner.isAlive, owner != .current {
                throw StoreError(
                    code: .alreadyRunning,
                    message: owner == .queue
                        ? "\(summary.record.name) waits in the queue already: `descent queue list` shows it"
                        : "\(summary.record.name) is being trained by process \(owner.text.prefix { $0 != ":" }): stop it there first",
                    operation: "claim")
            }
            guard known.map({ $0.step == summary.step && $0.status == summary.status }) ?? true else {
                throw StoreError(
                    code: .alreadyRunning,
                    message: "\(summary.record.name) was trained by another process in the meantime: look at it, then resume it",
                    operation: "claim")
            }
            let writer = RunWriter(database)
            // Nobody else may have it from here on, also before its job begins.
            var claimed = summary
            (claimed.status, claimed.finishedAt) = (.pending, nil)
            if newOwner == .queue { (claimed.record.processID, claimed.reason) = (0, .unsaid) }
            try writer.write(claimed, owner: newOwner, change: try writer.nextChange())
            // What the process that is gone did not take any more was meant for its job.
            try database.run("DELETE FROM commands WHERE run = ?", [.text(run.text)])
            try beside()
            return summary
        }
    }
}
