import Files
import Glibc
import JSON
import Spark

/// `descent transform … --engine spark`: whole files predicted for where they lie.
enum SparkTransformCommand {
    /// Options of transforming here, which an engine has not.
    private static let localOptions = [
        "--split", "--join", "--input-filter", "--output-filter", "--max-payload", "--max-concurrent", "--content-type",
        "--accept",
    ]

    static let options: [OptionSpecification] = [
        .init(
            name: "--engine", value: "spark",
            help: "predict on Spark: CSV or Parquet in, the same with columns added out, as part files below DIR"),
        .init(name: "--master", value: "URL", help: "with --engine: the cluster (default: local[*], this machine)"),
        .init(name: "--delimiter", value: "C", help: "with --engine: what separates fields of CSV"),
        .init(name: "--header", value: "yes|no", help: "with --engine: whether the first line of CSV names the columns"),
    ]

    static func run(_ arguments: ParsedArguments) throws -> CommandError.ExitCode {
        if let engine = arguments.value("--engine"), engine != "spark" {
            throw CommandError.usage("--engine '\(engine)': give spark")
        }
        if let option = localOptions.first(where: { arguments.value($0) != nil }) {
            throw CommandError.usage("\(option) is not to be had on spark, which adds columns to rows: leave it out")
        }
        guard let out = arguments.value("--out") else {
            throw CommandError.usage("descent transform: --out is missing: name a folder")
        }
        let isHere = !out.contains("://")
        if isHere, access(out, F_OK) == 0 { throw CommandError.usage("\(out) is there already: name a folder that is not") }
        let workspace = try WorkspaceChoice.existing(arguments)
        let chosen = try ChosenModel(arguments.positionals[0], workspace: workspace)
        let master = arguments.value("--master") ?? "local[*]"
        let (transform, folder) = try transform(arguments, chosen, master: master, out: isHere ? absolute(out) : out)
        defer { Folder.remove(folder) }
        let watch = InterruptWatch { _ in }
        let done: (rows: Int, files: Int, columns: [String])
        do throws(SparkFault) {
            done = try transform.run(isStopped: { watch.wasInterrupted }) { Console.note($0) }
        } catch {
            switch error.code {
            case .stopped: return .interrupted
            case .usage: throw CommandError.usage(error.message)
            case .data: throw CommandError.data(error.message)
            case .failed: throw CommandError.failed(error.message)
            }
        }
        if arguments.flag("--json") {
            Console.print(
                JSONValue.object([
                    "kind": .string("transformed"), "run": .string(chosen.id), "engine": .string("spark"),
                    "rows": .integer(done.rows), "files": .integer(done.files),
                    "columns": .array(done.columns.map { .string($0) }), "path": .string(out),
                ]).text)
        } else {
            Console.print("\(chosen.name): \(done.rows) rows to \(out), with \(done.columns.joined(separator: ", "))")
        }
        return .done
    }

    private static func absolute(_ path: String) -> String { FileSet.absolute(path) ?? path }

    private static func transform(
        _ arguments: ParsedArguments, _ chosen: ChosenModel, master: String, out: String
    ) throws -> (SparkTransform, folder: String) {
        let isLocal = master.hasPrefix("local")
        if !isLocal, let schema = chosen.model.schema, let fault = chosen.model.pipeline.clusterFault(schema) {
            throw CommandError.data("the model uses columns \(fault)")
        }
        let paths = arguments.positionals.dropFirst()
        if let path = paths.first(where: { $0.contains(",") }) {
            throw CommandError.usage("'\(path)': a comma stands between the files of an engine: give the file another name")
        }
        var reading: [String: String] = [:]
        for name in ["delimiter", "header"] { reading[name] = arguments.value("--" + name) }
        let folder: String
        do { folder = try TemporaryPlace.makeFolder("spark") } catch { throw CommandError.failed("\(error)") }
        return (
            SparkTransform(
                settings: try EngineSettings.spark(arguments.environment), master: master,
                path: paths.map { $0.contains("://") ? $0 : Engine.absolute($0) }.joined(separator: ","), reading: reading,
                model: chosen.folder + "/" + "model.json", out: out,
                program: isLocal ? Engine.absolute("/proc/self/exe") : nil, logPath: folder + "/spark.log"), folder
        )
    }
}
