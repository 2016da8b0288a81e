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
        let series = try work.store.series(of: run, metric)
        work.follower.follow(run, metric, from: series.count)
        let kinds: Set<EventName> = [.hyperparametersChanged, .checkpointSaved, .trainingDataSummarised]
        return Answer(series: series, changes: try work.store.events(of: run, kinds: kinds))
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
