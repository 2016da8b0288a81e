import Files

/// The forms in which runs leave the workspace.
public enum ExportFormat: String, Sendable, CaseIterable {
    /// A line a point: run, metric, step, epoch, time, value.
    case csv
    /// A line a step with a column a metric.
    case csvWide = "csv-wide"
    /// Descent's own events, which `descent watch` reads back.
    case jsonLines = "jsonl"
    /// A folder as MLflow's file store has it.
    case mlflow

    /// The form that a file's name asks for: `.csv`, `.jsonl`; a name without an ending is a folder for MLflow.
    public init?(path: String) {
        let name = FilePath.name(path)
        switch name.lastIndex(of: ".").map({ name[$0...] }) ?? "" {
        case ".csv": self = .csv
        case ".jsonl", ".ndjson": self = .jsonLines
        case "": self = .mlflow
        default: return nil
        }
    }
}
