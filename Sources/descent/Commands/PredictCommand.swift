import Events
import Experiments
import JSON
import Learners
import OutputFiles
import Tables
import Training

/// `descent predict`: a run's model on new rows.
enum PredictCommand {
    static let specification = CommandSpecification(
        words: ["predict"], summary: "predict with a run's model: the input rows with columns added",
        details: """
            Adds `prediction`; for two classes also `score`, the probability of the second class; for more classes \
            `score_CLASS` for each. The file needs the columns the model was trained on, in any order; the target is not needed. \
            What stands in the file is kept as it is: rows come in the file's own format, or in the one that the ending of --out \
            names (.csv, .tsv, .jsonl, .ndjson, .json, .parquet, and .gz or .zst behind it). Standard output gets text.
            """,
        positionals: [
            .init(name: "RUN", help: "a run's name, its id, a unique prefix of either, @latest, @best or @best:TARGET"),
            .init(name: "FILE", help: "rows to predict for"),
        ],
        options: [.init(name: "--out", value: "FILE", help: "where to write; - is standard output (default)")],
        examples: ["descent predict @latest sample-data/insurance.csv --out predictions.csv"],
        readsData: true,
        run: { arguments in
            let given = try ModelOnRows(arguments), (run, model, table) = (given.run, given.model, given.table)
            let predictions = try model.predict(table)
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
            if !arguments.flag("--quiet") {
                for warning in model.warnings(for: table) { Console.note(warning.line) }
                let undefined = predictions.map(\.undefinedCount).max() ?? 0
                if undefined > 0 {
                    Console.note("warning: \(undefined) of \(table.rowCount) predictions are not a number: the model diverged")
                }
                if out != OutputFile.standardOutput { Console.note("\(run.record.name): \(table.rowCount) rows to \(out)") }
            }
            if arguments.flag("--json"), out != OutputFile.standardOutput {
                let line = JSONValue.object([
                    "kind": .string("predicted"), "run": .string(run.record.id.text), "rows": .integer(table.rowCount),
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

/// The model of the run that a user names.
enum ModelChoice {
    static func load(_ name: String, workspace: Workspace) throws -> (RunSummary, Model) {
        let run = try RunStore(reading: workspace).run(named: name)
        if run.record.request.isScript {
            let folder = workspace.artifactFolder(of: run.record.id.text) + "/ml/model"
            throw CommandError.usage(
                "\(run.record.name) is a script's run, whose model only the script can read: it is at \(folder)")
        }
        guard let model = try Model.load(fromFolder: workspace.artifactFolder(of: run.record.id.text)) else {
            throw CommandError.usage(
                "\(run.record.name) has no model (\(run.status.rawValue)): wait until it is done, or resume it")
        }
        return (run, model)
    }
}

/// The run's model that a command names first and the rows that it names second, read as the model's were.
struct ModelOnRows {
    let run: RunSummary
    let model: Model
    let table: Table
    let input: DataInput

    /// Says how the rows were read.
    init(_ arguments: ParsedArguments) throws {
        let options = try arguments.readOptions()
        input = try DataInput(arguments.positionals[1])
        let workspace = try WorkspaceChoice.existing(arguments)
        (run, model) = try ModelChoice.load(arguments.positionals[0], workspace: workspace)
        table = try model.read(input.path, options: options)
        arguments.say(table, input)
        arguments.say(model, options)
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
