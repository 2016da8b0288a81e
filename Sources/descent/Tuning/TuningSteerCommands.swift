import Clocks
import Events
import Experiments
import Glibc

/// `descent tune set|add|pause`: what is asked of a tuning job while it runs, in whatever process, or for when it goes on.
enum TuningSteerCommands {
    static let set = CommandSpecification(
        words: ["tune", "set"], summary: "change limits, ranges or the objective of a tuning job, also while it runs",
        details: """
            What the trials so far tell is used where it still means something: those outside of new ranges, or whose runs did not \
            measure a new objective, tell the search nothing any more. --range also searches what was held, and --set holds what \
            was searched. `none` takes a limit away.
            """, positionals: [TuningCommands.named],
        options: OptionSpecification.tuningLimits + [
            .init(name: "--range", value: "NAME=SPEC", help: "what is searched otherwise, or besides", isRepeatable: true),
            .init(name: "--set", value: "NAME=VALUE", help: "what is not searched any more", isRepeatable: true),
            .init(name: "--objective", value: "METRIC", help: "what trials are compared by"),
        ],
        examples: ["descent tune set @latest --max-jobs 60", "descent tune set @latest --range eta=log:0.05:0.3"],
        run: { arguments in
            var change = TuningChange(ranges: arguments.values("--range"), objective: arguments.value("--objective"))
            for limit in TuningLimit.allCases { change.limits[limit.rawValue] = arguments.value("--" + limit.rawValue) }
            change.held = try settings(arguments)
            guard !change.isEmpty else { throw CommandError.usage("descent tune set: say what is to be different") }
            return try ask(.change(change), arguments) { record in
                let known = try TuningSetup(record.request, record.objective).advice
                let advice = try TuningSetup.changed(record, change, earlier: []).2.advice
                TuningCommands.advise(advice.filter { !known.contains($0) }, arguments)
            }
        })

    static let add = CommandSpecification(
        words: ["tune", "add"], summary: "try a configuration of your own in a tuning job, also while it runs",
        details: "It is a trial like the others: the search learns from it. It is tried also where --max-jobs is reached.",
        positionals: [TuningCommands.named],
        options: [.init(name: "--set", value: "NAME=VALUE", help: "a value of what is searched", isRepeatable: true)],
        examples: ["descent tune add @latest --set eta=0.1 --set max_depth=4"],
        run: { arguments in
            let values = try settings(arguments)
            return try ask(.add(values), arguments) { record in
                let setup = try TuningSetup(record.request, record.objective)
                _ = try TuningSetup.point(of: values, in: setup.search.space)
            }
        })

    static let pause = CommandSpecification(
        words: ["tune", "pause"], summary: "let a tuning job begin no new trials; those that run go on",
        details: "`descent tune resume` lets it go on.", positionals: [TuningCommands.named],
        examples: ["descent tune pause @latest"],
        run: { arguments in
            try ask(.pause, arguments) { record in
                if record.status.isFinal { throw CommandError.failed("\(record.name) does not run") }
            }
        })

    /// Has a job do something, and waits until its process has taken it in.
    /// - Parameter check: throws where it cannot be done.
    static func ask(
        _ control: TuningControl, _ arguments: ParsedArguments, check: (TuningRecord) throws -> Void
    ) throws -> CommandError.ExitCode {
        let store = try RunStore(try WorkspaceChoice.existing(arguments)).tunings
        let record = try store.tuning(named: arguments.positionals[0])
        try check(record)
        try store.ask(control, of: record.id)
        guard try store.isCarriedOut(record.id) else {
            let isQueued = record.status == .pending
            let whom = isQueued ? "waits for the host" : "waits for `descent tune resume \(record.name)`"
            return try tell(record.id, whom, store, arguments)
        }
        // Its process looks twice a second.
        let limit = SteadyClock.seconds() + 20
        while try !store.controls(of: record.id).isEmpty {
            guard SteadyClock.seconds() < limit else {
                throw CommandError.failed("\(record.name) was asked and has not done so in 20 seconds")
            }
            usleep(50_000)
        }
        return try tell(record.id, "done", store, arguments)
    }

    private static func tell(
        _ tuning: String, _ text: String, _ store: TuningStore, _ arguments: ParsedArguments
    ) throws -> CommandError.ExitCode {
        let record = try store.tuning(named: tuning), trials = try store.trials(of: record.id)
        if arguments.flag("--json") {
            Console.print(TuningCommands.json(record, trials).text)
        } else {
            Console.print("\(text)  \(TuningText.outcome(TuningCommands.result(record, trials)))")
        }
        return .done
    }

    private static func settings(_ arguments: ParsedArguments) throws(CommandError) -> [String: String] {
        var settings: [String: String] = [:]
        for word in arguments.values("--set") {
            let name = TuningChange.name(of: word)
            guard !name.isEmpty, name.count + 1 < word.count else { throw .usage("--set '\(word)': write NAME=VALUE") }
            settings[name] = String(word.dropFirst(name.count + 1))
        }
        return settings
    }
}

extension OptionSpecification {
    /// When a tuning job ends, and how much it does at once.
    static let tuningLimits: [OptionSpecification] = [
        .init(name: "--max-jobs", value: "N", help: "trials at most, those that were included"),
        .init(name: "--max-parallel-jobs", value: "N", help: "trials at the same time"),
        .init(name: "--max-runtime", value: "SECONDS", help: "end so long after it began, its pauses not counted"),
        .init(name: "--target-value", value: "X", help: "end once the objective is as good as X"),
        .init(name: "--no-improvement", value: "N", help: "end after N trials in a row that improve nothing by 1 %"),
    ]
}
