import Databases
import Events
import Experiments
import Files
import Glibc
import JSON
import Learners
import OutputFiles
import Tables
import Training

/// `descent predict`: a run's model on new rows.
enum PredictCommand {
    static let specification = CommandSpecification(
        words: ["predict"], summary: "predict with a model: the input rows with columns added",
        details: """
            Adds `prediction`; for two classes also `score`, the probability of the second class; for more classes \
            `score_CLASS` for each. The file needs the columns the model was trained on, in any order; the target is not needed. \
            What stands in the file is kept as it is: rows come in the file's own format, or in the one that the ending of --out \
            names (.csv, .tsv, .jsonl, .ndjson, .json, .parquet, and .gz or .zst behind it). Standard output gets text.
            """,
        positionals: [
            .init(name: "MODEL", help: ChosenModel.help),
            .init(name: "FILE", help: "rows to predict for"),
        ],
        options: [.init(name: "--out", value: "FILE", help: "where to write; - is standard output (default)")],
        examples: ["descent predict @latest sample-data/insurance.csv --out predictions.csv"],
        readsData: true,
        run: { arguments in
            let given = try ModelOnRows(arguments), (chosen, model, table) = (given.chosen, given.model, given.table)
            let predictions = try model.predict(table)
            for warning in model.warnings(for: table) { Console.note(warning.line) }
            let undefined = predictions.map(\.undefinedCount).max() ?? 0
            if undefined > 0 {
                Console.note("warning: \(undefined) of \(table.rowCount) predictions are not a number: the model diverged")
            }
            if arguments.flag("--json"), arguments.value("--out") ?? OutputFile.standardOutput == OutputFile.standardOutput {
                for row in 0..<table.rowCount {
                    let members = predictions.map { JSONValue.Member($0.name, json($0, row)) }
                    Console.print(JSONValue.object([.init("row", .integer(row + 1))] + members).text)
                }
                return .done
            }
            let columns = predictions.map(AddedColumn.init)
            let out = arguments.value("--out") ?? OutputFile.standardOutput
            try TableWriter.write(table, adding: columns, to: out)
            if !arguments.flag("--quiet"), out != OutputFile.standardOutput {
                Console.note("\(chosen.name): \(table.rowCount) rows to \(out)")
            }
            if arguments.flag("--json"), out != OutputFile.standardOutput {
                let line = JSONValue.object([
                    "kind": .string("predicted"), "run": .string(chosen.id), "rows": .integer(table.rowCount),
                    "path": .string(out),
                ])
                Console.print(line.text)
            }
            return .done
        })

    private static func json(_ column: OutputColumn, _ row: Int) -> JSONValue {
        switch column.values {
        case .numbers(let numbers): .number(Double(numbers[row]))
        case .doubles(let numbers): .number(numbers[row])
        case .labels(let labels): .string(labels[row])
        }
    }
}

/// A model that a user names: a run's, the average that an AutoML job has made, or a version of one that is kept under a name.
struct ChosenModel {
    /// How one is named.
    static let help =
        "a run's name, its id, a unique prefix of either, @latest, @best, @best:TARGET, an AutoML job, or a kept model's NAME or NAME:VERSION"

    /// The model in a file, as a run's folder has it; nil where a name is no such file.
    init?(file path: String) throws {
        let name = FilePath.name(path), folder = path.contains("/") ? FilePath.folder(path) : "."
        guard name == Model.fileName, path.contains("/"), access(path, R_OK) == 0,
            let model = try Model.load(fromFolder: folder)
        else { return nil }
        let request = JobRequest(datasetPath: "", target: model.target?.column, algorithm: model.algorithm)
        self.init(id: path, name: path, request: request, model: model, folder: folder)
    }

    /// The run's id, the job's, or the version's.
    let id: String
    let name: String
    /// What it was trained with.
    let request: JobRequest
    let model: Model
    /// Where its file is.
    let folder: String
    /// nil for a run's or a job's.
    var version: ModelVersion?

    /// - Throws: `CommandError` of code `usage` where there is none of that name, or no model yet.
    init(_ name: String, workspace: Workspace) throws {
        let store = try RunStore(reading: workspace)
        // A job's whole name is also the beginning of those of its candidates.
        let jobs = try store.automls.all()
        var known: RunSummary?, job = jobs.first { $0.name == name || $0.id == name }
        if job == nil {
            // What is kept under a name comes before runs that only begin so.
            do { known = try store.run(named: name) } catch {
                if let kept = try store.models.version(named: name) {
                    try self.init(kept, workspace)
                    return
                }
                guard error.code == .notFound else { throw error }
                job = try Self.job(name, store, orElse: error)
            }
        }
        if let run = known?.record, run.name != name, run.id.text != name, !name.hasPrefix("@"),
            let kept = try store.models.version(named: name)
        {
            try self.init(kept, workspace)
            return
        }
        if let job {
            guard let model = try Model.load(fromFolder: workspace.artifactFolder(of: job.id)) else {
                throw CommandError.usage(
                    "\(job.name) has no model yet (\(job.status.rawValue)): its first candidate has not ended")
            }
            self.init(
                id: job.id, name: job.name, request: job.request.job, model: model, folder: workspace.artifactFolder(of: job.id))
            return
        }
        guard let run = known else { preconditionFailure("neither a run nor a job is called \(name)") }
        let folder = workspace.artifactFolder(of: run.record.id.text)
        if run.record.request.isScript {
            throw CommandError.usage(
                "\(run.record.name) is a script's run, whose model only the script can read: it is at \(folder)/ml/model")
        }
        guard let model = try Model.load(fromFolder: folder) else {
            guard run.status != .completed else {
                throw CommandError.data(
                    "\(run.record.name)'s model is gone from \(folder): bring model.json back from a copy, or train again")
            }
            throw CommandError.usage(
                "\(run.record.name) has no model (\(run.status.rawValue)): wait until it is done, or resume it")
        }
        self.init(
            id: run.record.id.text, name: run.record.name, request: run.record.request, model: model, folder: folder)
    }

    private init(_ version: ModelVersion, _ workspace: Workspace) throws {
        let folder = workspace.modelFolder(of: version)
        if let reason = version.loadedElsewhere { throw CommandError.usage(reason) }
        guard let model = try Model.load(fromFolder: folder) else {
            throw CommandError.failed("the file of \(version.title) is gone: delete the version, and register its run again")
        }
        self.init(id: version.id, name: version.title, request: version.request, model: model, folder: folder)
        self.version = version
    }

    private init(id: String, name: String, request: JobRequest, model: Model, folder: String) {
        (self.id, self.name, self.request, self.model, self.folder) = (id, name, request, model, folder)
    }

    /// What is neither is more likely a run with a misspelt name.
    private static func job(
        _ name: String, _ store: RunStore, orElse missing: StoreError
    ) throws(StoreError) -> AutoMLRecord {
        do { return try store.automls.automl(named: name) } catch {
            throw error.code == .ambiguous ? error : missing
        }
    }
}

/// The model that a command names first and the rows that it names second, read as the model's were.
struct ModelOnRows {
    let chosen: ChosenModel
    var model: Model { chosen.model }
    let table: Table
    let input: DataInput

    /// Says how the rows were read.
    ///
    /// - Parameter prepared: whether the columns are those that the model learned from, where its pipeline makes others of the file's.
    init(_ arguments: ParsedArguments, prepared: Bool = false) throws {
        let options = try arguments.readOptions()
        input = try DataInput(arguments.positionals[1])
        let name = arguments.positionals[0]
        chosen =
            try ChosenModel(file: name) ?? ChosenModel(name, workspace: try WorkspaceChoice.existing(arguments))
        let read = try chosen.model.read(input.path, options: options)
        table = prepared ? try chosen.model.prepared(read) : read
        arguments.say(table, input)
        arguments.say(chosen.model, options)
    }
}

extension AddedColumn {
    /// A column of predictions.
    fileprivate init(_ column: OutputColumn) {
        switch column.values {
        case .numbers(let numbers): self.init(name: column.name, values: .numbers(numbers))
        case .doubles(let numbers): self.init(name: column.name, values: .doubles(numbers))
        case .labels(let labels): self.init(name: column.name, values: .texts(labels))
        }
    }
}

extension OutputColumn {
    /// Rows whose value is NaN.
    fileprivate var undefinedCount: Int {
        switch values {
        case .numbers(let numbers): numbers.count(where: \.isNaN)
        case .doubles(let numbers): numbers.count(where: \.isNaN)
        case .labels: 0
        }
    }
}
