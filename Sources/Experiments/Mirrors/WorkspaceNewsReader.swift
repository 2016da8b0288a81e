import Databases
import Events
import Glibc
import JSON

/// Reads what changed in a workspace piece by piece, for one that mirrors it. Nothing is kept for later but how far was read: who is
/// slow to hear of it hears of the newest state. Use it from one thread at a time.
public final class WorkspaceNewsReader {
    private let store: RunStore
    private var change: Int
    private var places: [RunID: RunDetails.Place] = [:]
    /// The captured steps that were told of each run.
    private var toldTensors: [RunID: Set<Int>] = [:]
    /// Runs of which events, or captured steps, may be still to be told, the next one first.
    private var dueEvents: [RunID] = [], dueTensors: [RunID] = []
    /// Events that were read and are still to be told, and whether they take the place of all before.
    private var untold: [RunID: (events: ArraySlice<StudioEvent>, isWhole: Bool)] = [:]
    /// Up to which change all is told once nothing is due any more.
    private var reached: Int?
    private var ids: Set<RunID> = []
    /// How tuning jobs stood when they were told, all of them and each with its trials.
    private var toldStanding = ""
    private var toldTunings: [String: (record: TuningRecord, trials: [Int: TuningTrial], confirmations: [TuningConfirmation])] =
        [:]
    private var queue: (jobs: [QueuedJob], hasHost: Bool)?
    /// Runs that were going on when they were told.
    private var active: Set<RunID> = []
    private var curves: [Curve] = []
    /// The curve that was told last.
    private var next = 0
    private let hasHost: () -> Bool

    /// Events that are told at once.
    private static let mostEvents = 32
    /// Curves that are told to one who listens; of more, those that were asked for last.
    private static let mostCurves = 256
    /// Pieces of curves that are told before other news.
    private static let mostPieces = 4
    /// Points that may be missing before a curve is outlined, coarsely and then finely, and how many such an outline has.
    private static let coarse = (missing: 4 * WorkspaceNews.mostPoints, points: 128)
    private static let fine = (missing: 8 * WorkspaceNews.mostPoints, points: CurveOutline.mostPoints)
    /// Captured steps of a run that are told.
    private static let mostTensorSteps = 64

    private struct Curve {
        var run: RunID
        var metric: MetricName
        /// What who listens has of it.
        var end: CurveEnd
        /// What it looks like was told up to here, with so many points at most.
        var outlined = 0
        var detail = 0
    }

    /// - Parameters:
    ///   - change: up to which change all is known already; -1 = nothing is.
    ///   - hasHost: whether the workspace has a host.
    public init(_ store: RunStore, changedAfter change: Int, hasHost: @escaping () -> Bool) {
        (self.store, self.change, self.hasHost) = (store, change, hasHost)
    }

    /// Tells this workspace from one that takes its place.
    public static func identity(of workspace: Workspace) -> String {
        var status = stat()
        guard stat(workspace.databasePath, &status) == 0 else { return "" }
        return "\(status.st_dev)-\(status.st_ino)-\(workspace.path)"
    }

    /// Tells all ids, and what is known of data sets.
    public func tellAll(_ tell: (WorkspaceNews) throws -> Void) throws {
        // A workspace that was put back to what it was before is told anew.
        if change > (try store.changeNumber()) { change = -1 }
        ids = try store.ids()
        let all = ids.sorted()
        for start in stride(from: 0, to: all.count, by: 1000) {
            try tell(.ids(Array(all[start..<min(start + 1000, all.count)]), isLast: false))
        }
        try tell(.ids([], isLast: true))
        for run in try store.runs() where !run.status.isFinal { active.insert(run.record.id) }
        try tellChanges(tell)
    }

    /// Tells what changed since the last time.
    public func tellChanges(_ tell: (WorkspaceNews) throws -> Void) throws {
        let now = try store.changeNumber()
        if now != change || queue == nil {
            let runs = try store.runs(changedAfter: change, includingDeleted: true)
            // The newest are looked at first.
            for run in runs { try self.tell(run, tell) }
            try tellRemoved(tell)
            for data in try store.datasets.datasets(changedAfter: change) {
                if let profile = data.profile { try tell(.dataset(profile, at: data.lastSeen)) }
            }
        }
        let jobs = try store.queue(), isHosted = hasHost()
        if jobs != queue?.jobs || isHosted != queue?.hasHost {
            queue = (jobs, isHosted)
            try tell(.queue(jobs, hasHost: isHosted))
        }
        try tellTunings(tell)
        guard now != change else { return }
        (change, reached) = (now, now)
        try confirm(tell)
    }

    /// Who listens goes on from here after a cut, so that nothing before may be still to be told.
    private func confirm(_ tell: (WorkspaceNews) throws -> Void) throws {
        guard let now = reached, dueEvents.isEmpty, dueTensors.isEmpty else { return }
        reached = nil
        try tell(.upTo(now))
    }

    /// A killed process changes nothing; its runs read as interrupted from then on.
    public func tellInterrupted(_ tell: (WorkspaceNews) throws -> Void) throws {
        for id in active {
            guard let run = try store.run(id), run.status.isFinal else { continue }
            try self.tell(run, tell)
        }
    }

    /// Tells the tuning jobs that stand otherwise than when they were told, a portion of their trials at a time.
    private func tellTunings(_ tell: (WorkspaceNews) throws -> Void) throws {
        let standing = try store.tunings.standing()
        guard standing != toldStanding else { return }
        toldStanding = standing
        let records = try store.tunings.all(), ids = Set(records.map(\.id))
        if ids != Set(toldTunings.keys) { try tell(.tunings(ids.sorted())) }
        toldTunings = toldTunings.filter { ids.contains($0.key) }
        for record in records {
            let known = toldTunings[record.id]
            // What has ended changes no more without its record doing so.
            if let known, known.record == record, record.status.isFinal { continue }
            let trials = try store.tunings.trials(of: record.id).filter { known?.trials[$0.number] != $0 }
            let confirmations = try store.tunings.confirmations(of: record.id)
            guard known?.record != record || !trials.isEmpty || known?.confirmations != confirmations else { continue }
            for start in stride(from: 0, to: max(1, trials.count), by: Self.mostTrials) {
                try tell(.tuning(record, Array(trials.dropFirst(start).prefix(Self.mostTrials)), confirmations))
            }
            let told = Dictionary(trials.map { ($0.number, $0) }) { $1 }
            toldTunings[record.id] = (record, (known?.trials ?? [:]).merging(told) { $1 }, confirmations)
        }
    }

    /// Trials that are told at once.
    private static let mostTrials = 100

    private func tell(_ run: RunSummary, _ tell: (WorkspaceNews) throws -> Void) throws {
        if run.status.isFinal { active.remove(run.record.id) } else { active.insert(run.record.id) }
        try tell(.run(run))
        if !dueEvents.contains(run.record.id) { dueEvents.append(run.record.id) }
        if !dueTensors.contains(run.record.id) { dueTensors.append(run.record.id) }
    }

    private func tellRemoved(_ tell: (WorkspaceNews) throws -> Void) throws {
        let now = try store.ids()
        let gone = ids.subtracting(now)
        ids = now
        for run in gone { places[run] = nil; toldTensors[run] = nil; untold[run] = nil; active.remove(run) }
        dueEvents.removeAll(where: gone.contains)
        dueTensors.removeAll(where: gone.contains)
        if !gone.isEmpty { try tell(.gone(gone.sorted())) }
    }

    // MARK: - Events and tensors

    /// Tells one piece of what runs recorded beside their curves: events, and behind all events captured steps. On a slow line whatever else
    /// is looked at comes between them.
    /// - Returns: whether there may be more.
    public func tellRecords(_ tell: (WorkspaceNews) throws -> Void) throws -> Bool {
        while let run = dueEvents.first {
            if try tellEvents(of: run, tell) { return true }
            dueEvents.removeFirst()
        }
        // Of one run after the other: they are large.
        while let run = dueTensors.first {
            dueTensors.removeFirst()
            guard try tellTensors(of: run, tell) else { continue }
            dueTensors.append(run)
            return true
        }
        try confirm(tell)
        return false
    }

    /// - Returns: whether some were told.
    private func tellEvents(of id: RunID, _ tell: (WorkspaceNews) throws -> Void) throws -> Bool {
        if untold[id] == nil {
            let known = places[id]
            let (events, start, end) = try store.events(of: id, after: known ?? .beginning)
            places[id] = end
            if events.isEmpty, known != nil { return false }
            untold[id] = (events[...], known == nil || start == .beginning)
        }
        guard let (rest, isWhole) = untold[id] else { return false }
        try tell(.events(id, isWhole: isWhole, Array(rest.prefix(Self.mostEvents))))
        untold[id] = rest.count > Self.mostEvents ? (rest.dropFirst(Self.mostEvents), false) : nil
        return true
    }

    /// Tells what the tensors of a run were like at no more steps than a screen draws, evenly spread over those that were captured: all of
    /// them go with a run that is copied.
    /// - Returns: whether a step was told.
    private func tellTensors(of id: RunID, _ tell: (WorkspaceNews) throws -> Void) throws -> Bool {
        let captured = try store.tensors.steps(of: id)
        let told = toldTensors[id] ?? []
        // As after a run went on from a checkpoint.
        let isWhole = toldTensors[id] == nil || !told.isSubset(of: captured)
        if captured.isEmpty, toldTensors[id] == nil { return false }
        var spacing = 1
        while captured.count / spacing > Self.mostTensorSteps { spacing *= 2 }
        let wanted = captured.enumerated().lazy.filter { $0.offset % spacing == 0 }.map(\.element)
        guard let step = wanted.first(where: { isWhole || !told.contains($0) }) else {
            guard isWhole else { return false }
            toldTensors[id] = []
            try tell(.tensors(id, isWhole: true, []))
            return true
        }
        toldTensors[id] = isWhole ? [step] : told.union([step])
        // It may have been captured in training and in an evaluation.
        let steps = try store.tensors.tensors(of: id, from: step, atMost: 2).filter { $0.step == step }
        try tell(.tensors(id, isWhole: isWhole, steps))
        return true
    }

    // MARK: - Curves

    /// From now on a curve is told, from the points on that are known already; where the curve has another last one there, from its
    /// beginning.
    public func want(_ run: RunID, _ metric: MetricName, from end: CurveEnd) {
        curves.removeAll { $0.run == run && $0.metric == metric }
        // What was asked for just now is looked at.
        next = curves.count - 1
        curves.append(Curve(run: run, metric: metric, end: end))
        if curves.count > Self.mostCurves { curves.removeFirst() }
    }

    /// Tells a few pieces of curves that have gained something, of one after the other, so that on a slow line other news come between
    /// them.
    /// - Returns: whether there may be more.
    public func tellCurves(_ tell: (WorkspaceNews) throws -> Void) throws -> Bool {
        var pieces = 0
        for _ in curves.indices {
            next = (next + 1) % curves.count
            let before = curves[next].end.count
            let hasMore = try tellOutline(of: &curves[next], tell) || tellPiece(of: &curves[next], tell)
            if hasMore || curves[next].end.count != before { pieces += 1 }
            if pieces == Self.mostPieces { return true }
        }
        return pieces > 0
    }

    /// Tells what a curve looks like whose points take long to come: on a slow line a long curve is to be seen at once.
    private func tellOutline(of curve: inout Curve, _ tell: (WorkspaceNews) throws -> Void) throws -> Bool {
        let count = try store.pointCount(run: curve.run, metric: curve.metric), missing = count - curve.end.count
        guard missing > Self.coarse.missing else { return try tellNoOutline(of: &curve, whole: count, tell) }
        // A rough look first, then a closer one, and another one when there is much more by now.
        let most = curve.detail > 0 && missing > Self.fine.missing ? Self.fine.points : Self.coarse.points
        guard most > curve.detail || count - curve.outlined > max(Self.coarse.missing, missing / 4) else { return false }
        var maker = CurveOutline.Maker(count: missing, most: most)
        try store.readPoints(run: curve.run, metric: curve.metric, from: curve.end.count) { portion, _ in
            for point in portion { maker.take(point) }
        }
        try tell(.outline(curve.run, curve.metric, CurveOutline(count: count, points: maker.finish())))
        (curve.outlined, curve.detail, curve.end.isOutlined) = (count, most, true)
        return true
    }

    /// An outline of a curve that has become another, shorter one is taken back; one that the points are coming for stays.
    private func tellNoOutline(
        of curve: inout Curve, whole count: Int, _ tell: (WorkspaceNews) throws -> Void
    ) throws -> Bool {
        guard curve.end.isOutlined, curve.outlined == 0 || count < curve.outlined else { return false }
        try tell(.outline(curve.run, curve.metric, CurveOutline(count: 0, points: [])))
        curve.end.isOutlined = false
        return true
    }

    private func tellPiece(of curve: inout Curve, _ tell: (WorkspaceNews) throws -> Void) throws -> Bool {
        let from = max(0, curve.end.count - 1)
        var points = try store.points(run: curve.run, metric: curve.metric, from: from, atMost: WorkspaceNews.mostPoints + 1)
        if curve.end.count > 0 {
            // As after a run was resumed from a checkpoint: what came after that is another curve.
            guard let first = points.first, first.isSame(as: curve.end.last) else {
                curve = Curve(run: curve.run, metric: curve.metric, end: CurveEnd(isOutlined: curve.end.isOutlined))
                return true
            }
            points.removeFirst()
        }
        points = Array(points.prefix(WorkspaceNews.mostPoints))
        guard let last = points.last else { return false }
        try tell(.points(curve.run, curve.metric, from: curve.end.count, points))
        curve.end.count += points.count
        curve.end.last = last
        return points.count == WorkspaceNews.mostPoints
    }
}

extension RunStore {
    /// How many points a curve has.
    func pointCount(run: RunID, metric: MetricName) throws(StoreError) -> Int {
        let sql = """
            SELECT chunks.number, chunks.count FROM chunks JOIN metrics ON metrics.id = chunks.metric
            WHERE metrics.run = ? AND metrics.name = ? ORDER BY chunks.number DESC LIMIT 1
            """
        return try database.rows(sql, [.text(run.text), .text(metric.text)]) {
            $0.integer(0) * SeriesChunk.capacity + $0.integer(1)
        }.first ?? 0
    }

    /// Points of one curve from a position on, at most so many.
    public func points(run: RunID, metric: MetricName, from position: Int, atMost count: Int) throws(StoreError) -> [MetricPoint]
    {
        let sql = """
            SELECT chunks.points, chunks.number FROM chunks JOIN metrics ON metrics.id = chunks.metric
            WHERE metrics.run = ? AND metrics.name = ? AND chunks.number >= ? AND chunks.number <= ? ORDER BY chunks.number
            """
        let first = position / SeriesChunk.capacity, last = (position + count) / SeriesChunk.capacity
        var points: [MetricPoint] = []
        try database.run(sql, [.text(run.text), .text(metric.text), .integer(first), .integer(last)]) { row in
            row.withBlob(0) { SeriesChunk.decode($0, into: &points) }
        }
        return Array(points.dropFirst(position - first * SeriesChunk.capacity).prefix(count))
    }
}
