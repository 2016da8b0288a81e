import PipelineSteps
import Preparing
import Tables

/// Pipelines of steps, and what they learned.
enum PipelineReaders {
    static var all: [FuzzedReader] {
        [FuzzedReader(name: "pipeline") { _ in steps() }, FuzzedReader(name: "fitted-pipeline") { _ in try fitted() }]
    }

    private static let text = """
        {"steps": [{"step": "drop", "columns": ["id"]}, {"step": "impute", "columns": ["x"], "how": "mean"},
        {"step": "clip", "quantiles": [0.1, 0.9]}, {"step": "scale", "columns": ["x"], "how": "yeo-johnson"},
        {"step": "encode", "columns": ["kind"]}, {"step": "encode", "columns": ["place"], "how": "target"},
        {"step": "lag", "columns": ["x"], "rows": [1, 2], "order": "y"},
        {"step": "filter", "where": "y < 9"}, {"step": "product", "columns": ["x", "y"], "to": "both"}]}
        """

    private static let table = Table(columns: [
        Column(name: "id", kind: .integer, storage: .numbers((0..<12).map(Double.init))),
        Column(name: "x", kind: .numeric, storage: .numbers((0..<12).map { $0 == 4 ? .nan : Double($0 * 7 % 5) - 1.5 })),
        Column(name: "y", kind: .integer, storage: .numbers((0..<12).map { Double($0 * 5 % 12) })),
        Column(
            name: "kind", kind: .categorical, storage: .codes((0..<12).map { Int32($0 % 3) - 1 }, dictionary: ["a", "b"])),
        Column(
            name: "place", kind: .categorical, storage: .codes((0..<12).map { Int32($0 % 4) - 1 }, dictionary: ["a", "b", "c"])),
        Column(name: "aim", kind: .numeric, storage: .numbers((0..<12).map { Double($0 * 11 % 7) })),
    ])

    private static func fit(_ pipeline: DataPipeline) throws(TableError) -> FittedPipeline.Fit {
        try FittedPipeline.fit(pipeline, table, rows: Array(0..<12), roles: ColumnRoles(target: "aim"))
    }

    private static func steps() -> Subject {
        Subject(samples: [Sample("steps", text: text)]) { sample in
            let pipeline: DataPipeline
            do throws(PipelineError) {
                pipeline = try DataPipeline(parsing: sample.text)
                guard try DataPipeline(parsing: pipeline.text) == pipeline else { return .wrong("it reads back as another") }
            } catch { return .refused(error.message) }
            do throws(TableError) {
                let made = try fit(pipeline)
                return made.table.rowCount == 12 ? .accepted : .wrong("rows were lost")
            } catch { return .refused(error.message) }
        }
    }

    private static func fitted() throws -> Subject {
        let bytes = try fit(try DataPipeline(parsing: text)).fitted.fileBytes()
        return Subject(samples: [Sample("fitted", bytes)]) { sample in
            do throws(TableError) {
                let made = try FittedPipeline(fileBytes: sample.bytes, path: "fitted.json").apply(to: table)
                return made.rowCount == 12 ? .accepted : .wrong("rows were lost")
            } catch { return .refused(error.message) }
        }
    }
}
