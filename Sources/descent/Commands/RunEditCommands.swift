import Events
import Experiments

/// `descent runs rename|tag|note|archive|unarchive`: what the user says about runs.
enum RunEditCommands {
    private static let manyRuns = PositionalSpecification(name: "RUN", help: RunArgument.positional.help, isRepeatable: true)

    static let rename = CommandSpecification(
        words: ["runs", "rename"], summary: "give a run another name",
        positionals: [RunArgument.positional, .init(name: "NAME", help: "the new name, which no other run may have")],
        examples: ["descent runs rename @latest baseline"],
        run: { arguments in
            let name = arguments.positionals[1]
            if let problem = RunEdit.problem(withName: name) { throw CommandError.usage(problem) }
            return try edit(arguments, [arguments.positionals[0]], "renamed") { RunEdit(name: name) }
        })

    static let tag = CommandSpecification(
        words: ["runs", "tag"], summary: "add tags to a run, or take them away",
        positionals: [
            RunArgument.positional,
            .init(name: "TAG", help: "a tag to add; after -- or with --remove, to take away", isRepeatable: true),
        ],
        options: [.init(name: "--remove", value: nil, help: "take the tags away instead")],
        examples: ["descent runs tag @best baseline paper", "descent runs tag adam-2 --remove paper"],
        run: { arguments in
            let sign = arguments.flag("--remove") ? "-" : ""
            let words = arguments.positionals.dropFirst().map { sign + $0 }.joined(separator: " ")
            return try edit(arguments, [arguments.positionals[0]], "tagged") { RunEdit(tagWords: words) }
        })

    static let note = CommandSpecification(
        words: ["runs", "note"], summary: "write a note on a run, in place of the one it has",
        positionals: [RunArgument.positional, .init(name: "TEXT", help: "the note; empty takes it away", isRepeatable: true)],
        examples: ["descent runs note @latest 'lower learning rate helps'"],
        run: { arguments in
            let text = arguments.positionals.dropFirst().joined(separator: " ")
            return try edit(arguments, [arguments.positionals[0]], "noted") { RunEdit(note: text) }
        })

    static let archive = CommandSpecification(
        words: ["runs", "archive"], summary: "hide runs from lists; they keep all they have", positionals: [manyRuns],
        examples: ["descent runs archive adam-1 adam-2", "descent runs list --archived"],
        run: { try edit($0, $0.positionals, "archived") { RunEdit(isArchived: true) } })

    static let unarchive = CommandSpecification(
        words: ["runs", "unarchive"], summary: "show archived runs in lists again", positionals: [manyRuns],
        run: { try edit($0, $0.positionals, "unarchived") { RunEdit(isArchived: false) } })

    private static func edit(
        _ arguments: ParsedArguments, _ names: [String], _ word: String, _ make: () -> RunEdit
    ) throws -> CommandError.ExitCode {
        let store = try RunStore(try WorkspaceChoice.existing(arguments))
        // All names are looked up before anything changes.
        for run in try names.map({ try store.run(named: $0) }) {
            let edited = try store.apply(.run(.edited(make())), to: run.record.id)
            if arguments.flag("--json") {
                Console.print(RunText.json(edited).text)
            } else if !arguments.flag("--quiet") {
                let tags = word == "tagged" ? ": " + (edited.tags.isEmpty ? "no tags" : edited.tags.joined(separator: " ")) : ""
                Console.note("\(word) \(run.record.name)\(word == "renamed" ? " to \(edited.record.name)" : tags)")
            }
        }
        return .done
    }
}
