import Databases
import Events
import Glibc
import JSON

/// Keeps what is told of another workspace in this one, so that all that reads workspaces shows it. Use it from one thread at a time.
public final class RunMirror {
    public let place: String
    private let store: RunStore
    private let database: Database
    /// What the place's runs are called here.
    private var known: [RunID: RunID] = [:]
    /// Ids of runs that there are, while they are being told.
    private var told: Set<RunID> = []

    /// - Parameter place: what the other workspace is called here: a name that `PlacePath.isName` takes.
    public init(_ workspace: Workspace, place: String) throws(StoreError) {
        precondition(PlacePath.isName(place), "'\(place)' names no place")
        self.place = place
        store = try RunStore(workspace)
        database = store.database
        known = try store.mirrored.runs(of: place)
    }

    /// Up to which change all is known of the workspace with this identity; -1 where nothing is.
    public func begin(_ workspace: String) throws(StoreError) -> Int {
        try database.transaction { () throws(StoreError) in
            let name = Database.Value.text(place)
            let found = try database.rows("SELECT workspace, change FROM places WHERE name = ?", [name]) {
                ($0.text(0), $0.integer(1))
            }
            if let (identity, change) = found.first, identity == workspace { return change }
            try database.run("INSERT OR REPLACE INTO places VALUES (?, ?, -1, 0)", [name, .text(workspace)])
            return -1
        }
    }

    /// Whether anything was ever told of the place.
    public var isEmpty: Bool { known.isEmpty }

    /// How much of a curve is here.
    /// - Parameter run: as it is called there.
    public func end(of run: RunID, _ metric: MetricName) throws(StoreError) -> CurveEnd {
        guard let local = known[run] else { return CurveEnd() }
        let isOutlined = try store.outline(of: local, metric) != nil
        let rows = try database.rows(
            """
            SELECT chunks.number, chunks.points FROM chunks JOIN metrics ON metrics.id = chunks.metric
            WHERE metrics.run = ? AND metrics.name = ? ORDER BY chunks.number DESC LIMIT 1
            """, [.text(local.text), .text(metric.text)]
        ) { row in
            var points: [MetricPoint] = []
            row.withBlob(1) { SeriesChunk.decode($0, into: &points) }
            return CurveEnd(
                count: row.integer(0) * SeriesChunk.capacity + points.count, last: points.last, isOutlined: isOutlined)
        }
        return rows.first ?? CurveEnd(isOutlined: isOutlined)
    }

    /// Takes in what was told, in order and all of it or nothing.
    public func take(_ news: [WorkspaceNews]) throws(StoreError) {
        let before = (known, told)
        do throws(StoreError) {
            try database.transaction { () throws(StoreError) in
                let change = try database.nextChange()
                let runs = news.compactMap { if case .run(let summary) = $0 { summary } else { nil } }
                try freeNames(of: runs)
                for item in news { try take(item, change) }
            }
        } catch {
            (known, told) = before
            throw error
        }
    }

    private func take(_ news: WorkspaceNews, _ change: Int) throws(StoreError) {
        switch news {
        case .run(let summary): try write(summary, change)
        case .events(let run, let isWhole, let events): try write(events, of: run, isWhole: isWhole, change)
        case .points(let run, let metric, let from, let points): try write(points, run, metric, from: from, change)
        case .outline(let run, let metric, let outline): try write(outline, run, metric, change)
        case .tensors(let run, let isWhole, let steps): try write(steps, of: run, isWhole: isWhole, change)
        case .queue(let jobs, let hasHost): try write(jobs, hasHost: hasHost)
        case .tuning(let record, let trials, let confirmations): try write(record, trials, confirmations)
        case .tunings(let ids): try store.tunings.keepMirrored(ids, of: place)
        case .dataset(let profile, let time): try write(profile, at: time, change)
        case .ids(let runs, let isLast):
            told.formUnion(runs)
            guard isLast else { return }
            let gone = known.keys.filter { !told.contains($0) }
            told = []
            try remove(gone)
        case .gone(let runs): try remove(runs)
        case .upTo(let number):
            try database.run("UPDATE places SET change = ? WHERE name = ?", [.integer(number), .text(place)])
        }
    }

    // MARK: - Runs

    private func local(_ remote: RunID) throws(StoreError) -> RunID {
        if let run = known[remote] { return run }
        let run = try store.mirrored.local(remote, of: place)
        known[remote] = run
        return run
    }

    /// What the runs are called that something is about. Closures that map ids cannot fail.
    private func learn(_ record: RunRecord) throws(StoreError) {
        for run in [record.id, record.fork?.parent, record.reproduces, record.baselineOf, record.remedies?.run].compactMap({ $0 })
        {
            _ = try local(run)
        }
    }

    /// The record as it stands here: its files lie elsewhere, and no process here trains it.
    private func placed(_ record: RunRecord) -> RunRecord {
        var record = record
        record.place = place
        record.processID = 0
        record.request.datasetPath = PlacePath.at(place, record.request.datasetPath)
        record.request.validationPath = record.request.validationPath.map { PlacePath.at(place, $0) }
        record.request.script = record.request.script.map { PlacePath.at(place, $0) }
        record.request.folder = record.request.folder.map { PlacePath.at(place, $0) }
        if let tuning = record.tuning { record.tuning?.tuning = MirroredTuning(tuning.tuning, place: place).id }
        return record
    }

    private func write(_ told: RunSummary, _ change: Int) throws(StoreError) {
        try learn(told.record)
        var summary = told
        summary.record = placed(told.record.mapped { known[$0] ?? $0 })
        let id = summary.record.id
        let number = "SELECT coalesce((SELECT number FROM runs WHERE id = ?), (SELECT max(number) + 1 FROM runs), 0)"
        summary.record.number = try database.rows(number, [.text(id.text)]) { $0.integer(0) }.first ?? 0
        // Of other places' runs each keeps its name; of two the later one says where it is.
        if try isTaken(summary.record.name, butBy: id) {
            summary.record.name = try store.names.free(like: "\(summary.record.name)@\(place)")
        }
        summary.count(try store.alerts(of: id))
        try RunWriter(database).write(summary, owner: .elsewhere, change: change)
        try store.names.write(summary.labels, of: id.text, change: change)
    }

    private func isTaken(_ name: String, butBy run: RunID) throws(StoreError) -> Bool {
        try !database.rows("SELECT 1 FROM runs WHERE name = ? AND id <> ?", [.text(name), .text(run.text)]) { $0.integer(0) }
            .isEmpty
    }

    /// Has none of the runs its old name, since another one of them may have it by now.
    private func freeNames(of runs: [RunSummary]) throws(StoreError) {
        for run in runs {
            guard let id = known[run.record.id] else { continue }
            try database.run(
                "UPDATE runs SET name = ?2 WHERE id = ?1 AND name <> ?3",
                [.text(id.text), .text("@\(id.text)"), .text(run.record.name)])
        }
    }

    private func remove(_ runs: [RunID]) throws(StoreError) {
        for run in runs {
            guard let local = known.removeValue(forKey: run) else { continue }
            try FeatureStoreList(database).forget(local)
        }
    }

    // MARK: - What happened to them

    private func write(_ events: [StudioEvent], of run: RunID, isWhole: Bool, _ change: Int) throws(StoreError) {
        guard let id = known[run] else { return }
        if isWhole { try database.run("DELETE FROM events WHERE run = ?", [.text(id.text)]) }
        let features = FeatureStoreList(database)
        for event in events {
            if case .run(.registered(let record)) = event.kind { try learn(record) }
            let local = event.mapped({ known[$0] ?? $0 }, record: { placed($0) })
            // The record decides which data the run read.
            guard let summary = try store.run(id) else { return }
            try features.fold(local, of: summary.record, change: change)
        }
        let alerts = try store.alerts(of: id), standing = alerts.count { $0.cleared == nil }
        try database.run(
            "UPDATE runs SET alert_count = ?, cleared_count = ?, change = ? WHERE id = ?",
            [.integer(standing), .integer(alerts.count - standing), .integer(change), .text(id.text)])
    }

    private func write(
        _ points: [MetricPoint], _ run: RunID, _ metric: MetricName, from: Int, _ change: Int
    ) throws(StoreError) {
        guard let id = known[run], try store.run(id) != nil else { return }
        let rows = CurveRows(database)
        var curve = try rows.open(run: id, metric: metric)
        // What is missing in between is told when it is asked for again.
        guard from <= curve.count else { return }
        let isRewritten = from < curve.count
        if isRewritten {
            let kept = Array(try store.points(run: id, metric: metric).prefix(from))
            try database.run("DELETE FROM chunks WHERE metric = ?", [.integer(curve.id)])
            curve = OpenCurve(id: curve.id, number: 0, chunk: SeriesChunk())
            try rows.append(kept, to: &curve)
        }
        try rows.append(points, to: &curve)
        // An outline is of what comes behind these points, as long as that is told by it.
        try database.run(
            "DELETE FROM outlines WHERE metric = ?1 AND (count <= ?2 OR ?3)",
            [.integer(curve.id), .integer(curve.count), .integer(isRewritten ? 1 : 0)])
        try database.run("UPDATE runs SET change = ? WHERE id = ?", [.integer(change), .text(id.text)])
    }

    private func write(_ outline: CurveOutline, _ run: RunID, _ metric: MetricName, _ change: Int) throws(StoreError) {
        guard let id = known[run], try store.run(id) != nil else { return }
        let curve = try CurveRows(database).open(run: id, metric: metric)
        if outline.count > curve.count {
            try database.run(
                "INSERT OR REPLACE INTO outlines VALUES (?, ?, ?)",
                [.integer(curve.id), .integer(outline.count), .blob(SeriesPoints.bytes(outline.points))])
        } else {
            try database.run("DELETE FROM outlines WHERE metric = ?", [.integer(curve.id)])
        }
        try database.run("UPDATE runs SET change = ? WHERE id = ?", [.integer(change), .text(id.text)])
    }

    private func write(_ steps: [TensorsOfStep], of run: RunID, isWhole: Bool, _ change: Int) throws(StoreError) {
        guard let id = known[run], try store.run(id) != nil else { return }
        let tensors = store.tensors
        if isWhole { try tensors.forget(id) }
        for step in steps { try tensors.write(step, of: id, byteLimit: .max) }
        try database.run("UPDATE runs SET change = ? WHERE id = ?", [.integer(change), .text(id.text)])
    }

    // MARK: - The rest

    private func write(_ jobs: [QueuedJob], hasHost: Bool) throws(StoreError) {
        try database.run(
            "DELETE FROM queue WHERE run IN (SELECT run FROM mirrored WHERE place = ?)", [.text(place)])
        let queue = QueueStore(database)
        for job in jobs {
            var job = job
            guard let id = known[job.run], try store.run(id) != nil else { continue }
            job.run = id
            job.conditions.after = job.conditions.after.map { known[$0] ?? $0 }
            try queue.add(job)
        }
        try database.run(
            "UPDATE places SET has_host = ? WHERE name = ?", [.integer(hasHost ? 1 : 0), .text(place)])
    }

    private func write(
        _ told: TuningRecord, _ trials: [TuningTrial], _ confirmations: [TuningConfirmation]
    ) throws(StoreError) {
        var record = told
        record.id = MirroredTuning(told.id, place: place).id
        record.request.job.datasetPath = PlacePath.at(place, told.request.job.datasetPath)
        record.request.job.validationPath = told.request.job.validationPath.map { PlacePath.at(place, $0) }
        record.request.job.script = told.request.job.script.map { PlacePath.at(place, $0) }
        var (placed, again) = (trials, confirmations)
        for index in placed.indices { placed[index].run = try local(placed[index].run) }
        for index in again.indices { again[index].run = try local(again[index].run) }
        try store.tunings.mirror(record, placed, again, place: place)
    }

    private func write(_ told: DatasetProfile, at time: Double, _ change: Int) throws(StoreError) {
        var profile = told
        profile.path = PlacePath.at(place, told.path)
        let event = StudioEvent(sequence: 0, wallTime: time, run: nil, kind: .dataset(.profiled(profile)))
        try FeatureStoreList(database).fold(event, of: nil, change: change)
    }
}
