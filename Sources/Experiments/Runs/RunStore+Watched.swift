import Databases
import Events

extension RunStore {
    /// - Throws: `notOurs` for a run that is read from another program's log: what it did is never changed here.
    static func checkIsTrainedHere(_ run: RunSummary, operation: String) throws(StoreError) {
        guard let refusal = run.record.refusal else { return }
        throw StoreError(code: .notOurs, message: refusal, operation: operation)
    }

    /// Cuts curves of a watched run to their first points, since its log says now that what came after was replaced. Nothing that
    /// was posted about the run may still be on its way, and its recorder must have let go of it: its last event was its end.
    /// - Parameter counts: how many points of each curve stay.
    public func cut(_ run: RunID, to counts: [MetricName: Int]) throws(StoreError) {
        try database.transaction { () throws(StoreError) in
            guard var summary = try self.run(run) else { return }
            precondition(summary.record.origin == .watched, "the curves of \(run) are its job's to shorten")
            for (metric, count) in counts { try cut(run, metric: metric, to: count) }
            summary.step = 0
            try fold(curvesOf: run, into: &summary)
            let writer = RunWriter(database)
            try writer.write(summary, owner: .current, change: try writer.nextChange())
        }
    }

    private func cut(_ run: RunID, metric: MetricName, to count: Int) throws(StoreError) {
        let kept = Array(try points(run: run, metric: metric).prefix(count))
        let values: [Database.Value] = [.text(run.text), .text(metric.text)]
        let id = try database.rows("SELECT id FROM metrics WHERE run = ? AND name = ?", values) { $0.integer(0) }.first ?? 0
        let last = count / SeriesChunk.capacity
        try database.run("DELETE FROM chunks WHERE metric = ? AND number > ?", [.integer(id), .integer(last)])
        let chunk = SeriesChunk(points: Array(kept.dropFirst(last * SeriesChunk.capacity)))
        guard let end = chunk.points.last else {
            try database.run("DELETE FROM chunks WHERE metric = ? AND number = ?", [.integer(id), .integer(last)])
            return
        }
        let finite = chunk.points.lazy.map(\.value).filter(\.isFinite)
        try database.run(
            "UPDATE chunks SET count = ?, last_step = ?, low = ?, high = ?, points = ? WHERE metric = ? AND number = ?",
            [
                .integer(chunk.points.count), .integer(end.step), .optional(finite.min()), .optional(finite.max()),
                .blob(chunk.bytes), .integer(id), .integer(last),
            ])
    }
}
