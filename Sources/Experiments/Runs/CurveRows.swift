import Databases
import Events

/// The chunk of a curve that is still being filled.
struct OpenCurve {
    var id: Int
    var number: Int
    var chunk: SeriesChunk
    var isChanged = false

    /// Points of the whole curve.
    var count: Int { number * SeriesChunk.capacity + chunk.points.count }
}

/// Writes the ends of curves, inside a transaction that the caller holds.
struct CurveRows {
    private let database: Database

    init(_ database: Database) { self.database = database }

    /// Finds the end of a stored curve, or begins it.
    func open(run: RunID, metric: MetricName) throws(StoreError) -> OpenCurve {
        let values: [Database.Value] = [.text(run.text), .text(metric.text)]
        try database.run("INSERT OR IGNORE INTO metrics (run, name) VALUES (?, ?)", values)
        let id = try database.rows("SELECT id FROM metrics WHERE run = ? AND name = ?", values) { $0.integer(0) }.first ?? 0
        var curve = OpenCurve(id: id, number: 0, chunk: SeriesChunk())
        let sql = "SELECT number, points FROM chunks WHERE metric = ? ORDER BY number DESC LIMIT 1"
        try database.run(sql, [.integer(id)]) { row in
            curve.number = row.integer(0)
            row.withBlob(1) { SeriesChunk.decode($0, into: &curve.chunk.points) }
        }
        if curve.chunk.isFull { curve = OpenCurve(id: id, number: curve.number + 1, chunk: SeriesChunk()) }
        return curve
    }

    func write(_ curve: OpenCurve) throws(StoreError) {
        let points = curve.chunk.points
        guard let first = points.first, let last = points.last else { return }
        let finite = points.lazy.map(\.value).filter(\.isFinite)
        let sql = """
            INSERT INTO chunks (metric, number, count, first_step, last_step, low, high, points)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
            ON CONFLICT(metric, number) DO UPDATE SET count = ?3, last_step = ?5, low = ?6, high = ?7, points = ?8
            """
        try database.run(
            sql,
            [
                .integer(curve.id), .integer(curve.number), .integer(points.count), .integer(first.step),
                .integer(last.step), .optional(finite.min()), .optional(finite.max()), .blob(curve.chunk.bytes),
            ])
    }

    /// Appends points to a stored curve.
    func append(_ points: [MetricPoint], to curve: inout OpenCurve) throws(StoreError) {
        for point in points {
            curve.chunk.points.append(point)
            if curve.chunk.isFull {
                try write(curve)
                curve = OpenCurve(id: curve.id, number: curve.number + 1, chunk: SeriesChunk())
            }
        }
        try write(curve)
    }
}
