import Files

/// The forms in which runs leave the workspace.
public enum ExportFormat: String, Sendable, CaseIterable {
    /// A line a point: run, metric, step, epoch, time, value.
    case csv
    /// A line a step with a column a metric.
    case csvWide = "csv-wide"
    /// Descent's own events, which `descent watch` reads back.
    case jsonLines = "jsonl"
    /// One list: each run with what is known of it and its curves.
    case json
    /// A row a point, as `csv` has them.
    case parquet
    /// A folder of a folder a run, as TensorBoard reads them.
    case tfevents
    /// A folder as MLflow's file store has it.
    case mlflow

    /// Whether it is a folder that is written.
    public var isFolder: Bool { self == .mlflow || self == .tfevents }

    /// The form that a file's name asks for: `.csv`, `.jsonl`, `.json`, `.parquet`; a name without an ending is a folder for MLflow.
    public init?(path: String) {
        let name = FilePath.name(path)
        switch name.lastIndex(of: ".").map({ name[$0...] }) ?? "" {
        case ".csv": self = .csv
        case ".jsonl", ".ndjson": self = .jsonLines
        case ".json": self = .json
        case ".parquet": self = .parquet
        case "": self = .mlflow
        default: return nil
        }
    }
}
