import Clocks
import Events
import Experiments
import Glibc
import JSON

/// `descent monitor retrain`: from drift to a canary.
enum MonitorRetrainCommand {
    static let specification = CommandSpecification(
        words: ["monitor", "retrain"],
        summary: "train the model of a monitor's endpoint again on new rows, compare both, and deploy it as a canary",
        details: """
            Joins what the endpoint was asked with the labels that came since, and trains a model on them with the settings of the one that \
            answers: beside the old rows, or with --instead on new ones alone. The newest fifth of the new rows is learned from by neither \
            and judges both, as `runs compare` does. Unless the new one is worse it gets 10 % of the requests, watched by the endpoint's \
            alarms for --wait seconds, and then all. The workspace's host does it, whoever waits.
            """,
        positionals: [.init(name: "MONITOR", help: "a monitor of the endpoint's")],
        options: [
            .init(name: "--instead", value: nil, help: "learn from new rows instead of the old ones, and not from both"),
            .init(name: "--wait", value: "SECONDS", help: "how long the canary is watched (default: 60)"),
            .init(name: "--no-deploy", value: nil, help: "train and compare alone"),
            .init(name: "--no-wait", value: nil, help: "return once it is asked for"),
        ],
        examples: [
            "descent monitor retrain churn-data-quality",
            "descent monitor retrain churn-data-quality --instead --no-deploy --json",
        ],
        run: { arguments in
            let client = try EndpointClient(arguments), monitors = client.store.monitors
            let wait = try arguments.number("--wait", in: 0...3600) ?? 60
            let asked = try monitors.askToRetrain(
                arguments.positionals[0], isInstead: arguments.flag("--instead"), deploys: !arguments.flag("--no-deploy"),
                wait: wait)
            try client.wakeHost()
            if arguments.flag("--no-wait") { return tell(asked, arguments) }
            var known = asked
            while true {
                guard let now = try monitors.retraining(id: asked.id) else { throw CommandError.failed("it was taken back") }
                if now.status.isOver { return tell(now, arguments) }
                if now.status != known.status, !arguments.flag("--json"), !arguments.flag("--quiet") {
                    Console.note(MonitorText.line(now))
                }
                known = now
                usleep(100_000)
            }
        })

    private static func tell(_ record: RetrainingRecord, _ arguments: ParsedArguments) -> CommandError.ExitCode {
        if arguments.flag("--json") {
            Console.print(record.line.text)
        } else {
            if !arguments.flag("--quiet") { for note in record.notes { Console.note("note: \(note)") } }
            for measure in record.measures { Console.print("  " + MonitorText.line(measure)) }
            Console.print(MonitorText.line(record))
        }
        return record.status.isGood || !record.status.isOver ? .done : .failed
    }
}

extension MonitorStore {
    /// Writes down that a monitor's model is to be trained again.
    ///
    /// - Throws: usage, for a monitor of files; `stillRunning` where that is under way.
    @discardableResult
    func askToRetrain(
        _ name: String, isInstead: Bool, deploys: Bool = true, wait: Double = 60
    ) throws -> RetrainingRecord {
        let monitor = try monitor(named: name)
        guard let endpoint = monitor.endpoint else {
            throw CommandError.usage(
                "\(name) looks at files: train a model on what you choose, `descent train FILE --target COL`")
        }
        var generator = SystemRandomNumberGenerator()
        let record = RetrainingRecord(
            id: RunID.random(using: &generator).text, monitor: name, endpoint: endpoint, isInstead: isInstead, deploys: deploys,
            wait: wait, requestedAt: WallClock.now())
        try ask(record)
        return record
    }
}

extension RetrainingRecord {
    /// As commands tell it to programs.
    var line: JSONValue { .object([.init("kind", .string("monitorRetrained"))] + (json.members ?? [])) }
}
