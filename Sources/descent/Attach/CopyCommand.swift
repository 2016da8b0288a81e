import Cells
import Events
import Experiments
import JSON
import Remotes

/// `descent runs copy`: a run with all that belongs to it, to another workspace or from there.
enum CopyCommand {
    static let specification = CommandSpecification(
        words: ["runs", "copy"], summary: "copy a run with its curves, model and checkpoints to another workspace, or from there",
        details: """
            A place is ssh://[user@]host[:port][/folder], exec:COMMAND or a folder, as for `descent attach`. Nothing is overwritten, and \
            a copy that is interrupted leaves nothing. The copy can be looked at, predicted with, resumed and forked; data files stay \
            where they are.
            """,
        positionals: [RunArgument.positional],
        options: [
            .init(name: "--to", value: "PLACE", help: "copy it there"),
            .init(name: "--from", value: "PLACE", help: "copy it from there into this workspace"),
            AttachCommand.descentOption,
        ],
        examples: [
            "descent runs copy mlp-big --to ssh://gpu1", "descent runs copy @best --from ssh://gpu1/~/ml/.descent",
            "descent runs copy base --to ~/other/.descent",
        ],
        run: { arguments in
            let name = arguments.positionals[0]
            switch (arguments.value("--to"), arguments.value("--from")) {
            case (let to?, nil): return try copy(name, to: to, arguments)
            case (nil, let from?): return try copy(name, from: from, arguments)
            default: throw CommandError.usage("descent runs copy: say where: --to PLACE, or --from PLACE")
            }
        })

    private static func copy(_ name: String, to text: String, _ arguments: ParsedArguments) throws -> CommandError.ExitCode {
        let store = try WorkspaceChoice.reading(arguments)
        let run = try store.run(named: name)
        try checkIsHere(run)
        let place = try AttachCommand.place(text, arguments)
        let connection = try RunCopy.connect(place, isAttended: true)
        defer { connection.close() }
        try RunCopy(progress: progress(run.record.name, arguments)).send(run, of: store, to: connection)
        tell(run, "to", text, arguments)
        return .done
    }

    private static func copy(_ name: String, from text: String, _ arguments: ParsedArguments) throws -> CommandError.ExitCode {
        let place = try AttachCommand.place(text, arguments)
        let connection = try RunCopy.connect(place, isAttended: true)
        defer { connection.close() }
        let workspace = try WorkspaceChoice.open(arguments)
        let run = try RunCopy(progress: progress(name, arguments)).fetch(name, from: connection, to: workspace)
        tell(run, "from", text, arguments)
        return .done
    }

    /// What is only shown of another machine has neither its model nor its checkpoints here.
    private static func checkIsHere(_ run: RunSummary) throws {
        guard let place = run.record.place else { return }
        throw CommandError.usage("\(run.record.name) is only shown here: copy it --from \(place)'s address")
    }

    private static func progress(_ name: String, _ arguments: ParsedArguments) -> (Int, Int) -> Void {
        guard Console.errorIsTerminal, !arguments.flag("--quiet") else { return { _, _ in } }
        return { done, all in
            let share = all > done ? " of \(NumberFormat.bytes(all))" : ""
            Console.showProgress("copying \(name): \(NumberFormat.bytes(done))\(share)")
        }
    }

    private static func tell(_ run: RunSummary, _ way: String, _ place: String, _ arguments: ParsedArguments) {
        if Console.errorIsTerminal, !arguments.flag("--quiet") { Console.showProgress("") }
        if arguments.flag("--json") {
            Console.print(
                JSONValue.object([
                    "kind": .string("runCopied"), "run": .string(run.record.id.text), "name": .string(run.record.name),
                    way: .string(place),
                ]).text)
        } else if !arguments.flag("--quiet") {
            Console.print("copied \(run.record.name) \(way) \(place)")
        }
    }
}
