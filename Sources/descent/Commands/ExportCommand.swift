import Events
import Experiments
import Interop

/// `descent runs export`: runs for other programs.
enum ExportCommand {
    static let specification = CommandSpecification(
        words: ["runs", "export"], summary: "write runs for other programs: CSV, Parquet, JSON, TensorBoard, MLflow",
        positionals: [.init(name: "RUN", help: RunArgument.positional.help, isRepeatable: true)],
        options: [
            .init(
                name: "--out", value: "PATH", help: "the file, or for mlflow and tfevents the folder, to write", isOutput: true),
            .init(
                name: "--format", value: "F",
                help:
                    "csv (a line a point), csv-wide (a line a step), parquet (as csv), json (a list), jsonl (events, which `descent "
                    + "watch` reads), tfevents (for TensorBoard), or mlflow (default: by the ending of PATH; mlflow without one)"),
        ],
        examples: [
            "descent runs export @best --out best.csv", "descent runs export adam sgd --out mlruns --format mlflow",
            "descent runs export adam sgd --out logs --format tfevents",
        ],
        run: { arguments in
            guard let path = arguments.value("--out") else {
                throw CommandError.usage("descent runs export: --out is missing: name the file or folder to write")
            }
            let store = try WorkspaceChoice.reading(arguments)
            var runs: [RunSummary] = []
            for name in arguments.positionals {
                let run = try store.run(named: name)
                if !runs.contains(where: { $0.record.id == run.record.id }) { runs.append(run) }
            }
            try RunExport(store: store).write(
                runs, to: path, as: try format(arguments, path: path), replaces: arguments.flag("--force"))
            if !arguments.flag("--quiet"), path != "-" {
                Console.note("wrote \(runs.count) \(runs.count == 1 ? "run" : "runs") to \(path)")
            }
            return .done
        })

    private static func format(_ arguments: ParsedArguments, path: String) throws(CommandError) -> ExportFormat {
        let known = ExportFormat.allCases.map(\.rawValue).joined(separator: ", ")
        if let name = arguments.value("--format") {
            guard let format = ExportFormat(rawValue: name) else { throw .usage("--format '\(name)': use \(known)") }
            if path == "-", format.isFolder || format == .parquet {
                throw .usage("--format \(name) writes a \(format.isFolder ? "folder" : "file"): name one with --out")
            }
            if format == .parquet, ExportFormat(path: path) != .parquet {
                throw .usage("\(path): a Parquet file's name ends with .parquet")
            }
            return format
        }
        if path == "-" {
            throw .usage("--out - is standard output: say how to write there with --format csv, csv-wide, json or jsonl")
        }
        guard let format = ExportFormat(path: path) else {
            throw .usage("\(path): its ending says no format: name one with --format \(known)")
        }
        return format
    }
}
