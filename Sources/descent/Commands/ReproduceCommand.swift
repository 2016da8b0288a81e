import Cells
import Events
import Experiments
import JSON
import Studio

/// `descent runs reproduce`: does a run again and says whether it is the same.
enum ReproduceCommand {
    static let specification = CommandSpecification(
        words: ["runs", "reproduce"],
        summary: "run a run again from what was captured, and say whether it is the same to the bit",
        details: """
            Says first what stands in the way: data that is gone or has changed, another version, a missing library. Steering \
            is done again at the same steps, a run that was stopped is stopped at the same step, a fork begins at its \
            checkpoint. Ends with 0 when curves and model are the same to the bit, with 1 when they are not, and with 3 when the run \
            cannot be done again as it was.
            """,
        positionals: [RunArgument.positional],
        options: [
            .init(name: "--check", value: nil, help: "only say what stands in the way"),
            .init(name: "--anyway", value: nil, help: "run it although the result cannot be the same"),
        ] + QueueArguments.options,
        examples: ["descent runs reproduce @best", "descent runs reproduce adam --check"],
        run: run)

    private static func run(_ arguments: ParsedArguments) throws -> CommandError.ExitCode {
        let engine = try Engine(workspace: try WorkspaceChoice.existing(arguments))
        defer { engine.close() }
        let original = try engine.store.run(named: arguments.positionals[0])
        let reproduction = try Reproduction(of: original, store: engine.store), outlook = reproduction.outlook
        let name = original.record.name
        if arguments.flag("--json") {
            Console.print(json(outlook).text)
        } else if !arguments.flag("--quiet") {
            for text in outlook.obstacles { Console.note("cannot be run: \(text)") }
            for text in outlook.differences { Console.note("will differ: \(text)") }
            for text in outlook.notes { Console.note("note: \(text)") }
        }
        if let first = outlook.obstacles.first { throw CommandError.data("\(name) cannot be reproduced: \(first)") }
        if arguments.flag("--check") {
            if outlook.differences.isEmpty, !arguments.flag("--json") {
                Console.print("nothing stands in the way of \(name)")
            }
            return outlook.differences.isEmpty ? .done : .failed
        }
        if let first = outlook.differences.first, !arguments.flag("--anyway") {
            throw CommandError.data("\(name) would not come out the same: \(first): run it with --anyway")
        }
        var again: RunID?
        let code = try ForegroundJob(engine: engine, arguments: arguments).run {
            let record = try reproduction.start(on: engine)
            again = record.id
            return record.id
        }
        guard code == .done, let again, !QueueArguments.isGiven(arguments) else { return code }
        // The engine compares the two by itself; with --json that event was printed like every other one.
        let found = try engine.store.events(of: again, kinds: [.runReproduced]).last
        guard case .run(.reproduced(let result))? = found?.kind else {
            throw CommandError.failed("\(name) was not run to its end again: there is nothing to compare")
        }
        if !arguments.flag("--json") { Console.print(result.text(of: name)) }
        return result.isSame ? .done : .failed
    }

    private static func json(_ outlook: ReproductionOutlook) -> JSONValue {
        let texts = { (texts: [String]) in JSONValue.array(texts.map { .string($0) }) }
        return .object([
            "kind": .string("reproductionChecked"), "run": .string(outlook.run.text),
            "obstacles": texts(outlook.obstacles), "differences": texts(outlook.differences), "notes": texts(outlook.notes),
        ])
    }
}
