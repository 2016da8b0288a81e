import CheckedNumbers
import Clocks
import Events
import Experiments
import Hosting

/// The options by which a job is given to the host instead of being trained in the foreground.
enum QueueArguments {
    static let options: [OptionSpecification] = [
        .init(name: "--detach", value: nil, help: "give it to the host, which outlives this terminal, and return at once"),
        .init(
            name: "--after", value: "RUN",
            help: "start it when this run or tuning job has ended (and --detach); more than one: when all have",
            isRepeatable: true),
        .init(name: "--if-completed", value: nil, help: "with --after: only if these completed; else it is stopped"),
        .init(name: time, value: "TIME", help: "start it then (and --detach): \(StartTime.forms)"),
        .init(name: "--priority", value: "N", help: "its priority in the host's queue, -100 to 100 (default: 0; higher first)"),
        .init(name: "--hold", value: nil, help: "keep it in the queue until `descent queue release` (and --detach)"),
    ]

    /// The option that says when; a command may have another one of that name.
    static let time = "--at"

    /// Whether the host is to train.
    static func isGiven(_ arguments: ParsedArguments, takesTime: Bool = true) -> Bool {
        ["--detach", "--after", "--hold"].contains { arguments.flag($0) } || takesTime && arguments.flag(time)
    }

    /// Whether something is said of when and in which order, beside that the host is to train.
    static func asksForMoreThanTheHost(_ arguments: ParsedArguments) -> Bool {
        ["--after", "--if-completed", time, "--priority", "--hold"].contains { arguments.flag($0) }
    }

    /// - Throws: `HostError` where none comes up.
    static func startHost(_ workspace: String, _ arguments: ParsedArguments) throws(HostError) {
        try HostLink(workspace).start(program: Engine.absolute("/proc/self/exe"), environment: arguments.environment) {
            Console.note("waiting for the host that is being stopped …")
        }
    }

    /// What the options ask of the host; nil where the job is to be trained in the foreground.
    /// - Parameter takesTime: whether `--at` is a time.
    static func options(_ arguments: ParsedArguments, _ store: RunStore, takesTime: Bool) throws -> QueueOptions? {
        guard isGiven(arguments, takesTime: takesTime) else {
            for name in ["--priority", "--if-completed"] where arguments.flag(name) {
                throw CommandError.usage("\(name) is about the host's queue: add --detach")
            }
            return nil
        }
        var options = QueueOptions()
        options.isHeld = arguments.flag("--hold")
        if let priority = try arguments.number("--priority", in: -100...100) {
            guard let whole = Int(exactly: priority) else {
                throw CommandError.usage("--priority is '\(arguments.value("--priority") ?? "")': give a whole number")
            }
            options.priority = whole
        }
        for name in arguments.values("--after") {
            let run = try store.job(named: name)
            if !options.conditions.after.contains(run) { options.conditions.after.append(run) }
        }
        options.conditions.onlyIfCompleted = arguments.flag("--if-completed")
        if options.conditions.onlyIfCompleted, options.conditions.after.isEmpty {
            throw CommandError.usage("--if-completed says what must have become of the runs of --after: name one")
        }
        if takesTime, let text = arguments.value(time) {
            guard let time = StartTime.parse(text, now: WallClock.now()) else {
                throw CommandError.usage("--at '\(text)': write \(StartTime.forms)")
            }
            guard time > WallClock.now() - 60 else {
                throw CommandError.usage("--at '\(text)': that was \(LocalTime.short(time)): give a time to come")
            }
            options.conditions.startAt = time
        }
        return options
    }

    /// Has a host there, and says what became of a job that was given to it.
    static func finish(_ run: RunID, _ engine: Engine, _ arguments: ParsedArguments) throws -> CommandError.ExitCode {
        let store = engine.store
        guard let summary = try store.run(run) else { return .done }
        let name = summary.record.name
        do throws(HostError) {
            try startHost(engine.workspace.path, arguments)
        } catch {
            throw CommandError.failed("\(name) waits in the queue, but \(error): `descent serve` starts one")
        }
        if arguments.flag("--json") {
            let job = try store.queued(run)
            Console.print(QueueText.json(summary, job).text)
        } else if !arguments.flag("--quiet") {
            let job = try store.queued(run)
            let waits = job.map {
                QueueText.waits($0, in: (try? store.queue()) ?? [], name: store.nameOfJob)
            }
            Console.print("\(name) is the host's\(waits.map { $0.isEmpty ? "" : ": " + $0 } ?? "")")
            Console.note("  descent queue list    descent runs show \(name)    descent runs stop \(name)")
        }
        return .done
    }
}
