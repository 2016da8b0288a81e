import Cells
import Databases
import Events
import Experiments
import Studio

extension ReadCurve: AnsweredQuery {
    func answer(_ work: QueryWork<Answer>) throws -> Answer {
        // What is live on this bus and what the store holds meet at the step: flush, so that nothing is missing between.
        work.engine.flush()
        try work.attachments?.want(run, metric, in: work.store)
        let curve = try work.store.recordedCurve(of: run, metric)
        work.follower.follow(run, metric, from: curve)
        let kinds: Set<EventName> = [.hyperparametersChanged, .checkpointSaved, .trainingDataSummarised]
        return Answer(series: curve.series, arrival: curve.arrival, changes: try work.store.events(of: run, kinds: kinds))
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

/// A curve as the workspace has it.
struct RecordedCurve {
    /// What was recorded, and behind it an outline of what is still on its way from another machine.
    var series = Series()
    /// Recorded points, and the last one.
    var count = 0
    var last: MetricPoint?
    /// Points of the whole curve, where some are still on their way.
    var outlined: Int?

    var arrival: CurveArrival? { outlined.map { CurveArrival(here: count, total: $0) } }
}

extension RunStore {
    /// A curve, made while it is read: a million points for once and again would cost as much as reading them.
    /// - Parameter isOutlined: whether an outline stands for what is still on its way.
    func recordedCurve(
        of run: RunID, _ metric: MetricName, isOutlined: Bool = true
    ) throws(StoreError) -> RecordedCurve {
        var curve = RecordedCurve()
        try readPoints(run: run, metric: metric) { portion, most in
            if curve.series.isEmpty { curve.series.reserveCapacity(most) }
            curve.series.append(recorded: portion)
            if let last = portion.last { curve.last = last }
        }
        curve.count = curve.series.count
        if isOutlined, let outline = try outline(of: run, metric), outline.count > curve.count {
            curve.outlined = outline.count
            curve.series.append(recorded: outline.points(of: metric, behind: curve.last))
        }
        return curve
    }
}
