import Databases
import Events

extension RunStore {
    /// What a mirrored curve looks like behind the points that are here; nil where all that was told of it is here.
    public func outline(of run: RunID, _ metric: MetricName) throws(StoreError) -> CurveOutline? {
        let sql = """
            SELECT outlines.count, outlines.points FROM outlines JOIN metrics ON metrics.id = outlines.metric
            WHERE metrics.run = ? AND metrics.name = ?
            """
        return try database.rows(sql, [.text(run.text), .text(metric.text)]) { row in
            var points: [MetricPoint] = []
            row.withBlob(1) { SeriesChunk.decode($0, into: &points) }
            return CurveOutline(count: row.integer(0), points: points)
        }.first
    }
}

extension CurveOutline {
    /// Its points behind another one of the curve: at later steps, of what the machine tells at later times.
    public func points(of metric: MetricName, behind last: MetricPoint?) -> ArraySlice<MetricPoint> {
        guard let last else { return points[...] }
        return points.drop { metric.isSystem ? $0.wallTime <= last.wallTime : $0.step <= last.step }
    }
}
