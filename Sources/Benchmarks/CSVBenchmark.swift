import Tables

/// What reading a data file costs.
enum CSVBenchmark {
    /// Reads a file whole, as training does.
    static func run(_ path: String) throws {
        let wall = Measurement.wallSeconds(), cpu = Measurement.processSeconds()
        let table = try Table(contentsOf: path)
        let alone = (wall: Measurement.wallSeconds() - wall, cpu: Measurement.processSeconds() - cpu)
        let target = table.columns[0].name
        let pipeline = try FeaturePipeline.fit(table, rows: Array(0..<table.rowCount), target: target, standardises: false)
        let read = (wall: Measurement.wallSeconds() - wall, cpu: Measurement.processSeconds() - cpu)
        let matrix = try pipeline.transform(table, rows: nil)
        Measurement.report(
            "csv",
            [
                "table_wall_s": alone.wall, "table_cpu_s": alone.cpu, "wall_s": read.wall, "cpu_s": read.cpu,
                "matrix_wall_s": Measurement.wallSeconds() - wall,
                "matrix_cpu_s": Measurement.processSeconds() - cpu, "rss_mb": Measurement.peakMegabytes(),
                "rows": Double(matrix.rowCount),
            ])
    }
}
