import Cells
import Events
import Experiments
import Hosting
import JSON
import Training

/// `descent tune list|show|best|stop|resume`.
enum TuningCommands {
    static let named = PositionalSpecification(
        name: "TUNING", help: "a tuning job's name, id, a unique beginning of either, or @latest")

    static let list = CommandSpecification(
        words: ["tune", "list"], summary: "list tuning jobs, newest first", examples: ["descent tune list --json"],
        run: { arguments in
            guard let store = try WorkspaceChoice.readingIfAny(arguments) else { return .done }
            for record in try store.tunings.all() {
                let (result, confirmations) = try standing(record, store)
                Console.print(
                    arguments.flag("--json")
                        ? json(record, result, confirmations).text
                        : TuningText.outcome(result, isConfirming: record.isConfirming(confirmations)))
            }
            return .done
        })

    static let show = CommandSpecification(
        words: ["tune", "show"], summary: "show a tuning job and its trials", positionals: [named],
        examples: ["descent tune show @latest"],
        run: { arguments in
            let store = try WorkspaceChoice.reading(arguments)
            let record = try store.tunings.tuning(named: arguments.positionals[0])
            let trials = try store.tunings.trials(of: record.id), (result, confirmations) = try standing(record, store)
            if arguments.flag("--json") {
                for trial in trials { Console.print(json(trial, of: record).text) }
                Console.print(json(record, result, confirmations).text)
                return .done
            }
            Console.print(TuningText.outcome(result, isConfirming: record.isConfirming(confirmations)))
            Console.print("strategy \(record.request.strategy), objective \(record.objective.metric)")
            for range in record.request.ranges { Console.print("  \(range)") }
            for trial in trials {
                let value = trial.value.map { TuningText.value($0, trial.deviation, trial.others) } ?? "-"
                let state = trial.outcome?.rawValue ?? "running"
                let reason = trial.outcome == .completed ? "" : "   \(trial.reason)"
                Console.print("\(trial.number + 1)  \(value)  \(state)  \(TuningText.settings(trial.values))\(reason)")
            }
            for again in confirmations {
                let value = again.value.map(TuningText.number) ?? "-"
                Console.print("\(again.trial + 1) on seed \(again.seed)  \(value)  \(again.outcome?.rawValue ?? "running")")
            }
            return .done
        })

    static let best = CommandSpecification(
        words: ["tune", "best"], summary: "show the best trial of a tuning job", positionals: [named],
        examples: ["descent tune best @latest --json"],
        run: { arguments in
            let store = try WorkspaceChoice.reading(arguments)
            let record = try store.tunings.tuning(named: arguments.positionals[0])
            let result = try standing(record, store).result
            guard let best = result.best else {
                throw CommandError.failed("no trial of \(record.name) has ended with a value")
            }
            for best in result.front.isEmpty ? [best] : result.front {
                if arguments.flag("--json") {
                    Console.print(best.json.text)
                    continue
                }
                Console.print("\(best.name)  " + TuningText.worth(best))
                for (name, value) in best.hyperparameters.sorted(by: { $0.key < $1.key }) { Console.print("  \(name)=\(value)") }
            }
            return .done
        })

    static let stop = CommandSpecification(
        words: ["tune", "stop"], summary: "stop a tuning job that another process has, after checkpoints", positionals: [named],
        examples: ["descent tune stop @latest"],
        run: { arguments in
            let store = try RunStore(try WorkspaceChoice.existing(arguments))
            let record = try store.tunings.tuning(named: arguments.positionals[0])
            guard !record.status.isFinal else { throw CommandError.failed("\(record.name) does not run") }
            if record.status == .pending {
                try store.tunings.end(queued: record.id, .stopped, because: .stoppedByUser)
            } else {
                try store.tunings.askToStop(record.id)
            }
            let now = try SearchEnd.wait(of: record.name) {
                let now = try store.tunings.tuning(named: record.id)
                return now.status.isFinal ? now : nil
            }
            let (result, confirmations) = try standing(now, store)
            Console.print(arguments.flag("--json") ? json(now, result, confirmations).text : TuningText.outcome(result))
            return .done
        })

    static let resume = CommandSpecification(
        words: ["tune", "resume"], summary: "go on with a tuning job that was stopped or killed, or that is to have more trials",
        details: "Trials that were under way go on from their checkpoints; none is lost or run twice.", positionals: [named],
        options: OptionSpecification.tuningLimits + [
            .init(name: "--detach", value: nil, help: "give it to the host, which outlives this terminal, and return at once")
        ],
        examples: ["descent tune resume @latest", "descent tune resume tune-insurance --max-jobs 60"],
        run: { arguments in
            let workspace = try WorkspaceChoice.existing(arguments)
            let tunings = try RunStore(workspace).tunings, record = try tunings.tuning(named: arguments.positionals[0])
            if record.status == .paused { return try TuningSteerCommands.ask(.goOn, arguments) { _ in } }
            var change = TuningChange()
            for limit in TuningLimit.allCases { change.limits[limit.rawValue] = arguments.value("--" + limit.rawValue) }
            let (request, _, setup) = try TuningSetup.changed(record, change, earlier: tunings.warmStart(of: record.id))
            if arguments.flag("--detach") {
                guard try !tunings.isCarriedOut(record.id) else { throw CommandError.failed("\(record.name) runs already") }
                if !change.isEmpty { try tunings.ask(.change(change), of: record.id) }
                return try detach(record, arguments)
            }
            if try !tunings.isCarriedOut(record.id) { try tunings.leaveHost(record.id) }
            return try SearchForeground(
                workspace, arguments, reporter: TuningReporter(isTerminal: Console.errorIsTerminal),
                parallelCount: request.maxParallelJobs
            ).run { engine in
                try TuningJob(resuming: record.id, on: engine, change)
            } advice: {
                setup.advice
            }
        })

    /// Says what is worth saying before a search, on standard error.
    static func advise(_ advice: [String], _ arguments: ParsedArguments) {
        guard !arguments.flag("--json"), !arguments.flag("--quiet") else { return }
        for line in advice { Console.note("note: " + line) }
    }

    /// Has the workspace's host carry a job out, and returns at once.
    static func detach(
        _ record: TuningRecord, _ arguments: ParsedArguments, _ conditions: QueueConditions = QueueConditions()
    ) throws -> CommandError.ExitCode {
        let workspace = try WorkspaceChoice.existing(arguments), full = try RunStore(workspace), store = full.tunings
        let link = HostLink(workspace.path)
        if record.request.job.isScript, link.isThere {
            throw CommandError.failed(
                "\(record.name) would run with the variables of the host that is there: descent serve stop, or leave out --detach"
            )
        }
        try store.enqueue(record.id, conditions)
        do throws(HostError) { if !link.isThere { try QueueArguments.startHost(workspace.path, arguments) } } catch {
            throw CommandError.failed(error.description)
        }
        link.ring()
        let now = try store.tuning(named: record.id)
        if arguments.flag("--json") {
            Console.print(json(now, try store.trials(of: now.id)).text)
        } else {
            let after = conditions.after.map { "after \(full.nameOfJob($0) ?? $0.text), " }.joined()
            Console.print("\(now.name) is the host's: \(after)descent tune show \(now.name)    descent tune stop \(now.name)")
        }
        return .done
    }

    // MARK: - Answers

    /// How a job stands, as it would end now.
    static func result(
        _ record: TuningRecord, _ trials: [TuningTrial], _ confirmations: [TuningConfirmation] = []
    ) -> TuningResult {
        var result = TuningResult(
            tuning: record.id, name: record.name, status: record.status, reason: record.reason,
            trials: trials.count { $0.outcome != nil }, best: TuningOutcome.best(record, trials, confirmations))
        result.front = TuningOutcome.front(record, trials)
        return result
    }

    /// What a trial's run is called: counted from 1, so that names sort.
    /// - Parameter name: the job's.
    static func trialName(_ name: String, _ number: Int) -> String {
        let digits = String(number + 1)
        return "\(name)-\(String(repeating: "0", count: max(0, 3 - digits.count)))\(digits)"
    }

    /// How a job stands, with what its best was worth on fresh seeds.
    static func standing(
        _ record: TuningRecord, _ store: RunStore
    ) throws -> (result: TuningResult, confirmations: [TuningConfirmation]) {
        let confirmations = try store.tunings.confirmations(of: record.id)
        return (result(record, try store.tunings.trials(of: record.id), confirmations), confirmations)
    }

    static func json(_ record: TuningRecord, _ trials: [TuningTrial]) -> JSONValue { json(record, result(record, trials)) }

    private static func json(
        _ record: TuningRecord, _ result: TuningResult, _ confirmations: [TuningConfirmation] = []
    ) -> JSONValue {
        var members: [JSONValue.Member] = result.json.members ?? []
        if !confirmations.isEmpty {
            members.append(.init("confirming", .boolean(record.isConfirming(confirmations))))
            members.append(.init("confirmations", .array(confirmations.map(json))))
        }
        members.append(.init("createdAt", .number(record.createdAt)))
        members.append(.init("request", record.request.json))
        return .object(members)
    }

    private static func json(_ again: TuningConfirmation) -> JSONValue {
        .object([
            "trial": .integer(again.trial), "seed": .string(String(again.seed)), "run": .string(again.run.text),
            "status": .string(again.outcome?.rawValue ?? JobStatus.inProgress.rawValue),
            "value": again.value.map { .number($0) },
        ])
    }

    private static func json(_ trial: TuningTrial, of record: TuningRecord) -> JSONValue {
        .object([
            "trial": .integer(trial.number), "run": .string(trial.run.text),
            "name": .string(trialName(record.name, trial.number)),
            "status": .string(trial.outcome?.rawValue ?? JobStatus.inProgress.rawValue), "reason": .string(trial.reason),
            "value": trial.value.map { .number($0) }, "deviation": trial.deviation.map { .number($0) },
            "others": trial.others.isEmpty ? nil : .array(trial.others.map { $0.map { .number($0) } ?? .null }),
            "hyperparameters": JSONValue(trial.values), "why": .string(trial.why),
        ])
    }
}
