import Cells
import Events
import Files
import JSON
import OutputFiles
import PipelineSteps
import Preparing
import PrintableText
import Tables
import Training

/// `descent data prepare`: a pipeline of steps, shown, learned and applied.
enum PrepareCommand {
    static let specification = CommandSpecification(
        words: ["data", "prepare"], summary: "prepare a data file by a pipeline of steps, and show what each step does",
        details: """
            A pipeline is a file of steps: {"steps": [{"step": "impute", "columns": ["age"], "how": "median"}, {"step": "scale"}]}. \
            What steps learn (means, quantiles, categories, …) they learn on the rows that are learned from: those that a split leaves, that a \
            filter lets through, that have a target. --fitted keeps that; with --fitted alone the same is done to another file, and no row \
            of it is left out. `descent train --pipeline` does all of it and keeps it with the model. From CSV to CSV, cells that no step \
            changes stay as they are written.

            \(steps)
            """,
        positionals: [.init(name: "FILE", help: DataFile.formats)],
        options: [
            .init(name: "--pipeline", value: "FILE", help: "the steps, as JSON"),
            .init(
                name: "--out", value: "FILE", help: "write the prepared rows: .csv, .tsv, .jsonl, .json or .parquet, also packed"),
            .init(
                name: "--held-out", value: "FILE", help: "where the pipeline has a split: write the rows that it holds out"),
            .init(
                name: "--fitted", value: "FILE",
                help: "keep what the steps learned; without --pipeline: do to FILE what a kept pipeline says"),
            .init(name: "--target", value: "COL", help: "the column to predict (default: what a step says)"),
            .init(name: "--show", value: nil, help: "print each step with its columns before and after"), .force,
        ],
        examples: [
            "descent data prepare sample-data/insurance.csv --pipeline steps.json --show",
            "descent data prepare train.csv --pipeline steps.json --out ready.parquet --fitted fitted.json",
            "descent data prepare new.csv --fitted fitted.json --out new-ready.parquet",
        ],
        readsData: true,
        run: run)

    /// The steps there are, for the help.
    private static var steps: String {
        "Steps: "
            + StepKind.allCases.map { kind in
                let parameters = kind.parameters.map { $0.isRequired ? $0.name : "[\($0.name)]" }.joined(separator: " ")
                return parameters.isEmpty
                    ? "\(kind.rawValue) (\(kind.summary))" : "\(kind.rawValue) \(parameters) (\(kind.summary))"
            }.joined(separator: "; ") + "."
    }

    private static func run(_ arguments: ParsedArguments) throws -> CommandError.ExitCode {
        let isLearned = arguments.value("--pipeline") != nil
        guard isLearned || arguments.value("--fitted") != nil else {
            throw CommandError.usage("there are no steps: give --pipeline FILE, or --fitted FILE with what a pipeline learned")
        }
        guard arguments.flag("--show") || arguments.value("--out") != nil || isLearned && arguments.value("--fitted") != nil
        else {
            throw CommandError.usage("there is nothing to do: --show prints what each step does, --out FILE writes the rows")
        }
        let input = try DataInput(arguments.positionals[0])
        try check(arguments, input)
        let options = try arguments.readOptions()
        if isLearned {
            let table = try Table(contentsOf: input.path, options: options)
            arguments.say(table, input)
            return try learn(table, arguments)
        }
        let fitted = try kept(arguments)
        // As the file was read that it was learned on: nothing is guessed again.
        let table = try Table(contentsOf: input.path, options: options.taking(fitted.reading).options, schema: fitted.schema)
        arguments.say(table, input)
        return try apply(fitted, to: table, arguments)
    }

    /// No file is written over that is read here, or that nobody said may go.
    private static func check(_ arguments: ParsedArguments, _ input: DataInput) throws(CommandError) {
        let isLearned = arguments.value("--pipeline") != nil
        let inputs = [input.path, arguments.value("--pipeline"), isLearned ? nil : arguments.value("--fitted")].compactMap { $0 }
        let outputs = [arguments.value("--out"), arguments.value("--held-out"), isLearned ? arguments.value("--fitted") : nil]
            .compactMap { $0 }.filter { $0 != OutputFile.standardOutput }
        guard Set(outputs).count == outputs.count else { throw .usage("two results have the same name: give each a file") }
        let read = Set(inputs.compactMap { FileStamp($0)?.inode })
        for output in outputs {
            guard let stamp = FileStamp(output) else { continue }
            if read.contains(stamp.inode) { throw .data("\(output.printable) is read here: write to another file") }
            try WrittenFiles.check(output, arguments)
        }
    }

    private static func learn(_ table: Table, _ arguments: ParsedArguments) throws -> CommandError.ExitCode {
        var request = JobRequest(
            datasetPath: table.path, target: arguments.value("--target"), algorithm: "linear-learner", validationSplit: 0,
            seed: try arguments.seed())
        request.pipeline = arguments.value("--pipeline")
        try PipelineFile.resolve(&request)
        let pipeline = try DataPipeline(parsing: request.pipeline ?? "")
        let rows = try PipelineRows(table, request)
        if !rows.heldOut.isEmpty, arguments.value("--out") != nil, arguments.value("--held-out") == nil {
            throw CommandError.usage(
                "the pipeline holds \(rows.heldOut.count) rows out: say where they go with --held-out FILE, or take its split out"
            )
        }
        if arguments.value("--held-out") != nil, rows.heldOut.isEmpty {
            throw CommandError.usage("--held-out: the pipeline holds no rows out: add a step split, or leave it out")
        }
        let (preview, fit, fault) = PipelinePreviewing.preview(
            pipeline, table, rows: rows.training, heldOut: rows.heldOut.count, roles: rows.roles)
        if arguments.flag("--show") {
            if arguments.flag("--json") {
                for step in preview.steps { Console.print(step.json.text) }
            } else {
                Console.printRaw(PreviewText.text(preview))
            }
        }
        guard let fit else { throw fault.map { CommandError($0) } ?? CommandError.failed("the pipeline came to no end") }
        for warning in rows.warnings where !warning.isNotice || !arguments.flag("--quiet") { Console.note(warning.line) }
        if !arguments.flag("--show") { for doubt in fit.doubts { Console.note("warning: \(doubt.printable)") } }
        table.noteRounding()
        if let path = arguments.value("--fitted") {
            var fitted = fit.fitted
            (fitted.schema, fitted.reading) = (table.schema, try arguments.reading())
            try write(fitted, to: path, arguments)
        }
        if let out = arguments.value("--out") {
            try write(try fit.learned, of: table, fit.rows, fit.fitted, to: out, part: "train", arguments)
            if fit.fitted.classWeights != nil {
                Console.note(
                    "warning: \(ClassWeights.columnName) says what each row counts: train with --weight \(ClassWeights.columnName), else it "
                        + "is learned from as a column, and tells the target")
            }
        }
        if let out = arguments.value("--held-out") {
            try write(
                fit.table.selecting(rows: rows.heldOut), of: table, rows.heldOut, fit.fitted, to: out, part: "held-out", arguments
            )
        }
        return .done
    }

    private static func kept(_ arguments: ParsedArguments) throws -> FittedPipeline {
        guard !arguments.flag("--held-out"), !arguments.flag("--target") else {
            throw CommandError.usage(
                "--fitted alone does what a pipeline learned, to every row: leave --target and --held-out out")
        }
        let path = arguments.value("--fitted") ?? ""
        guard let bytes = FileContents.bytes(path) else {
            throw CommandError.data("\(path.printable): there is no such file: name what --fitted kept")
        }
        return try FittedPipeline(fileBytes: bytes, path: path)
    }

    private static func apply(
        _ fitted: FittedPipeline, to table: Table, _ arguments: ParsedArguments
    ) throws -> CommandError.ExitCode {
        let made = try fitted.apply(to: table)
        if arguments.flag("--show") {
            for (index, step) in fitted.pipeline.steps.enumerated() {
                if arguments.flag("--json") {
                    Console.print(step.json.adding([.init("number", .integer(index + 1))]).text)
                } else {
                    Console.print("\(index + 1)  \(step.words)")
                }
            }
        }
        for warning in made.warnings.dropFirst(table.warnings.count) { Console.note(DataWarning(warning).line) }
        table.noteRounding()
        if let out = arguments.value("--out") {
            try write(made, of: table, Array(0..<table.rowCount), fitted, to: out, part: "all", arguments)
        }
        return .done
    }

    private static func write(
        _ table: Table, of source: Table, _ rows: [Int], _ fitted: FittedPipeline, to path: String, part: String,
        _ arguments: ParsedArguments
    ) throws {
        let kept = try WrittenCells.keeping(
            table, of: source, rows: rows, origins: fitted.origins, to: path, options: try arguments.readOptions())
        try TableWriter.write(columnsOf: kept, to: path)
        guard path != OutputFile.standardOutput else { return }
        if arguments.flag("--json") {
            let line = JSONValue.object([
                "kind": .string("dataPrepared"), "part": .string(part), "path": .string(path), "rows": .integer(table.rowCount),
                "columns": .array(table.columns.map { .string($0.name) }),
            ])
            Console.print(line.text)
        } else if !arguments.flag("--quiet") {
            Console.note("\(path)  \(NumberFormat.grouped(table.rowCount)) rows × \(table.columns.count) columns")
        }
    }

    private static func write(_ fitted: FittedPipeline, to path: String, _ arguments: ParsedArguments) throws {
        try OutputFile.write(String(decoding: try fitted.fileBytes(), as: UTF8.self), to: path)
        guard path != OutputFile.standardOutput else { return }
        if arguments.flag("--json") {
            let line = JSONValue.object([
                "kind": .string("pipelineFitted"), "path": .string(path), "steps": .integer(fitted.pipeline.steps.count),
            ])
            Console.print(line.text)
        } else if !arguments.flag("--quiet") {
            Console.note("\(path)  \(fitted.pipeline.words)")
        }
    }
}

extension FittedPipeline.Fit {
    /// The rows that are learned from, and what each counts where a step says so.
    var learned: Table {
        get throws(CommandError) {
            let rows = table.selecting(rows: rows), name = ClassWeights.columnName
            guard let weights = fitted.classWeights else { return rows }
            guard rows.column(named: name) == nil else {
                throw .data("there is a column '\(name)' already, which what rows count would be called: rename it by a step")
            }
            let column = Column(name: name, kind: .numeric, storage: .numbers(weights.weights(of: table, rows: self.rows)))
            return rows.replacing(columns: rows.columns + [column])
        }
    }
}

extension Table {
    /// Says which whole numbers a double cannot hold exactly: they are their neighbours, whatever is done with them.
    ///
    /// - Parameter prefix: what stands before a column's name.
    func noteRounding(_ prefix: String = "") {
        for column in columns where column.kind == .integer {
            guard let numbers = column.numbers, numbers.contains(where: { abs($0) >= 0x1p53 }) else { continue }
            Console.note(
                "\(prefix)\(column.name.printable) has whole numbers from 2^53 on, which are rounded: --type \(column.name.shellWord)=text keeps them"
            )
        }
    }
}
