import Databases
import Events

extension RunStore {
    /// How much of a curve is stored, and how it begins.
    public struct CurveStart: Hashable, Sendable {
        public var count: Int
        public var first: MetricPoint
    }

    /// What is stored of each of a run's curves, without reading more than their beginnings.
    public func curveStarts(of run: RunID) throws(StoreError) -> [MetricName: CurveStart] {
        let sql = """
            SELECT metrics.name, (SELECT sum(count) FROM chunks WHERE metric = metrics.id), chunks.points
            FROM metrics JOIN chunks ON chunks.metric = metrics.id AND chunks.number = 0 WHERE metrics.run = ?
            """
        var starts: [MetricName: CurveStart] = [:]
        try database.run(sql, [.text(run.text)]) { row in
            var points: [MetricPoint] = []
            row.withBlob(2) { SeriesChunk.decode($0, into: &points) }
            if let first = points.first { starts[MetricName(row.text(0))] = CurveStart(count: row.integer(1), first: first) }
        }
        return starts
    }
}
