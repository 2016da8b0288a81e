import Actions
import Clocks
import Events
import Experiments
import JSON
import PrintableText

/// `descent debug actions`: what is done when a rule finds something, who is told, and what came of it.
enum ActionCommands {
    static let list = CommandSpecification(
        words: ["debug", "actions"], summary: "what is done when a rule finds something, and how somebody is told",
        details: """
            Lists actions.txt of the workspace. A line of it is RULE [suspect|cleared|error|change]: ACTION, ACTION…, with any, any issue, \
            any warning or any info for every rule. Actions are stop, pause, checkpoint, steer NAME=VALUE…, notify CHANNEL, bell, desktop \
            and command "…", which finds what happened in DESCENT_RULE, DESCENT_RUN_NAME, DESCENT_TEXT, DESCENT_EVENT and others.

            A channel is a line too: channel NAME: webhook ADDRESS [bearer=SECRET] [secret=SECRET] [body=text|event]; mail ADDRESS \
            server=smtp://HOST:587 [from=ADDRESS] [user=U] [password=SECRET]; sns ARN|+PHONE [region=R]; command "…"; file PATH; each with \
            [quiet=22:00-07:00] [limit=6/hour] [timeout=30]. A SECRET is env:NAME or file:PATH, the file being yours alone (mode 600).

            A run has those of the workspace when it is started, and what train --action says beside them. Ends with 1 where an action \
            cannot be carried out.
            """,
        examples: ["descent debug actions", "descent train sample-data/iris.csv --target species --action 'Overfit: stop'"],
        run: { arguments in
            let workspace = try WorkspaceChoice.open(arguments)
            let list = try ActionFile.list(of: workspace)
            let surroundings = Surroundings(environment: arguments.environment, folder: workspace.path)
            for channel in list.channels {
                let problem = problem(with: channel, surroundings)
                Console.print(arguments.flag("--json") ? json(channel, problem).text : line(channel, problem))
            }
            // What a channel lacks here may be there where runs are trained.
            var isSound = true
            for statement in list.statements {
                let unknown = statement.channels.first { list.channel(named: $0) == nil }
                let problem = unknown.map { "there is no channel \($0)" } ?? ActionFile.unknownRule(of: statement, in: workspace)
                isSound = isSound && problem == nil
                if arguments.flag("--json") {
                    let object: JSONValue = .object([
                        "kind": .string("action"), "text": .string(statement.text), "problem": problem.map { .string($0) },
                    ])
                    Console.print(object.text)
                } else {
                    Console.print(statement.text + (problem.map { "  (\($0))" } ?? ""))
                }
            }
            if list.channels.isEmpty, list.statements.isEmpty, !arguments.flag("--json") {
                Console.print("no actions: \(ActionFile.path(of: workspace)) would have them (descent debug actions --help)")
            }
            return isSound ? .done : .failed
        })

    static let test = CommandSpecification(
        words: ["debug", "actions", "test"], summary: "send a test notice by a channel, and say what came of it",
        details: "Ends with 0 when it was taken and with 1 when it was not.",
        positionals: [.init(name: "CHANNEL", help: "one of descent debug actions, bell or desktop")],
        examples: ["descent debug actions test ops"],
        run: { arguments in
            let workspace = try WorkspaceChoice.open(arguments)
            let list = try ActionFile.list(of: workspace)
            let name = arguments.positionals[0]
            guard let channel = list.channel(named: name) else {
                throw CommandError.usage(ActionFile.unknown(name, in: list, workspace))
            }
            let now = WallClock.now()
            let change = StateChange(
                name: "Test", state: .issue, severity: .info, run: RunID("none"), runName: "none", step: 0, time: now,
                summary: "a test, nothing is wrong")
            var notice = Notice(id: Notice.id(ofSummary: [name, "\(now)"]), [change])
            notice.isTest = true
            let sender = NoticeSender(Surroundings(environment: arguments.environment, folder: workspace.path)) {
                TerminalNotices.showOnStandardError($0, arguments.environment)
            }
            do throws(DeliveryFault) { try sender.send(notice, by: channel) } catch {
                throw CommandError.failed("\(channel.title): \(error.message)")
            }
            let taken: JSONValue = .object(["kind": .string("noticeSent"), "channel": .string(name)])
            Console.print(arguments.flag("--json") ? taken.text : "\(channel.title): taken")
            return .done
        })

    static let show = CommandSpecification(
        words: ["debug", "actions", "show"], summary: "what followed from a run's alerts: actions, notices, failures",
        details: "With --json a line each of kind actionTaken, then those notices that still wait, of kind notice.",
        positionals: [RunArgument.positional], examples: ["descent debug actions show @latest"],
        run: { arguments in
            let store = try WorkspaceChoice.reading(arguments)
            let run = try store.run(named: arguments.positionals[0])
            let events = try store.events(of: run.record.id, kinds: [.actionTaken])
            let waiting = try store.notices(of: run.record.id).filter { $0.state == .waiting || $0.state == .sending }
            for event in events {
                guard case .action(.taken(let taken)) = event.kind else { continue }
                Console.print(arguments.flag("--json") ? event.json.text : "\(LocalTime.short(event.wallTime))  \(taken.message)")
            }
            for notice in waiting {
                let object: JSONValue = .object([
                    "kind": .string("notice"), "channel": .string(notice.channel), "subject": .string(notice.change.name),
                    "state": .string(notice.state.rawValue), "notBefore": .string(WallClock.text(notice.notBefore)),
                    "failures": .integer(notice.failures),
                ])
                let words = "\(LocalTime.short(notice.notBefore))  \(notice.channel) is to be told of \(notice.change.name)"
                Console.print(arguments.flag("--json") ? object.text : words)
            }
            if events.isEmpty, waiting.isEmpty, !arguments.flag("--json") {
                Console.print("nothing followed from \(run.record.name)")
            }
            return .done
        })

    static let events = CommandSpecification(
        words: ["debug", "actions", "events"],
        summary: "each change of a rule's state in a run, as Amazon EventBridge has events",
        details: "A JSON object a line, the same that webhooks with body=event and channels of kind file get.",
        positionals: [RunArgument.positional], examples: ["descent debug actions events @latest"],
        run: { arguments in
            let store = try WorkspaceChoice.reading(arguments)
            let record = try store.run(named: arguments.positionals[0]).record
            var alerts: [String: Alert] = [:]
            for event in try store.events(of: record.id, kinds: [.alertRaised, .ruleEvaluated]) {
                switch event.kind {
                case .debugger(.alertRaised(let alert)): alerts[alert.rule] = alert
                case .debugger(.ruleEvaluated(let evaluation)):
                    let change = StateChange(evaluation, alert: alerts[evaluation.rule], of: record, at: event.wallTime)
                    Console.print(change.eventBridge.text)
                default: break
                }
            }
            return .done
        })

    /// Why a channel could not tell anybody now; nil where it could.
    private static func problem(with channel: Channel, _ surroundings: Surroundings) -> String? {
        for secret in channel.secrets {
            do throws(DeliveryFault) { _ = try secret.read(surroundings) } catch { return error.message }
        }
        return nil
    }

    private static func line(_ channel: Channel, _ problem: String?) -> String {
        var parts = ["channel \(channel.name): \(channel.word)"]
        if let quiet = channel.quiet { parts.append("quiet \(quiet.text)") }
        if !channel.secrets.isEmpty { parts.append("secrets " + channel.secrets.map(\.text).joined(separator: ", ")) }
        if let problem { parts.append(problem) }
        return parts.joined(separator: "  ")
    }

    private static func json(_ channel: Channel, _ problem: String?) -> JSONValue {
        .object([
            "kind": .string("channel"), "name": .string(channel.name), "type": .string(channel.word),
            "quiet": channel.quiet.map { .string($0.text) }, "problem": problem.map { .string($0) },
        ])
    }
}
