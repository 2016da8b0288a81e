import Clocks
import Events
import Experiments

/// `descent endpoint shadow`: another model is shown the requests, and nobody gets its answers.
enum EndpointShadowCommand {
    static let specification = CommandSpecification(
        words: ["endpoint", "shadow"], summary: "show a model an endpoint's requests beside, and compare what both answer",
        details: """
            The model is shown each request after its client has the answer, on a thread that gives way to all others: it slows nobody, \
            and what it does not keep up with is counted and left out. `descent endpoint show` says on how many rows both agree, how far \
            their scores lie apart, how long each takes, which fails, and the rows of the largest disagreement. It goes on until \
            --stop, or until `descent endpoint promote` has the model answer. Another --sampling changes the share and keeps what was \
            counted.
            """,
        positionals: [EndpointCommands.named],
        options: [
            .init(name: "--model", value: "MODEL", help: "the model that is shown the requests"),
            .init(name: "--sampling", value: "PERCENT", help: "so many of a hundred requests (default: 100)"),
            .init(name: "--stop", value: nil, help: "end it, and show what came of it"), EndpointModels.unapproved,
        ],
        examples: ["descent endpoint shadow churn --model newer --sampling 20", "descent endpoint shadow churn --stop"],
        run: { arguments in
            let client = try EndpointClient(arguments)
            let record = try client.endpoints.endpoint(named: arguments.positionals[0])
            if arguments.flag("--stop") {
                for option in ["--model", "--sampling"] where arguments.flag(option) {
                    throw CommandError.usage("--stop ends the test: leave \(option) out")
                }
                try client.ask(.stopShadow, of: record)
                try EndpointCommands.tell(record.id, client, arguments, kind: "endpointShadow")
                return .done
            }
            let percent = try arguments.number("--sampling", in: 0...100) ?? 100
            guard percent > 0 else { throw CommandError.usage("--sampling 0 shows nothing: --stop ends a test") }
            try client.ask(.shadow(try shadow(record, percent, client, arguments)), of: record)
            try EndpointCommands.tell(record.id, client, arguments, kind: "endpointShadow")
            return .done
        })

    private static func shadow(
        _ record: EndpointRecord, _ percent: Double, _ client: EndpointClient, _ arguments: ParsedArguments
    ) throws -> EndpointShadow {
        if let word = arguments.value("--model") {
            let model = try EndpointModels.variants([word], client.workspace, arguments)[0]
            return EndpointShadow(model: model, percent: percent, startedAt: WallClock.now())
        }
        guard var running = record.shadow else {
            throw CommandError.usage("a shadow test needs a model: --model MODEL")
        }
        running.percent = percent
        return running
    }
}
