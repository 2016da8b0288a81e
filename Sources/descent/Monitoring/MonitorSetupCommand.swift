import Cells
import Events
import JSON

/// `descent monitor setup`: all that an endpoint needs to be watched.
enum MonitorSetupCommand {
    static let retrain = OptionSpecification(
        name: "--retrain", value: "ROWS",
        help:
            "have violations train the model again, on new rows beside the old ones or instead of them: beside or instead (default: off)"
    )

    static let specification = CommandSpecification(
        words: ["monitor", "setup"], summary: "have everything written down that an endpoint is asked, and monitors look at it",
        details: """
            Turns capture on, and makes the monitors that the endpoint's model can have, with baselines of its own training data: data \
            quality, model quality, bias, attributions. What cannot be is named with the reason. Labels are looked for in \
            WORKSPACE/ground-truth/ENDPOINT unless --ground-truth names another place. Monitors that are there stay as they are.
            """,
        positionals: [EndpointCommands.named],
        options: [
            .init(
                name: "--schedule", value: "S",
                help: "when they look (default: 'cron(0 * ? * * *)', every hour), or every=60s (m, h, d), or now"),
            .init(name: "--ground-truth", value: "PATH", help: "a file or a folder that labels come into"),
            .init(name: "--facet", value: "COL=V", help: "the rows that are compared with all others, for bias"),
            .init(name: "--positive", value: "V", help: "which labels are good ones, for bias"),
            retrain,
        ],
        examples: [
            "descent monitor setup churn", "descent monitor setup churn --schedule every=5m --facet sex=Female --positive yes",
        ],
        run: { arguments in
            var setup = MonitorSetup(try EndpointClient(arguments))
            setup.schedule = arguments.value("--schedule") ?? setup.schedule
            (setup.groundTruth, setup.retrain) = (arguments.value("--ground-truth"), arguments.value("--retrain"))
            (setup.facet, setup.positive) = (arguments.value("--facet"), arguments.value("--positive"))
            let (endpoint, outcomes) = try setup.carryOut(arguments.positionals[0])
            if arguments.flag("--json") {
                for outcome in outcomes { Console.print(outcome.json(endpoint).text) }
            } else {
                let percent = NumberFormat.significant(endpoint.capturePercent ?? 0, digits: 3)
                Console.print("\(endpoint.name)  \(percent) % of the requests are written down")
                for outcome in outcomes { Console.print("  " + outcome.words) }
            }
            return outcomes.contains(where: \.isThere) ? .done : .failed
        })
}

extension MonitorSetup.Outcome {
    var words: String {
        let reason = reason.isEmpty ? "" : ": \(reason)"
        return isThere ? "\(monitor)  \(kind.rawValue)\(reason)" : "no \(kind.rawValue)\(reason)"
    }

    func json(_ endpoint: EndpointRecord) -> JSONValue {
        .object([
            "kind": .string("monitorSetUp"), "endpoint": .string(endpoint.name), "type": .string(kind.rawValue),
            "monitor": isThere ? .string(monitor) : .null, "new": .boolean(isNew),
            "reason": reason.isEmpty ? nil : .string(reason),
            "capturePercent": endpoint.capturePercent.map { .number($0) },
        ])
    }
}
