import Cells
import Debugging
import Events
import Experiments
import JSON
import OutputFiles

/// `descent debug profile`: where the time of a run went, and what the machine did meanwhile.
enum DebugProfileCommand {
    static let specification = CommandSpecification(
        words: ["debug", "profile"], summary: "where the time of a run went, what the machine did, and what holds it back",
        details: """
            A run's time is taken down while it trains, in slices of about a second that add up to all of it: its start, waiting for \
            rows, forward, backward, update, judging, checkpoints, recording. Beside it stand how busy each core and graphics \
            processor was, memory, threads and disk. --html writes one page with the timeline, which loads nothing. With --json the last \
            line is of kind profile; --slices prints the slices before it.
            """,
        positionals: [RunArgument.positional],
        options: [
            .init(name: "--html", value: "FILE", help: "a page with the timeline as a picture"),
            .init(name: "--slices", value: nil, help: "with --json, each slice too"),
        ],
        examples: ["descent debug profile @latest", "descent debug profile mlp --html profile.html"],
        run: run)

    private static func run(_ arguments: ParsedArguments) throws -> CommandError.ExitCode {
        let store = try WorkspaceChoice.reading(arguments)
        let run = try store.run(named: arguments.positionals[0])
        let events = try store.events(of: run.record.id, kinds: [.profileRecorded])
        let profile = RunProfile(of: events)
        guard !profile.slices.isEmpty else {
            if arguments.flag("--json") { return .done }
            throw CommandError.failed(
                "nothing is known of where the time of \(run.record.name) went: it was trained by an earlier version, or elsewhere"
            )
        }
        let names = Set(RuleCatalogue.profiler.map { $0.name })
        let rules = try DebugCommands.reports(of: run, store).filter { names.contains($0.name) }
        if let path = arguments.value("--html") {
            let page = ProfilePage(run: run, profile: profile, rules: rules)
            try OutputFile.write(page.html, to: path)
            if !arguments.flag("--json"), path != OutputFile.standardOutput { Console.note("wrote \(path)") }
        }
        if arguments.flag("--json") {
            if arguments.flag("--slices") { for event in events { Console.print(event.json.text) } }
            Console.print(json(profile, rules, of: run).text)
        } else if arguments.value("--html") == nil {
            Console.printRaw(ProfileText(run: run, profile: profile, rules: rules).text)
        }
        return .done
    }

    private static func json(_ profile: RunProfile, _ rules: [RuleReport], of run: RunSummary) -> JSONValue {
        func milliseconds(_ share: Double) -> JSONValue? { profile.durations.quantile(share).map { .number($0 * 1000) } }
        return .object([
            "kind": .string("profile"), "run": .string(run.record.id.text), "seconds": .number(profile.seconds),
            "steps": .integer(profile.stepCount), "stepsPerSecond": profile.stepsPerSecond.map { .number($0) },
            "spent": .object(profile.parts.map { .init($0.part.rawValue, .number($0.seconds)) }),
            "timedSteps": .integer(profile.timedCount),
            "stepMilliseconds": profile.stepCount == 0
                ? nil
                : .object([
                    "p50": milliseconds(0.5), "p95": milliseconds(0.95), "p99": milliseconds(0.99), "max": milliseconds(1),
                ]),
            "slowest": .array(
                profile.slowest.map {
                    .object(["step": .integer($0.step), "ms": .number($0.seconds * 1000), "at": .number($0.offset)])
                }),
            "machine": .object(
                profile.machine.map {
                    .init(
                        $0.name,
                        .object([
                            "unit": .string($0.unit.rawValue), "max": .number($0.maximum), "p99": .number($0.p99),
                            "p95": .number($0.p95), "p50": .number($0.median), "min": .number($0.minimum),
                        ]))
                }),
            "rules": .array(rules.map(\.json)),
        ])
    }
}
