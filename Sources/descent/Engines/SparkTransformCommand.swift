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
        let size = ClusterSize(master: arguments.value("--master") ?? ClusterSize.thisMachine)
        let (transform, folder) = try transform(arguments, chosen, size, out: isHere ? absolute(out) : out)
        defer { Folder.remove(folder) }
        let done = try ErrandWatch.run { isStopped, tell throws(SparkFault) in
            try transform.run(isStopped: isStopped, tell: tell)
        }
        guard let done else { return .interrupted }
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
        _ arguments: ParsedArguments, _ chosen: ChosenModel, _ size: ClusterSize, out: String
    ) throws -> (SparkTransform, folder: String) {
        if !size.isLocal, let schema = chosen.model.schema, let fault = chosen.model.pipeline.clusterFault(schema) {
            throw CommandError.data("the model uses columns \(fault)")
        }
        let path = try ErrandFiles.path(arguments.positionals.dropFirst())
        var reading: [String: String] = [:]
        for name in ["delimiter", "header"] { reading[name] = arguments.value("--" + name) }
        let folder = try ErrandFiles.folder()
        let errand = SparkErrand(
            settings: try EngineSettings.spark(arguments.environment), size: size, name: "transform",
            logPath: folder + "/spark.log")
        return (
            SparkTransform(
                errand, path: path, reading: reading, model: chosen.folder + "/" + "model.json", out: out,
                program: size.isLocal ? Engine.absolute("/proc/self/exe") : nil), folder
        )
    }
}
