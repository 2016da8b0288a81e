import Cells
import CheckedNumbers
import Events
import Experiments
import Hosting
import JSON
import Training

/// `descent automl list|show|leaderboard|stop|resume`.
enum AutoMLCommands {
    static let named = PositionalSpecification(
        name: "AUTOML", help: "an AutoML job's name, id, a unique beginning of either, or @latest")

    static let limits: [OptionSpecification] = [
        .init(name: "--time-limit", value: "SECONDS", help: "end so long after it began, earlier attempts counted"),
        .init(name: "--max-candidates", value: "N", help: "candidates at most, those that were included"),
    ]

    static let list = CommandSpecification(
        words: ["automl", "list"], summary: "list AutoML jobs, newest first", examples: ["descent automl list --json"],
        run: { arguments in
            guard let store = try WorkspaceChoice.readingIfAny(arguments)?.automls else { return .done }
            for record in try store.all() { tell(record, try store.candidates(of: record.id), arguments) }
            return .done
        })

    static let show = CommandSpecification(
        words: ["automl", "show"], summary: "show an AutoML job: what was decided, its candidates, and which model is for what",
        positionals: [named], examples: ["descent automl show @latest"],
        run: { arguments in
            let store = try WorkspaceChoice.reading(arguments).automls
            let record = try store.automl(named: arguments.positionals[0]), candidates = try store.candidates(of: record.id)
            if arguments.flag("--json") {
                for candidate in candidates { Console.print(candidate.json.text) }
                tell(record, candidates, arguments)
                return .done
            }
            tell(record, candidates, arguments)
            for line in record.decisions { Console.print("  \(line)") }
            for candidate in candidates {
                let value =
                    candidate.value.map { AutoMLText.value($0, candidate.spread) } ?? candidate.outcome?.rawValue ?? "training"
                let reason = candidate.outcome == .failed ? "   \(candidate.reason)" : ""
                Console.print("\(candidate.number + 1)  \(candidate.name)  \(value)   \(candidate.why)\(reason)")
                if !candidate.hyperparameters.isEmpty { Console.print("     \(TuningText.settings(candidate.hyperparameters))") }
            }
            for line in AutoMLText.ablation(record, candidates) + AutoMLText.advice(record, candidates) { Console.print(line) }
            return .done
        })

    static let leaderboard = CommandSpecification(
        words: ["automl", "leaderboard"], summary: "rank an AutoML job's models, with how much each counts in the average",
        positionals: [named], examples: ["descent automl leaderboard @latest --json"],
        run: { arguments in
            let store = try WorkspaceChoice.reading(arguments).automls
            let record = try store.automl(named: arguments.positionals[0]), candidates = try store.candidates(of: record.id)
            let result = AutoMLResult(record, candidates)
            for line in arguments.flag("--json") ? result.leaderboard.map(\.json.text) : AutoMLText.leaderboard(result) {
                Console.print(line)
            }
            if !arguments.flag("--json") { for line in AutoMLText.advice(record, candidates) { Console.print(line) } }
            return .done
        })

    static let stop = CommandSpecification(
        words: ["automl", "stop"], summary: "stop an AutoML job that another process has, after a checkpoint",
        positionals: [named],
        examples: ["descent automl stop @latest"],
        run: { arguments in
            let store = try RunStore(try WorkspaceChoice.existing(arguments)).automls
            let record = try store.automl(named: arguments.positionals[0])
            guard !record.status.isFinal else { throw CommandError.failed("\(record.name) does not run") }
            if record.status == .pending {
                try store.end(queued: record.id, .stopped, because: .stoppedByUser)
            } else {
                try store.askToStop(record.id)
            }
            let now = try SearchEnd.wait(of: record.name) {
                let now = try store.automl(named: record.id)
                return now.status.isFinal ? now : nil
            }
            tell(now, try store.candidates(of: now.id), arguments)
            return .done
        })

    static let resume = CommandSpecification(
        words: ["automl", "resume"],
        summary: "go on with an AutoML job that was stopped or killed, or that is to have more candidates or time",
        details: "The candidate that was under way goes on from its checkpoint; none is lost or trained twice.",
        positionals: [named],
        options: limits + [AutoMLCommand.detach], examples: ["descent automl resume @latest --time-limit 600"],
        run: { arguments in
            let workspace = try WorkspaceChoice.existing(arguments)
            let known = try RunStore(workspace).automls.automl(named: arguments.positionals[0])
            var request = known.request
            try takeLimits(arguments, into: &request)
            try DataFile.check(request.job.datasetPath)
            let setup = try AutoMLSetup(request, plan: try PlanReading.kept(in: workspace.artifactFolder(of: known.id)))
            let store = try RunStore(workspace).automls
            if arguments.flag("--detach") {
                guard try !store.isCarriedOut(known.id) else { throw CommandError.failed("\(known.name) runs already") }
                var record = known
                record.request = request
                try store.write(record)
                return try detach(record, store, workspace, arguments)
            }
            if try !store.isCarriedOut(known.id) { try store.leaveHost(known.id) }
            return try foreground(workspace, arguments) { try AutoMLJob(resuming: known.id, request, setup, on: $0) }
        })

    static func takeLimits(_ arguments: ParsedArguments, into request: inout AutoMLRequest) throws(CommandError) {
        if let seconds = try arguments.number("--time-limit", in: 0.1...1e9) { request.timeLimit = seconds }
        if let text = arguments.value("--max-candidates") {
            guard let count = Int(text), (1...10_000).contains(count) else {
                throw .usage("--max-candidates '\(text)': give a whole number from 1 to 10000")
            }
            request.maxCandidates = count
        }
    }

    /// Has the workspace's host carry a job out, and returns at once.
    static func detach(
        _ record: AutoMLRecord, _ store: AutoMLStore, _ workspace: Workspace, _ arguments: ParsedArguments
    ) throws -> CommandError.ExitCode {
        try store.enqueue(record.id)
        let link = HostLink(workspace.path)
        do throws(HostError) { if !link.isThere { try QueueArguments.startHost(workspace.path, arguments) } } catch {
            throw CommandError.failed(error.description)
        }
        link.ring()
        let now = try store.automl(named: record.id)
        if arguments.flag("--json") {
            Console.print(QueueText.json(now, ended: try store.candidates(of: now.id).count { $0.outcome != nil }).text)
        } else if !arguments.flag("--quiet") {
            Console.print("\(now.name) is the host's: descent automl show \(now.name)    descent automl stop \(now.name)")
        }
        return .done
    }

    static func foreground(
        _ workspace: Workspace, _ arguments: ParsedArguments, _ make: (Engine) throws -> AutoMLJob
    ) throws -> CommandError.ExitCode {
        try SearchForeground(workspace, arguments, reporter: AutoMLReporter(isTerminal: Console.errorIsTerminal)).run(make)
    }

    private static func tell(_ record: AutoMLRecord, _ candidates: [AutoMLCandidate], _ arguments: ParsedArguments) {
        guard arguments.flag("--json") else { return Console.print(AutoMLText.outcome(record, candidates)) }
        var members: [JSONValue.Member] = AutoMLResult(record, candidates).json.members ?? []
        members += [
            .init("createdAt", .number(record.createdAt)), .init("why", .array(record.why.map { .string($0) })),
            .init("request", record.request.json),
        ]
        if let stacking = record.stacking { members.append(.init("stacking", stacking.json)) }
        if let ablation = AutoMLAblation(record, candidates) { members.append(.init("ablation", ablation.json)) }
        Console.print(JSONValue.object(members).text)
    }
}

extension AutoMLJob {
    /// A job that goes on where it was left.
    convenience init(
        resuming automl: String, _ request: AutoMLRequest, _ setup: AutoMLSetup, on engine: Engine,
        onStore: @escaping StoreAccess = { try $0() }
    ) throws {
        var record = try engine.store.automls.automl(named: automl)
        try engine.store.automls.claim(record)
        (record.request, record.why) = (request, setup.why)
        (record.status, record.reason, record.finishedAt) = (.inProgress, .unsaid, nil)
        try engine.store.automls.write(record)
        try self.init(engine, record, setup, onStore: onStore)
    }
}

extension AutoMLJob: SearchWork {
    func work() throws -> SearchEnd {
        let result = try run()
        let lines =
            record.why.filter { !setup.why.contains($0) } + [AutoMLText.outcome(record, candidates)]
            + AutoMLText.leaderboard(result)
            + AutoMLText.ablation(record, candidates) + AutoMLText.advice(record, candidates)
        let use = record.ensemble == nil ? [] : ["use it: descent predict \(record.name) FILE"]
        return SearchEnd(text: (lines + use).joined(separator: "\n"), isFailed: result.status == .failed)
    }
}
