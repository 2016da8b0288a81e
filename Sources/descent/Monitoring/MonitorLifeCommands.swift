import Cells
import Clocks
import Events
import Experiments
import Files
import Glibc
import Hosting
import JSON
import Monitoring

/// `descent monitor create|list|show|run|report|delete`.
enum MonitorLifeCommands {
    private static let named = PositionalSpecification(name: "MONITOR", help: "a monitor's name")

    static let create = CommandSpecification(
        words: ["monitor", "create"],
        summary: "look again and again at what an endpoint is asked, or at files that come into a folder",
        details: """
            With --endpoint and no --baseline the baseline is the data that the endpoint's model was trained on; of model-quality what the \
            model was worth on the rows that it held out. The workspace's host looks, by --schedule; each execution covers what came since \
            the one before, none is lost or done twice, whoever is killed. --schedule now looks once, and again with `descent monitor run`.
            """,
        positionals: [.init(name: "NAME", help: "what it is called")],
        options: [
            .init(name: "--endpoint", value: "NAME", help: "an endpoint that captures its requests"),
            .init(name: "--batch", value: "DIR", help: "a folder that data files come into"),
            .init(name: "--type", value: "TYPE", help: "data-quality (default), model-quality, bias or explainability"),
            .init(name: "--baseline", value: "DIR", help: "a folder with statistics.json and constraints.json"),
            .init(name: "--schedule", value: "S", help: "now (default), every=60s (m, h, d), or 'cron(0 * ? * * *)', in UTC"),
            .init(
                name: "--ground-truth", value: "PATH",
                help: "a file or a folder that labels come into, for model-quality and bias"),
            .init(name: "--facet", value: "COL=V", help: "the rows that are compared with all others, for bias"),
            .init(name: "--positive", value: "V", help: "which labels are good ones, for bias"),
            MonitorSetupCommand.retrain,
        ],
        examples: [
            "descent monitor create churn-data --endpoint churn --schedule 'cron(0 * ? * * *)'",
            "descent monitor create churn-quality --endpoint churn --type model-quality --ground-truth labels --schedule every=1d",
        ],
        run: { arguments in
            let workspace = try WorkspaceChoice.existing(arguments), store = try RunStore(workspace)
            let monitor = try MonitorCreation(plan: MonitorPlan(arguments), workspace: workspace, store: store).make()
            try store.monitors.register(monitor)
            guard monitor.nextAt != nil else { return try execute(monitor, workspace, store, arguments) }
            do throws(HostError) { try QueueArguments.startHost(workspace.path, arguments) } catch {
                throw CommandError.failed("\(monitor.name) is there, but \(error): `descent serve` starts one, which looks")
            }
            HostLink(workspace.path).ring()
            tell(monitor, arguments, kind: "monitorScheduled")
            return .done
        })

    static let list = CommandSpecification(
        words: ["monitor", "list"], summary: "list monitors, by name", examples: ["descent monitor list --json"],
        run: { arguments in
            guard let store = try WorkspaceChoice.readingIfAny(arguments)?.monitors else { return .done }
            for monitor in try store.all() {
                tell(monitor, arguments, kind: "monitor", last: try store.executions(of: monitor.name, limit: 1).first)
            }
            return .done
        })

    static let show = CommandSpecification(
        words: ["monitor", "show"],
        summary: "show a monitor, what its executions found and what was trained again, the newest first",
        positionals: [named],
        options: [.init(name: "--last", value: "N", help: "so many executions (default: 20)")],
        examples: ["descent monitor show churn-data"],
        run: { arguments in
            let store = try WorkspaceChoice.reading(arguments).monitors
            let monitor = try store.monitor(named: arguments.positionals[0])
            let count = Int(exactly: try arguments.number("--last", in: 1...1_000_000) ?? 20) ?? 20
            let executions = try store.executions(of: monitor.name, limit: count)
            tell(monitor, arguments, kind: "monitor", last: executions.first)
            for execution in executions {
                if arguments.flag("--json") {
                    Console.print(MonitorText.json(execution, kind: "monitorExecution").text)
                } else {
                    Console.print("  " + MonitorText.line(execution))
                }
            }
            for retraining in try monitor.endpoint.map({ try store.retrainings(of: $0) }) ?? []
            where retraining.monitor == monitor.name {
                if arguments.flag("--json") {
                    Console.print(retraining.line.text)
                } else {
                    Console.print("  trained again \(LocalTime.short(retraining.requestedAt))  " + MonitorText.line(retraining))
                }
            }
            return .done
        })

    static let run = CommandSpecification(
        words: ["monitor", "run"], summary: "have a monitor look now at what came since it last did", positionals: [named],
        examples: ["descent monitor run churn-data --json"],
        run: { arguments in
            let workspace = try WorkspaceChoice.existing(arguments)
            let store = try RunStore(workspace)
            return try execute(try store.monitors.monitor(named: arguments.positionals[0]), workspace, store, arguments)
        })

    static let report = CommandSpecification(
        words: ["monitor", "report"], summary: "what a monitor's last execution found, or those of a stretch of time",
        positionals: [named],
        options: [
            .init(name: "--last", value: "N", help: "so many executions (default: 1)"),
            .init(name: "--out", value: "FILE", help: "write constraint_violations.json of them"),
        ],
        examples: ["descent monitor report churn-data --last 24 --out violations.json"],
        run: { arguments in
            let store = try WorkspaceChoice.reading(arguments).monitors
            let monitor = try store.monitor(named: arguments.positionals[0])
            let count = Int(exactly: try arguments.number("--last", in: 1...1_000_000) ?? 1) ?? 1
            let executions = try store.executions(of: monitor.name, limit: count)
            guard !executions.isEmpty else {
                throw CommandError.failed(
                    "\(monitor.name) has not looked yet: `descent monitor run \(monitor.name)` has it look now")
            }
            if let path = arguments.value("--out") {
                let violations = executions.flatMap(\.violations).map {
                    ConstraintViolation($0.feature, check: $0.check, $0.description)
                }
                try PrivateFile.write(ConstraintViolation.file(violations), to: path)
            }
            for execution in executions { tell(execution, arguments) }
            return .done
        })

    static let pause = CommandSpecification(
        words: ["monitor", "pause"], summary: "have a monitor's schedule rest: what is asked meanwhile is looked at afterwards",
        positionals: [named], examples: ["descent monitor pause churn-data"], run: { try rest($0, isPaused: true) })

    static let resume = CommandSpecification(
        words: ["monitor", "resume"], summary: "have a monitor look by its schedule again", positionals: [named],
        examples: ["descent monitor resume churn-data"], run: { try rest($0, isPaused: false) })

    private static func rest(_ arguments: ParsedArguments, isPaused: Bool) throws -> CommandError.ExitCode {
        let workspace = try WorkspaceChoice.existing(arguments), store = try RunStore(workspace)
        let name = try store.monitors.monitor(named: arguments.positionals[0]).name
        try store.monitors.rest(name, isPaused)
        if !isPaused { try QueueArguments.startHost(workspace.path, arguments) }
        HostLink(workspace.path).ring()
        tell(try store.monitors.monitor(named: name), arguments, kind: "monitor")
        return .done
    }

    static let delete = CommandSpecification(
        words: ["monitor", "delete"], summary: "delete a monitor with its executions and files", positionals: [named],
        examples: ["descent monitor delete churn-data"],
        run: { arguments in
            let workspace = try WorkspaceChoice.existing(arguments)
            let store = try RunStore(workspace)
            let monitor = try store.monitors.monitor(named: arguments.positionals[0])
            try store.monitors.remove(monitor.name, in: workspace)
            if !arguments.flag("--quiet") { Console.note("\(monitor.name) is deleted") }
            return .done
        })

    // MARK: - Looking

    /// Looks in this process: the host leaves alone what somebody who lives has begun.
    private static func execute(
        _ monitor: MonitorRecord, _ workspace: Workspace, _ store: RunStore, _ arguments: ParsedArguments
    ) throws -> CommandError.ExitCode {
        let now = WallClock.now(), until = monitor.windowEnd(now)
        let begun = try store.monitors.schedule(monitor.name) { record in
            var execution = MonitorExecution(
                monitor: record.name, scheduledAt: now, from: record.coveredUntil, until: max(record.coveredUntil, until),
                folder: MonitorSchedule.folder(of: record.name, now))
            (execution.status, execution.startedAt, execution.owner) = (.inProgress, now, ProcessMark.current.text)
            return ([execution], record.nextAt)
        }
        if case .endpoint = monitor.source { while WallClock.now() < until + 1 { usleep(50_000) } }
        guard let execution = begun.first else { throw CommandError.failed("\(monitor.name) did not begin to look: try again") }
        let ended = MonitorExecutor(workspace: workspace, store: store.monitors).carryOut(execution, of: monitor)
        try store.monitors.end(ended)
        tell(ended, arguments)
        return ended.status == .failed ? .failed : .done
    }

    private static func tell(_ execution: MonitorExecution, _ arguments: ParsedArguments) {
        if arguments.flag("--json") {
            Console.print(MonitorText.json(execution, kind: "monitorExecuted").text)
        } else {
            Console.print(MonitorText.line(execution))
            for violation in execution.violations {
                Console.print("! \(violation.feature)  \(violation.check): \(violation.description)")
            }
        }
    }

    private static func tell(
        _ monitor: MonitorRecord, _ arguments: ParsedArguments, kind: String, last: MonitorExecution? = nil
    ) {
        if arguments.flag("--json") {
            var members: [JSONValue.Member] = [.init("kind", .string(kind)), .init("monitor", .string(monitor.name))]
            members += monitor.json.members ?? []
            if let last { members.append(.init("last", last.json)) }
            return Console.print(JSONValue.object(members).text)
        }
        Console.print(MonitorText.line(monitor, last))
    }
}

extension MonitorRecord {
    /// Until when it looks where it is told to look now. Requests have whole seconds, and those of this second are waited for; a file that
    /// comes into a folder after this moment belongs to the next time.
    fileprivate func windowEnd(_ now: Double) -> Double {
        if case .endpoint = source { now.rounded(.up) } else { now }
    }
}

extension MonitorStore {
    /// Has a monitor's schedule rest, or go on.
    ///
    /// - Throws: usage, for one without a schedule.
    func rest(_ name: String, _ isPaused: Bool) throws {
        let schedule = try MonitorSchedule(try monitor(named: name).schedule)
        if case .now = schedule { throw CommandError.usage("\(name) has no schedule: `descent monitor run \(name)` has it look") }
        let next = schedule.next(after: WallClock.now())
        try change(name) { $0.nextAt = isPaused ? nil : $0.nextAt ?? next }
    }

    /// Has the host look at what came since a monitor last did.
    func lookNow(_ name: String) throws {
        let now = WallClock.now()
        _ = try schedule(name) { record in
            let execution = MonitorExecution(
                monitor: name, scheduledAt: now, from: record.coveredUntil,
                until: max(record.coveredUntil, record.windowEnd(now)),
                folder: MonitorSchedule.folder(of: name, now))
            return ([execution], record.nextAt)
        }
    }

    /// Removes a monitor with its executions and files.
    func remove(_ name: String, in workspace: Workspace) throws {
        try remove(name)
        Folder.remove(workspace.path + "/monitors/" + name)
    }
}
