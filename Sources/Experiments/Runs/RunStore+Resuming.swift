import Databases
import Events
import JSON

extension RunStore {
    /// The last step up to which everything that a run measured is here; nil when there is none.
    ///
    /// What a job posts is written in its order, but a process may be killed between any two of its facts: the loss of a step can
    /// be here and what was evaluated after it not. Whole are the steps before the last one that has a loss, and those before a
    /// checkpoint that was told.
    public func recordedStep(of run: RunID) throws(StoreError) -> Int? {
        let sql = """
            SELECT max(chunks.last_step) FROM chunks JOIN metrics ON metrics.id = chunks.metric
            WHERE metrics.run = ? AND metrics.name = ?
            """
        let last = try database.rows(sql, [.text(run.text), .text(MetricName.trainLoss.text)]) {
            $0.optionalInteger(0)
        }.compactMap { $0 }.first
        let checkpoints = try events(of: run, kinds: [.checkpointSaved]).compactMap { event in
            if case .job(.checkpointSaved(let saved)) = event.kind { saved.step } else { nil }
        }
        return [last.map { $0 - 1 }, checkpoints.max()].compactMap { $0 }.max()
    }

    /// Forgets what a run recorded after a step, so that resuming from that step's checkpoint continues the curve instead of
    /// drawing its end twice.
    public func truncate(_ run: RunID, afterStep step: Int) throws(StoreError) {
        try database.transaction { () throws(StoreError) in
            guard var summary = try self.run(run) else { return }
            try Self.checkIsTrainedHere(summary, operation: "truncate")
            for metric in try metrics(of: run) { try truncate(run, metric: metric, afterStep: step) }
            try forgetEvents(of: run, afterStep: step)
            try FeatureStoreList(database).forget(run, afterStep: step)
            summary.step = step
            summary.finishedAt = nil
            summary.count(try alerts(of: run))
            try fold(curvesOf: run, into: &summary)
            let writer = RunWriter(database)
            try writer.write(summary, owner: .current, change: try writer.nextChange())
        }
    }

    /// When the last of a run's steps was recorded; nil when none was.
    /// - Units: seconds since 1970.
    public func lastRecordedTime(of run: RunID) throws(StoreError) -> Double? {
        try points(run: run, metric: .trainLoss).last?.wallTime
    }

    /// Adds up anew what a run's curves come to.
    func fold(curvesOf run: RunID, into summary: inout RunSummary) throws(StoreError) {
        summary.lastMetrics = [:]
        summary.bestObjective = nil
        summary.bestStep = nil
        summary.epoch = 0
        summary.metricRanges = [:]
        summary.sketch = CurveSketch()
        for metric in try metrics(of: run) {
            for point in try points(run: run, metric: metric) {
                summary.apply(metric, point.value, step: point.step, epoch: point.epoch)
            }
        }
    }

    private func truncate(_ run: RunID, metric: MetricName, afterStep step: Int) throws(StoreError) {
        let values: [Database.Value] = [.text(run.text), .text(metric.text)]
        let id = try database.rows("SELECT id FROM metrics WHERE run = ? AND name = ?", values) { $0.integer(0) }.first ?? 0
        let sql = "SELECT number, points FROM chunks WHERE metric = ? AND last_step > ? ORDER BY number"
        let late = try database.rows(sql, [.integer(id), .integer(step)]) { row -> (number: Int, chunk: SeriesChunk) in
            var chunk = SeriesChunk()
            row.withBlob(1) { SeriesChunk.decode($0, into: &chunk.points) }
            return (row.integer(0), chunk)
        }
        for (number, chunk) in late {
            let kept = SeriesChunk(points: chunk.points.filter { $0.step <= step })
            if let last = kept.points.last {
                try database.run(
                    "UPDATE chunks SET count = ?, last_step = ?, points = ? WHERE metric = ? AND number = ?",
                    [.integer(kept.points.count), .integer(last.step), .blob(kept.bytes), .integer(id), .integer(number)])
            } else {
                try database.run("DELETE FROM chunks WHERE metric = ? AND number = ?", [.integer(id), .integer(number)])
            }
        }
    }

    private func forgetEvents(of run: RunID, afterStep step: Int) throws(StoreError) {
        let later: [EventName] = [
            .alertRaised, .ruleEvaluated, .checkpointSaved, .hyperparametersChanged, .jobFinished, .profileRecorded,
        ]
        let sql = """
            SELECT id, body FROM events WHERE run = ?
            AND kind IN (\(later.map { "'\($0)'" }.joined(separator: ", ")))
            """
        let rows = try database.rows(sql, [.text(run.text)]) { ($0.integer(0), $0.text(1)) }
        for (id, body) in rows {
            let json: JSONValue
            do { json = try JSONValue(parsing: body) } catch { continue }
            let isLater = json["kind"]?.string == EventName.jobFinished.text || json["step"]?.integer ?? 0 > step
            if isLater { try database.run("DELETE FROM events WHERE id = ?", [.integer(id)]) }
        }
    }
}
