import Events
import Experiments
import Interop

/// `descent runs export`: runs for other programs.
enum ExportCommand {
    static let specification = CommandSpecification(
        words: ["runs", "export"], summary: "write runs for other programs: CSV, JSON Lines, a folder for MLflow",
        positionals: [.init(name: "RUN", help: RunArgument.positional.help, isRepeatable: true)],
        options: [
            .init(name: "--out", value: "PATH", help: "the file, or for MLflow the folder, to write"),
            .init(
                name: "--format", value: "F",
                help: "csv (a line a point), csv-wide (a line a step), jsonl (events, which `descent watch` reads), or mlflow "
                    + "(default: by the ending of PATH; mlflow without one)"),
        ],
        examples: [
            "descent runs export @best --out best.csv", "descent runs export adam sgd --out mlruns --format mlflow",
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
            try RunExport(store: store).write(runs, to: path, as: try format(arguments, path: path))
            if !arguments.flag("--quiet"), path != "-" {
                Console.note("wrote \(runs.count) \(runs.count == 1 ? "run" : "runs") to \(path)")
            }
            return .done
        })

    private static func format(_ arguments: ParsedArguments, path: String) throws(CommandError) -> ExportFormat {
        let known = ExportFormat.allCases.map(\.rawValue).joined(separator: ", ")
        if let name = arguments.value("--format") {
            guard let format = ExportFormat(rawValue: name) else { throw .usage("--format '\(name)': use \(known)") }
            if format == .mlflow, path == "-" { throw .usage("--format mlflow writes a folder: name one with --out") }
            return format
        }
        if path == "-" { throw .usage("--out - is standard output: say how to write there with --format csv, csv-wide or jsonl") }
        guard let format = ExportFormat(path: path) else {
            throw .usage("\(path): its ending says no format: name one with --format \(known)")
        }
        return format
    }
}
