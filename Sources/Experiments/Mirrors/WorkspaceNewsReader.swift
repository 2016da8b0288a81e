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
    private var ids: Set<RunID> = []
    private var queue: (jobs: [QueuedJob], hasHost: Bool)?
    /// Runs that were going on when they were told.
    private var active: Set<RunID> = []
    private var curves: [Curve] = []
    /// The curve that was told last.
    private var next = 0
    private let hasHost: () -> Bool

    /// Events that are told at once.
    private static let mostEvents = 100
    /// Curves that are told to one who listens; of more, those that were asked for last.
    private static let mostCurves = 256
    /// Pieces of curves that are told before other news.
    private static let mostPieces = 4
    /// Captured steps of a run that are told.
    private static let mostTensorSteps = 64

    private struct Curve {
        var run: RunID
        var metric: MetricName
        var count: Int
        var last: MetricPoint?
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
        guard now != change else { return }
        change = now
        try tell(.upTo(now))
    }

    /// A killed process changes nothing; its runs read as interrupted from then on.
    public func tellInterrupted(_ tell: (WorkspaceNews) throws -> Void) throws {
        for id in active {
            guard let run = try store.run(id), run.status.isFinal else { continue }
            try self.tell(run, tell)
        }
    }

    private func tell(_ run: RunSummary, _ tell: (WorkspaceNews) throws -> Void) throws {
        if run.status.isFinal { active.remove(run.record.id) } else { active.insert(run.record.id) }
        try tell(.run(run))
        try tellEvents(of: run.record.id, tell)
        try tellTensors(of: run, tell)
    }

    private func tellEvents(of id: RunID, _ tell: (WorkspaceNews) throws -> Void) throws {
        let known = places[id]
        let (events, start, end) = try store.events(of: id, after: known ?? .beginning)
        places[id] = end
        let isWhole = known == nil || start == .beginning
        if events.isEmpty, !isWhole { return }
        var rest = events[...], isFirst = true
        repeat {
            try tell(.events(id, isWhole: isWhole && isFirst, Array(rest.prefix(Self.mostEvents))))
            rest = rest.dropFirst(Self.mostEvents)
            isFirst = false
        } while !rest.isEmpty
    }

    /// Tells what the tensors of a run were like at no more steps than a screen draws, evenly spread over those that were captured: all of
    /// them go with a run that is copied.
    private func tellTensors(of run: RunSummary, _ tell: (WorkspaceNews) throws -> Void) throws {
        let id = run.record.id, captured = try store.tensors.steps(of: id)
        let told = toldTensors[id] ?? [], now = Set(captured)
        // As after a run went on from a checkpoint.
        let isWhole = toldTensors[id] == nil || !told.isSubset(of: now)
        if captured.isEmpty, toldTensors[id] == nil { return }
        var spacing = 1
        while captured.count / spacing > Self.mostTensorSteps { spacing *= 2 }
        let wanted = captured.enumerated().filter { $0.offset % spacing == 0 }.map(\.element)
        let missing = isWhole ? wanted : wanted.filter { !told.contains($0) }
        if missing.isEmpty, !isWhole { return }
        toldTensors[id] = isWhole ? Set(wanted) : told.union(wanted)
        var isFirst = isWhole
        for step in missing {
            try tell(.tensors(id, isWhole: isFirst, try store.tensors.tensors(of: id, from: step, atMost: 1)))
            isFirst = false
        }
        if isFirst { try tell(.tensors(id, isWhole: true, [])) }
    }

    private func tellRemoved(_ tell: (WorkspaceNews) throws -> Void) throws {
        let now = try store.ids()
        let gone = ids.subtracting(now)
        ids = now
        for run in gone { places[run] = nil; toldTensors[run] = nil; active.remove(run) }
        if !gone.isEmpty { try tell(.gone(gone.sorted())) }
    }

    // MARK: - Curves

    /// From now on a curve is told, from the points on that are known already.
    /// - Parameter last: the last of those; where the curve has another point there, it is told from its beginning.
    public func want(_ run: RunID, _ metric: MetricName, count: Int, last: MetricPoint?) {
        curves.removeAll { $0.run == run && $0.metric == metric }
        // What was asked for just now is looked at.
        next = curves.count - 1
        curves.append(Curve(run: run, metric: metric, count: count, last: last))
        if curves.count > Self.mostCurves { curves.removeFirst() }
    }

    /// Tells a few pieces of curves that have gained something, of one after the other, so that on a slow line other news come between
    /// them.
    /// - Returns: whether there may be more.
    public func tellCurves(_ tell: (WorkspaceNews) throws -> Void) throws -> Bool {
        var pieces = 0
        for _ in curves.indices {
            next = (next + 1) % curves.count
            let before = curves[next].count
            let hasMore = try tellPiece(of: &curves[next], tell)
            if hasMore || curves[next].count != before { pieces += 1 }
            if pieces == Self.mostPieces { return true }
        }
        return pieces > 0
    }

    private func tellPiece(of curve: inout Curve, _ tell: (WorkspaceNews) throws -> Void) throws -> Bool {
        let from = max(0, curve.count - 1)
        var points = try store.points(run: curve.run, metric: curve.metric, from: from, atMost: WorkspaceNews.mostPoints + 1)
        if curve.count > 0 {
            // As after a run was resumed from a checkpoint: what came after that is another curve.
            guard points.first == curve.last else {
                (curve.count, curve.last) = (0, nil)
                return true
            }
            points.removeFirst()
        }
        points = Array(points.prefix(WorkspaceNews.mostPoints))
        guard let last = points.last else { return false }
        try tell(.points(curve.run, curve.metric, from: curve.count, points))
        curve.count += points.count
        curve.last = last
        return points.count == WorkspaceNews.mostPoints
    }
}

extension RunStore {
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
