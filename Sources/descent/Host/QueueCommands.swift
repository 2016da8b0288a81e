import Cells
import Clocks
import Events
import Experiments
import Hosting

/// `descent queue list|move|hold|release|cancel`: jobs that wait for the host.
enum QueueCommands {
    private static let manyRuns = PositionalSpecification(name: "RUN", help: RunArgument.positional.help, isRepeatable: true)

    static let list = CommandSpecification(
        words: ["queue", "list"], summary: "list the jobs that wait for the host, and those that it trains",
        details:
            "In the order in which they start, with what each waits for; AutoML and tuning jobs first, which take no place themselves.",
        examples: ["descent queue list", "descent queue list --json"],
        run: { arguments in
            guard let store = try WorkspaceChoice.readingIfAny(arguments) else { return .done }
            let queue = try store.queue()
            let jobs = queue.filter { !$0.state.isWaiting } + queue.filter(\.state.isWaiting)
            let runs = try Dictionary(
                uniqueKeysWithValues: jobs.compactMap { job in try store.run(job.run).map { (job.run, $0) } })
            let automls = try store.automls.ofHost().map {
                ($0, try store.automls.candidates(of: $0.id).count { $0.outcome != nil })
            }
            let tunings = try store.tunings.ofHost()
            if arguments.flag("--json") {
                for (record, ended) in automls { Console.print(QueueText.json(record, ended: ended).text) }
                for (record, conditions) in tunings {
                    let ended = try store.tunings.endedCount(of: record.id)
                    Console.print(QueueText.json(record, conditions, ended: ended).text)
                }
                for job in jobs { if let run = runs[job.run] { Console.print(QueueText.json(run, job).text) } }
                return .done
            }
            if jobs.isEmpty, tunings.isEmpty, automls.isEmpty {
                Console.note("nothing is queued: `descent train FILE … --detach` gives the host a job")
            }
            let name = { (run: RunID) in runs[run]?.record.name ?? store.nameOfJob(run) }
            let names = runs.values.map(\.record.name) + tunings.map(\.record.name) + automls.map(\.0.name)
            let width = min(40, names.map { TextWidth.of($0) }.max() ?? 0)
            let pad = { (text: String, room: Int) in String(repeating: " ", count: max(0, room - TextWidth.of(text))) }
            for (record, ended) in automls {
                let place = record.status == .pending ? "-" : "▶"
                Console.print(
                    pad(place, 3) + place + "  " + record.name + pad(record.name, width) + "  "
                        + QueueText.waits(record, ended: ended))
            }
            for (record, conditions) in tunings {
                let waits = QueueText.waits(
                    record, conditions, ended: try store.tunings.endedCount(of: record.id), name: name)
                let place = record.status == .pending ? "-" : "▶"
                Console.print(pad(place, 3) + place + "  " + record.name + pad(record.name, width) + "  " + waits)
            }
            var number = 0
            for job in jobs {
                guard let run = runs[job.run] else { continue }
                if job.state == .waiting { number += 1 }
                let place = job.state == .waiting ? "\(number)" : job.state == .held ? "-" : "▶"
                let priority = job.priority == 0 ? "" : "  priority \(job.priority)"
                let progress =
                    run.status == .inProgress && run.plannedSteps > 0
                    ? "  \(run.step * 100 / max(1, run.plannedSteps)) %" : ""
                Console.print(
                    pad(place, 3) + place + "  " + run.record.name + pad(run.record.name, width) + "  "
                        + QueueText.waits(job, of: run, in: jobs, name: name) + progress + priority)
            }
            let isWaiting =
                tunings.contains { $0.record.status == .pending } || automls.contains { $0.0.status == .pending }
                || jobs.contains { job in job.state.isWaiting || runs[job.run]?.status.isFinal ?? false }
            if isWaiting, !HostLink(store.workspace.path).isThere {
                Console.note("no host is there to train them: descent serve --detach")
            }
            return .done
        })

    static let move = CommandSpecification(
        words: ["queue", "move"], summary: "move a job in the queue, or give it another priority",
        positionals: [
            RunArgument.positional, .init(name: "WHERE", help: "first, last, up, down, or its place from 1", isOptional: true),
        ],
        options: [.init(name: "--priority", value: "N", help: "-100 to 100; it goes behind those that have it already")],
        examples: ["descent queue move mlp-big first", "descent queue move mlp-big --priority 10"],
        run: { arguments in
            let store = try RunStore(try WorkspaceChoice.existing(arguments))
            let run = try waiting(named: arguments.positionals[0], store)
            let id = run.record.id
            var isWaiting = true
            guard arguments.positionals.count > 1 || arguments.flag("--priority") else {
                throw CommandError.usage("descent queue move: say where: first, last, up, down, a place from 1, or --priority N")
            }
            if arguments.positionals.count > 1, arguments.flag("--priority") {
                throw CommandError.usage("give a place or --priority: a job takes the priority of the place that it is moved to")
            }
            if let priority = try arguments.number("--priority", in: -100...100) {
                guard let whole = Int(exactly: priority) else { throw CommandError.usage("--priority: give a whole number") }
                isWaiting = try store.prioritise(id, whole)
            }
            if arguments.positionals.count > 1 {
                guard let move = QueueMove(arguments.positionals[1]) else {
                    throw CommandError.usage("'\(arguments.positionals[1])': say first, last, up, down or a place from 1")
                }
                isWaiting = try store.move(id, move)
            }
            return try tell(run, isWaiting, store, arguments, "moved")
        })

    static let hold = CommandSpecification(
        words: ["queue", "hold"], summary: "keep jobs from starting until they are released", positionals: [manyRuns],
        examples: ["descent queue hold mlp-big"],
        run: { try each($0, "held") { try $0.hold($1, true) } })

    static let release = CommandSpecification(
        words: ["queue", "release"], summary: "let jobs start that were held", positionals: [manyRuns],
        run: { try each($0, "released") { try $0.hold($1, false) } })

    static let cancel = CommandSpecification(
        words: ["queue", "cancel"], summary: "take jobs out of the queue: their runs are stopped",
        details: "A job that trains already is stopped by `descent runs stop`.", positionals: [manyRuns],
        examples: ["descent queue cancel mlp-big"],
        run: { try each($0, "cancelled") { try $0.cancel($1) } })

    private static func each(
        _ arguments: ParsedArguments, _ word: String, _ change: (RunStore, RunID) throws -> Bool
    ) throws -> CommandError.ExitCode {
        let store = try RunStore(try WorkspaceChoice.existing(arguments))
        // All names are looked up before anything changes.
        var code = CommandError.ExitCode.done, refused: (any Error)?
        for run in try arguments.positionals.map({ try waiting(named: $0, store) }) {
            do { code = try tell(run, try change(store, run.record.id), store, arguments, word) } catch {
                refused = refused ?? error
            }
        }
        // One that cannot be changed keeps none of the others from it.
        if let refused { throw refused }
        return code
    }

    /// The run that is meant. A tuning job stands in the list, and is no run.
    private static func waiting(named name: String, _ store: RunStore) throws -> RunSummary {
        if let tuning = try store.tunings.all().first(where: { $0.name == name || $0.id == name }) {
            throw CommandError.usage("\(tuning.name) is a tuning job: `descent tune stop \(tuning.name)` ends it")
        }
        return try store.run(named: name)
    }

    private static func tell(
        _ run: RunSummary, _ isDone: Bool, _ store: RunStore, _ arguments: ParsedArguments, _ word: String
    ) throws -> CommandError.ExitCode {
        let name = run.record.name
        guard isDone else {
            if try store.queued(run.record.id) != nil {
                throw CommandError.failed("\(name) trains already: `descent runs stop \(name)` stops it")
            }
            throw CommandError.failed("\(name) is not in the queue: it is \(run.status.word)")
        }
        HostLink(store.workspace.path).ring()
        if arguments.flag("--json") {
            Console.print(QueueText.json(try store.run(run.record.id) ?? run, try store.queued(run.record.id)).text)
        } else if !arguments.flag("--quiet") {
            let jobs = try store.queue()
            let job = jobs.first { $0.run == run.record.id }
            let now = job.map { QueueText.waits($0, in: jobs, name: store.nameOfJob) }
            Console.print("\(word) \(name)\(now.map { ": " + $0 } ?? "")")
        }
        return .done
    }
}
