import Events
import Experiments
import JSON
import Serving

/// `descent endpoint update|promote|rollback`: another version, with guardrails.
enum EndpointUpdateCommand {
    static let update = CommandSpecification(
        words: ["endpoint", "update"], summary: "have other models answer an endpoint's requests, step by step, with a way back",
        details: """
            The new version is loaded beside the old one, answers stored rows (some of its training data as when it was kept, and some \
            requests that the endpoint answered before) and then gets its share of the requests as the strategy says; each step is watched \
            for --wait seconds. Should one of the alarms go off, the old version gets all requests back at once. Every request is answered by \
            exactly one version, and none is dropped. An alarm that is on already, a model that cannot be read and a plan beyond SageMaker's \
            limits are refused before anything changes.
            """,
        positionals: [EndpointCommands.named],
        options: [
            .init(name: "--model", value: "MODEL[:WEIGHT]", help: "the new version's models, as with create", isRepeatable: true),
            .init(
                name: "--strategy", value: "NAME",
                help: "all-at-once (default), canary (a share, then all), linear (equal shares), rolling (small shares)"),
            .init(name: "--canary-size", value: "P", help: "the canary's share, such as 10% (default), at most 50%"),
            .init(
                name: "--step-size", value: "P",
                help: "a step's share, such as 10% (default): linear 10% to 50%, rolling 5% to 50%"),
            .init(name: "--wait", value: "SECONDS", help: "how long each step is watched, the last one too (default: 0)"),
            .init(name: "--termination-wait", value: "SECONDS", help: "how long the old version is kept after that (default: 0)"),
            .init(
                name: "--alarm", value: "NAME", help: "an alarm that brings the old version back; up to ten", isRepeatable: true),
            .init(
                name: "--no-check", value: nil,
                help: "deploy a version even where it fails on requests that the endpoint answered before"),
            IdleTime.option,
            .init(name: "--capture", value: "PERCENT", help: "write so many of a hundred requests down from now on; 0: none"),
            CaptureDestination.option,
            .init(name: "--no-wait", value: nil, help: "return once it has begun"), EndpointModels.unapproved,
        ],
        examples: [
            "descent endpoint update churn --model new --strategy canary --canary-size 10% --wait 60 --alarm churn-errors",
            "descent endpoint update churn --model @best",
        ],
        run: { arguments in
            let client = try EndpointClient(arguments), words = arguments.values("--model")
            let record = try client.endpoints.endpoint(named: arguments.positionals[0])
            let idle = try IdleTime.seconds(arguments)
            let percent = try arguments.number("--capture", in: 0...100), place = try CaptureDestination.place(arguments)
            if let place {
                try client.ask(.sendCapture(to: place), of: record)
                if !place.isEmpty, percent == nil, record.capturePercent == nil {
                    try client.ask(.capture(percent: 100), of: record)
                }
            }
            if let percent { try client.ask(.capture(percent: percent), of: record) }
            if percent != nil || place != nil {
                if idle == nil, words.isEmpty {
                    try EndpointCommands.tell(record.id, client, arguments, kind: "endpoint")
                    return .done
                }
            }
            if let idle, words.isEmpty {
                try client.ask(.idleDelete(seconds: idle), of: record)
                try EndpointCommands.tell(record.id, client, arguments, kind: "endpoint")
                return .done
            }
            guard !words.isEmpty else { throw CommandError.usage("an update needs the new version's model: --model MODEL") }
            let strategy = arguments.value("--strategy") ?? "all-at-once"
            var update = EndpointUpdate(
                variants: try EndpointModels.variants(words, client.workspace, arguments), strategy: strategy,
                step: try share(arguments, strategy), wait: try arguments.number("--wait", in: 0...3600) ?? 0,
                terminationWait: try arguments.number("--termination-wait", in: 0...3600) ?? 0,
                alarms: arguments.values("--alarm"))
            (update.isUnchecked, update.idleDeleteSeconds) = (arguments.flag("--no-check"), idle)
            _ = try EndpointRollout.plan(update)
            for name in update.alarms { _ = try client.store.alarms.alarm(named: name) }
            try client.ask(.update(update), of: record)
            if arguments.flag("--no-wait") {
                try EndpointCommands.tell(record.id, client, arguments, kind: "endpointUpdating")
                return .done
            }
            let now = try client.waitUntilItStands(record.id, seconds: 86_400)
            return tell(now, arguments)
        })

    static let promote = CommandSpecification(
        words: ["endpoint", "promote"],
        summary: "give the new version of an endpoint that is being updated, or its shadow, all requests now",
        positionals: [EndpointCommands.named], examples: ["descent endpoint promote churn"], run: { try end($0, .promote) })

    static let rollback = CommandSpecification(
        words: ["endpoint", "rollback"], summary: "give the old version of an endpoint that is being updated all requests back",
        positionals: [EndpointCommands.named], examples: ["descent endpoint rollback churn"], run: { try end($0, .rollBack) })

    private static func end(_ arguments: ParsedArguments, _ wish: EndpointWish) throws -> CommandError.ExitCode {
        let client = try EndpointClient(arguments)
        let record = try client.endpoints.endpoint(named: arguments.positionals[0])
        try client.ask(wish, of: record)
        if let now = try client.endpoints.endpoint(id: record.id) { _ = tell(now, arguments) }
        return .done
    }

    private static func tell(_ record: EndpointRecord, _ arguments: ParsedArguments) -> CommandError.ExitCode {
        let isRolledBack = record.isRolledBack == true
        if arguments.flag("--json") {
            Console.print(
                JSONValue.object([
                    "kind": .string("endpointUpdated"), "endpoint": .string(record.name),
                    "status": .string(record.status.rawValue),
                    "rolledBack": .boolean(isRolledBack), "reason": .string(record.reason),
                ]).text)
        } else if !arguments.flag("--quiet") {
            Console.print("\(record.name): \(record.status.rawValue)" + (record.reason.isEmpty ? "" : ", \(record.reason)"))
        }
        return isRolledBack || record.status != .inService ? .failed : .done
    }

    /// The canary's share, or a step's.
    private static func share(_ arguments: ParsedArguments, _ strategy: String) throws(CommandError) -> Double {
        let option = strategy == "canary" ? "--canary-size" : "--step-size"
        for other in ["--canary-size", "--step-size"] where other != option && arguments.flag(other) {
            throw .usage("\(other) is not for the strategy \(strategy)")
        }
        guard let text = arguments.value(option) else { return 0.1 }
        guard let number = Double(text.hasSuffix("%") ? String(text.dropLast()) : text), number > 0, number <= 100 else {
            throw .usage("\(option) '\(text)': give a percentage such as 10%")
        }
        return number / 100
    }
}
