import Cells
import CheckedNumbers
import Clocks
import Events
import Experiments
import Glibc
import PrintableText
import Scripts
import Training

/// `descent runs steer` and `descent runs stop`: what is asked of a run that another process trains.
enum SteerCommands {
    static let steer = CommandSpecification(
        words: ["runs", "steer"], summary: "change hyperparameters of a run while it trains",
        details: """
            Takes effect at the run's next step, is marked on its curve and kept with the run. What can be changed:

            """ + Algorithms.all.map { "\($0.name): \($0.steerable.joined(separator: ", "))" }.joined(separator: "\n"),
        positionals: [
            RunArgument.positional, .init(name: "NAME=VALUE", help: "a hyperparameter and its new value", isRepeatable: true),
        ],
        examples: ["descent runs steer @latest learning_rate=0.01", "descent runs steer adam wd=0.1 early_stopping_patience=10"],
        run: { arguments in
            let store = try RunStore(try WorkspaceChoice.existing(arguments))
            let run = try store.run(named: arguments.positionals[0])
            try Engine.checkIsTrainedHere(run.record)
            let settings = try settings(Array(arguments.positionals.dropFirst()), of: run.record)
            try checkIsLive(run)
            _ = try QueuedControl.carryOut(.changeHyperparameters(run.record.id, settings), in: store)
            let answer = try ask(.changeHyperparameters(run.record.id, settings), of: run, store) { event in
                guard case .job(.hyperparametersChanged(let change)) = event.kind, change.values == settings else { return nil }
                return event
            }
            if arguments.flag("--json") {
                Console.print(answer.json.text)
            } else if case .job(.hyperparametersChanged(let change)) = answer.kind {
                let step = change.step.map { " from step \(NumberFormat.grouped($0)) on" } ?? ""
                Console.print("\(run.record.name): \(change.text)\(step)")
            }
            return .done
        })

    static let pause = CommandSpecification(
        words: ["runs", "pause"], summary: "pause a run that trains, after a checkpoint",
        details: "`descent runs resume RUN` lets it go on where it trains.",
        positionals: [RunArgument.positional], examples: ["descent runs pause @latest"],
        run: { arguments in
            let store = try RunStore(try WorkspaceChoice.existing(arguments))
            let run = try store.run(named: arguments.positionals[0])
            try checkIsLive(run)
            if let code = try inQueue(.pauseJob(run.record.id), run, store, arguments, "held") { return code }
            guard run.status != .paused else { throw CommandError.failed("\(run.record.name) is paused already") }
            return try changeStatus(.pauseJob(run.record.id), to: .paused, of: run, store, arguments)
        })

    /// Lets a run go on that is paused in another process; nil when it is not such a run.
    static func resumeElsewhere(
        _ run: RunSummary, _ store: RunStore, _ arguments: ParsedArguments
    ) throws -> CommandError.ExitCode? {
        if try store.queued(run.record.id)?.state.isWaiting == true, QueueArguments.asksForMoreThanTheHost(arguments) {
            throw CommandError.failed(
                "\(run.record.name) waits in the queue already: `descent queue move`, `hold` and `cancel` change that")
        }
        if let code = try inQueue(.resumeJob(run.record.id), run, store, arguments, "released") {
            if arguments.flag("--detach") { try QueueArguments.startHost(store.workspace.path, arguments) }
            return code
        }
        guard run.status == .paused, try store.isTrainedElsewhere(run.record.id) else { return nil }
        return try changeStatus(.resumeJob(run.record.id), to: .inProgress, of: run, store, arguments)
    }

    /// Does what is asked of a run that waits in the queue; nil when it does not wait.
    private static func inQueue(
        _ command: StudioCommand, _ run: RunSummary, _ store: RunStore, _ arguments: ParsedArguments, _ word: String
    ) throws -> CommandError.ExitCode? {
        guard try QueuedControl.carryOut(command, in: store) else { return nil }
        if arguments.flag("--json") {
            let now = try store.run(run.record.id) ?? run
            Console.print(QueueText.json(now, try store.queued(run.record.id)).text)
        } else {
            Console.print("\(run.record.name) \(word)")
        }
        return .done
    }

    private static func changeStatus(
        _ command: StudioCommand, to status: JobStatus, of run: RunSummary, _ store: RunStore, _ arguments: ParsedArguments
    ) throws -> CommandError.ExitCode {
        let answer = try ask(command, of: run, store) { event in
            if case .job(.statusChanged(let change)) = event.kind, change.status == status { event } else { nil }
        }
        Console.print(arguments.flag("--json") ? answer.json.text : "\(run.record.name) \(status.rawValue)")
        return .done
    }

    static let stop = CommandSpecification(
        words: ["runs", "stop"], summary: "stop a run that trains, after a checkpoint",
        details: """
            The best model so far is kept, and `descent runs resume RUN` goes on from there. A script is asked to end, and killed 30 \
            seconds after SIGTERM; asked once more while it is stopping, it is killed at once.
            """,
        positionals: [RunArgument.positional], examples: ["descent runs stop @latest"],
        run: { arguments in
            let store = try RunStore(try WorkspaceChoice.existing(arguments))
            let run = try store.run(named: arguments.positionals[0])
            if let code = try inQueue(.stopJob(run.record.id), run, store, arguments, "Stopped") { return code }
            let isScript = run.record.request.isScript
            // A script that does not end though it was asked to is killed by the second wish.
            if !isScript || run.status != .stopping { try checkIsLive(run) }
            let patience = patienceSeconds + (isScript ? 2 * ScriptSurroundings.usualPatience : 0)
            let answer = try ask(.stopJob(run.record.id), of: run, store, patience: patience) { event in
                if case .job(.finished) = event.kind { event } else { nil }
            }
            if arguments.flag("--json") {
                Console.print(answer.json.text)
            } else if let ended = try store.run(run.record.id) {
                let name = ended.record.name
                let next = ended.status == .stopped ? ": descent runs resume \(name)" : ""
                Console.print("\(name) \(ended.status.rawValue) at step \(NumberFormat.grouped(ended.step))\(next)")
            }
            return .done
        })

    /// Settings typed as NAME=VALUE, checked.
    /// - Parameter goesOn: whether a run that ended goes on, or a fork begins.
    static func settings(
        _ words: [String], of run: RunRecord, goesOn: Bool = false
    ) throws(CommandError) -> [String: String] {
        let algorithm = run.algorithm
        guard let description = Algorithms.all.first(where: { $0.name == algorithm }) else {
            throw .usage("this descent does not know the algorithm \(algorithm): steer the run with the version that trains it")
        }
        let settings: [String: String]
        do throws(HyperparameterProblem) { settings = try description.changes(parsing: words, goesOn: goesOn) } catch {
            throw .usage(error.description)
        }
        do throws(TrainingError) {
            try Algorithms.validateContinuation(settings, of: algorithm, having: run.hyperparameters)
        } catch { throw .usage(error.message) }
        return settings
    }

    static func checkIsLive(_ run: RunSummary) throws(CommandError) {
        try Engine.checkIsTrainedHere(run.record)
        guard run.status.isFinal || run.status == .stopping else { return }
        let reason = run.reason.isEmpty ? "" : " (\(run.reason))"
        throw .failed(
            "\(run.record.name) is not being trained: it is \(run.status.rawValue)\(reason); `descent runs list` shows what is")
    }

    /// Seconds to wait for the process that trains the run.
    private static let patienceSeconds = 10.0

    /// Sends a command and waits until an event answers it.
    static func ask(
        _ command: StudioCommand, of run: RunSummary, _ store: RunStore, patience: Double = patienceSeconds,
        until isAnswer: (StudioEvent) -> StudioEvent?
    ) throws -> StudioEvent {
        let sent = try store.send(command)
        let deadline = SteadyClock.seconds() + patience
        var said = 0
        while SteadyClock.seconds() < deadline {
            let events = try store.events(since: sent)
            if let answer = events.lazy.compactMap(isAnswer).first { return answer }
            let notes = events.compactMap { event in
                if event.run == run.record.id, case .notice(.messageLogged(let message)) = event.kind { message } else { nil }
            }
            for note in notes.dropFirst(said) { Console.note("note: \(note.printable)") }
            said = max(said, notes.count)
            for event in events {
                if case .notice(.commandFailed(let message)) = event.kind { throw CommandError.failed(message) }
                if case .job(.finished(let result)) = event.kind {
                    _ = try store.withdraw(sent)
                    throw CommandError.failed("\(result.name) ended first: it is \(result.status.rawValue) (\(result.reason))")
                }
            }
            if let now = try store.run(run.record.id) { try checkIsThere(now) }
            usleep(30_000)
        }
        let isUntouched = try store.withdraw(sent)
        throw CommandError.failed(
            "\(run.record.name) did not answer within \(Int(nearestWithin: patience)) seconds: "
                + (isUntouched ? "nothing was changed; try again" : "it was told, and `descent runs show` says what came of it"))
    }

    /// A process that is gone answers nothing.
    private static func checkIsThere(_ run: RunSummary) throws(CommandError) {
        guard run.status == .stopped, run.reason == .interrupted else { return }
        throw .failed("the process that trained \(run.record.name) is gone: descent runs resume \(run.record.name)")
    }
}
