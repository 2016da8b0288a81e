import CheckedNumbers
import Experiments
import Files
import Inference
import JSON
import Training

/// `descent transform`: a model over whole files.
enum TransformCommand {
    static let specification = CommandSpecification(
        words: ["transform"], summary: "predict for whole files and folders, as SageMaker's batch transform does",
        details: """
            Each input becomes DIR/INPUT.out with an answer a record, in the input's order and in the shape of the algorithm's \
            container (for the input rows with columns added, see `descent predict`). Inputs are CSV, JSON, JSON Lines, libsvm or \
            RecordIO with protobuf records, by their endings or --content-type; a first line of names in CSV is understood and is \
            no record. Files are read piece by piece, so that they may be larger than memory.

            What is finished is not done again: the same command goes on where it was stopped or killed. A file with a record that \
            cannot be answered has no output, and its line is named; other files go on.

            A filter is a path as $[1:], $[0,-1] or $.name: --input-filter says what of a record the model gets, --join input puts \
            each record beside its answer (values of CSV behind its own, `SageMakerOutput` in JSON), --output-filter says what of \
            that is written.
            """,
        positionals: [
            .init(name: "MODEL", help: ChosenModel.help),
            .init(name: "INPUT", help: "a file, or a folder with all that is in it", isRepeatable: true),
        ],
        options: [
            .init(name: "--out", value: "DIR", help: "where outputs go"),
            .init(
                name: "--split", value: "HOW",
                help: "line: a record a line, in requests of many; none (default): a file a request"),
            .init(name: "--join", value: "input", help: "write each record beside its answer"),
            .init(name: "--input-filter", value: "EXPR", help: "what of each record the model gets"),
            .init(name: "--output-filter", value: "EXPR", help: "what is written of each answer, or of what it is joined to"),
            .init(name: "--max-payload", value: "MB", help: "megabytes of a request, 1 to 100 (default: 6)"),
            .init(name: "--max-concurrent", value: "N", help: "requests at once (default: 1); times --max-payload at most 100"),
            .init(name: "--content-type", value: "TYPE", help: "what all inputs are, such as text/csv"),
            .init(name: "--accept", value: "TYPE", help: "what answers are to be, such as application/jsonlines"),
        ] + SparkTransformCommand.options,
        examples: [
            "descent transform @latest new-rows/ --out scores --split line",
            "descent transform @latest rows/ --engine spark --out scores",
            "descent transform churn:2 rows.csv --out scores --split line --join input --output-filter '$[0,-1]'",
        ],
        run: { arguments in
            if arguments.value("--engine") != nil { return try SparkTransformCommand.run(arguments) }
            let wish = try TransformWish(arguments)
            let workspace = try WorkspaceChoice.existing(arguments)
            let chosen = try ChosenModel(arguments.positionals[0], workspace: workspace)
            let model = LoadedModel(chosen.model, payloadLimit: wish.payload + (1 << 20))
            let batch = BatchTransform(
                model, steps: wish.steps, identity: wish.identity(of: chosen, workspace), splitsLines: wish.splitsLines,
                payload: wish.payload, concurrency: wish.concurrency)
            let watch = InterruptWatch { _ in }
            let showsProgress = showsProgress(arguments)
            let outcome: BatchTransform.Outcome
            do throws(TransformError) {
                outcome = try batch.run(
                    wish.inputs, into: wish.folder, isStopped: { watch.wasInterrupted },
                    progress: { input, records in
                        if showsProgress { Console.showProgress("\(input.path): \(records) records") }
                    })
            } catch { throw error.code == .usage ? CommandError.usage(error.description) : .failed(error.description) }
            return try tell(outcome, wish, chosen, arguments)
        })

    private static func showsProgress(_ arguments: ParsedArguments) -> Bool {
        !arguments.flag("--quiet") && !arguments.flag("--json") && Console.errorIsTerminal
    }

    private static func tell(
        _ outcome: BatchTransform.Outcome, _ wish: TransformWish, _ chosen: ChosenModel, _ arguments: ParsedArguments
    ) throws -> CommandError.ExitCode {
        let note = showsProgress(arguments) ? Console.noteOverProgress : Console.note
        for warning in outcome.warnings { note("warning: \(warning)") }
        if !arguments.flag("--quiet") {
            let kept = outcome.keptRecordCount > 0 ? ", \(outcome.keptRecordCount) of them done before" : ""
            note(
                "\(chosen.name): \(outcome.recordCount) records of \(outcome.fileCount) file\(outcome.fileCount == 1 ? "" : "s") to \(wish.folder)\(kept)"
            )
        }
        for failure in outcome.failures.dropLast() { Console.note("descent: \(failure.description)") }
        let status = outcome.isStopped ? "Stopped" : outcome.failures.isEmpty ? "Completed" : "Failed"
        if arguments.flag("--json") {
            for failure in outcome.failures {
                let line = JSONValue.object([
                    "kind": .string("transformFailed"), "file": .string(failure.path), "line": failure.line.map { .integer($0) },
                    "message": .string(failure.message),
                ])
                Console.print(line.text)
            }
            let line = JSONValue.object([
                "kind": .string("transformFinished"), "status": .string(status), "model": .string(chosen.name),
                "records": .integer(outcome.recordCount), "files": .integer(outcome.fileCount),
                "failed": .integer(outcome.failures.count), "kept": .integer(outcome.keptRecordCount),
                "output": .string(wish.folder),
            ])
            Console.print(line.text)
        }
        if outcome.isStopped { return .interrupted }
        if let failure = outcome.failures.last { throw CommandError.data(failure.description) }
        return .done
    }
}

/// What somebody wants of a batch transform.
struct TransformWish {
    let folder: String
    let inputs: [BatchTransform.Input]
    let steps: TransformSteps
    let splitsLines: Bool
    /// Bytes of a request, and requests at once.
    let payload: Int, concurrency: Int
    private let words: String

    /// Megabytes of all requests at once at most, as SageMaker has it.
    private static let mostMegabytes = 100.0

    init(_ arguments: ParsedArguments) throws {
        guard let out = arguments.value("--out") else { throw CommandError.usage("--out is missing: say where outputs go") }
        folder = out
        let split = arguments.value("--split") ?? "none"
        guard split == "line" || split == "none" else { throw CommandError.usage("--split is '\(split)': give line or none") }
        splitsLines = split == "line"
        let megabytes = try arguments.number("--max-payload", in: 1...Self.mostMegabytes) ?? 6
        let count = try arguments.number("--max-concurrent", in: 1...Self.mostMegabytes) ?? 1
        guard let concurrency = Int(exactly: count) else {
            throw CommandError.usage("--max-concurrent is no whole number: give one")
        }
        guard megabytes * count <= Self.mostMegabytes else {
            throw CommandError.usage("--max-payload times --max-concurrent is over 100 MB: give less of either")
        }
        (payload, self.concurrency) = (Int(nearestWithin: megabytes * 1_048_576), concurrency)
        var said: TransformSteps.Kind?
        if let type = arguments.value("--content-type") {
            guard let kind = TransformSteps.Kind(contentType: type) else {
                throw CommandError.usage(
                    "--content-type is '\(type)': give \(TransformSteps.Kind.allCases.map(\.contentType).joined(separator: ", "))"
                )
            }
            said = kind
        }
        var steps = TransformSteps(contentType: said?.contentType ?? "text/csv")
        steps.accept = arguments.value("--accept")
        if let join = arguments.value("--join") {
            guard join.lowercased() == "input" || join.lowercased() == "none" else {
                throw CommandError.usage("--join is '\(join)': give input")
            }
            steps.joinsInput = join.lowercased() == "input"
        }
        do throws(InvocationError) {
            steps.inputFilter = try arguments.value("--input-filter").map { text throws(InvocationError) in try RecordFilter(text)
            }
            steps.outputFilter = try arguments.value("--output-filter").map { text throws(InvocationError) in
                try RecordFilter(text)
            }
        } catch { throw CommandError.usage(error.message) }
        self.steps = steps
        words = [split, "\(steps.joinsInput)", steps.inputFilter?.text ?? "", steps.outputFilter?.text ?? "", steps.accept ?? ""]
            .joined(separator: "|")
        inputs = try TransformInputs.find(Array(arguments.positionals.dropFirst()), said, outputs: out)
    }

    /// What tells an output from one of another model or of other options.
    func identity(of chosen: ChosenModel, _ workspace: Workspace) -> String {
        let stamp = FileStamp(chosen.folder + "/" + Model.fileName)
        return "\(chosen.id) \(stamp?.size ?? 0) \(stamp?.modified ?? 0) \(words)"
    }
}
