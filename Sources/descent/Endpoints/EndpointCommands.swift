import Clocks
import Events
import Experiments
import Hosting
import JSON
import Serving

/// `descent endpoint create|list|show|weights|delete|credentials`.
enum EndpointCommands {
    static let named = PositionalSpecification(name: "ENDPOINT", help: "an endpoint's name, its id, or @latest")

    static let create = CommandSpecification(
        words: ["endpoint", "create"], summary: "have models answer requests over HTTP, as SageMaker's endpoints do",
        details: """
            The workspace's host answers them, which is started where there is none; an endpoint comes back with it, whatever ended it. \
            Requests are SageMaker's: POST to the address that is printed, with rows as CSV, JSON, JSON Lines, libsvm or \
            recordio-protobuf, signed with the workspace's key or with its token (`descent endpoint credentials`). Of several models \
            each gets its weight's share of the requests.
            """,
        positionals: [.init(name: "NAME", help: "what it is called: \(EndpointName.form)")],
        options: [
            .init(
                name: "--model", value: "MODEL[:WEIGHT]",
                help:
                    "a run's name, its id, @latest, @best, or an AutoML job, with its weight (default: 1); more than one: variants",
                isRepeatable: true),
            .init(
                name: "--capture", value: "PERCENT",
                help: "write so many of a hundred requests down with their answers, in the workspace's folder capture"),
            CaptureDestination.option,
            .init(
                name: "--async-concurrency", value: "N",
                help: "answer so many asynchronous requests at one time, up to 64 (default: 1)"),
            IdleTime.option,
            EndpointModels.unapproved,
        ],
        examples: [
            "descent endpoint create churn --model @best",
            "descent endpoint create churn --model old:9 --model new:1 --capture 20",
        ],
        run: { arguments in
            let name = arguments.positionals[0], words = arguments.values("--model")
            guard EndpointName.isValid(name) else {
                throw CommandError.usage("an endpoint cannot be called '\(name)': \(EndpointName.form)")
            }
            guard !words.isEmpty else { throw CommandError.usage("an endpoint needs a model: --model MODEL") }
            let capture = try arguments.number("--capture", in: 0...100)
            let client = try EndpointClient(arguments)
            let variants = try EndpointModels.variants(words, client.workspace, arguments)
            var generator = SystemRandomNumberGenerator()
            let idle = try IdleTime.seconds(arguments)
            let concurrency = try arguments.number("--async-concurrency", in: 1...64)
            var record = EndpointRecord(
                id: RunID.random(using: &generator).text, name: name, variants: variants,
                capturePercent: capture.flatMap { $0 > 0 ? $0 : nil }, createdAt: WallClock.now())
            record.idleDeleteSeconds = idle.flatMap { $0 > 0 ? $0 : nil }
            record.captureDestination = try CaptureDestination.place(arguments).flatMap { $0.isEmpty ? nil : $0 }
            if record.captureDestination != nil, record.capturePercent == nil { record.capturePercent = 100 }
            record.asyncConcurrency = try concurrency.map { number in
                guard let whole = Int(exactly: number) else { throw CommandError.usage("--async-concurrency is a whole number") }
                return whole
            }
            try client.endpoints.register(record)
            try client.wakeHost()
            let now = try client.waitUntilItStands(record.id)
            guard now.status == .inService else {
                throw CommandError.failed(
                    "\(name) is \(now.status.rawValue): \(now.reason); `descent endpoint delete \(name)` removes it")
            }
            let text = EndpointText(record: now, place: try client.endpoints.place())
            if arguments.flag("--json") {
                Console.print(text.json(kind: "endpointInService").text)
            } else {
                Console.print("\(name) is in service: \(text.url ?? "")")
                if !arguments.flag("--quiet") {
                    Console.note(
                        "  descent endpoint invoke \(name) ROWS.csv    descent endpoint credentials    descent endpoint delete \(name)"
                    )
                }
            }
            return .done
        })

    static let list = CommandSpecification(
        words: ["endpoint", "list"], summary: "list endpoints, newest first", examples: ["descent endpoint list --json"],
        run: { arguments in
            guard let store = try WorkspaceChoice.readingIfAny(arguments)?.endpoints else { return .done }
            let place = try store.place()
            for record in try store.all() {
                let text = EndpointText(record: record, place: place)
                Console.print(arguments.flag("--json") ? text.json(kind: "endpoint").text : text.line)
            }
            return .done
        })

    static let show = CommandSpecification(
        words: ["endpoint", "show"], summary: "show an endpoint: its variants, where it is reached, and what happened to it",
        positionals: [named], examples: ["descent endpoint show churn"],
        run: { arguments in
            let store = try WorkspaceChoice.reading(arguments).endpoints
            let record = try store.endpoint(named: arguments.positionals[0])
            var text = EndpointText(record: record, place: try store.place())
            text.report = try store.shadowReport(of: record.id)
            text.asyncFolder = EndpointListener.asyncFolder(try WorkspaceChoice.existing(arguments), of: record.name)
            let history = try store.history(of: record.id)
            if arguments.flag("--json") {
                for (at, event) in history {
                    Console.print(
                        JSONValue.object([.init("kind", .string(event.name.text)), .init("at", .number(at))] + event.members).text
                    )
                }
                Console.print(text.json(kind: "endpoint").text)
                return .done
            }
            Console.print(text.line)
            for variant in record.variants {
                let model = variant.model == variant.modelID ? variant.model : "\(variant.model) (\(variant.modelID))"
                Console.print("  \(variant.name)  \(EndpointText.percent(record.share(of: variant)))  \(model)")
            }
            for line in text.shadowLines { Console.print("  " + line) }
            if let seconds = record.idleDeleteSeconds, record.status != .deleting {
                Console.print("  deleted once nobody has called it for \(IdleTime.text(seconds))")
            }
            if let line = text.asyncLine { Console.print("  " + line) }
            if let checked = record.checkedRequests, checked > 0 {
                Console.print("  checked: it answered \(checked) stored request\(checked == 1 ? "" : "s") before it got any")
            }
            if let percent = record.capturePercent {
                let folder = EndpointListener.captureFolder(try WorkspaceChoice.existing(arguments))
                Console.print("  captured: \(EndpointText.percent(percent / 100)) of the requests, in \(folder)/\(record.name)")
                if let place = record.captureDestination {
                    Console.print("  " + CaptureDestination.words(CaptureSender.standing(folder, record.name), place))
                }
            }
            for (at, event) in history { Console.print("  \(LocalTime.short(at))  \(EndpointText.words(event))") }
            return .done
        })

    static let weights = CommandSpecification(
        words: ["endpoint", "weights"], summary: "give an endpoint's variants other shares of the requests, at once",
        positionals: [named, .init(name: "VARIANT=WEIGHT", help: "a variant and its weight, zero or more", isRepeatable: true)],
        examples: ["descent endpoint weights churn old=1 new=1"],
        run: { arguments in
            let client = try EndpointClient(arguments)
            let record = try client.endpoints.endpoint(named: arguments.positionals[0])
            var weights: [String: Double] = [:]
            for word in arguments.positionals.dropFirst() {
                let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
                guard parts.count == 2, let weight = Double(parts[1]), weight >= 0, weight.isFinite else {
                    throw CommandError.usage("'\(word)': write VARIANT=WEIGHT, the weight zero or more")
                }
                guard record.variants.contains(where: { $0.name == parts[0] }) else {
                    let names = record.variants.map(\.name).joined(separator: ", ")
                    throw CommandError.usage("\(record.name) has no variant '\(parts[0])': it has \(names)")
                }
                weights[parts[0]] = weight
            }
            let sum = record.variants.reduce(0) { $0 + (weights[$1.name] ?? $1.weight) }
            guard sum > 0 else { throw CommandError.usage("no variant would have any weight: leave one above 0") }
            try client.ask(.weights(weights), of: record)
            try tell(record.id, client, arguments, kind: "endpointWeights")
            return .done
        })

    static let delete = CommandSpecification(
        words: ["endpoint", "delete"], summary: "delete an endpoint; what has begun is answered, what was captured is kept",
        positionals: [named], examples: ["descent endpoint delete churn"],
        run: { arguments in
            let client = try EndpointClient(arguments)
            let record = try client.endpoints.endpoint(named: arguments.positionals[0])
            if HostLink(client.workspace.path).isThere {
                try client.ask(.delete, of: record)
            } else {
                try client.endpoints.remove(record.id)
            }
            if arguments.flag("--json") {
                Console.print(
                    JSONValue.object([
                        "kind": .string("endpointDeleted"), "endpoint": .string(record.name), "id": .string(record.id),
                    ]).text)
            } else if !arguments.flag("--quiet") {
                Console.note("\(record.name) is deleted")
            }
            return .done
        })

    static let credentials = CommandSpecification(
        words: ["endpoint", "credentials"], summary: "show the workspace's own key pair and token, which its endpoints ask for",
        details: """
            They are made when they are first needed, and kept in the workspace's file credentials.json, which its user alone can read. \
            Without --json they are lines for a shell: eval "$(descent endpoint credentials)" has boto3 ask this workspace's endpoints.
            """,
        examples: ["descent endpoint credentials --json", "eval \"$(descent endpoint credentials)\""],
        run: { arguments in
            let workspace = try WorkspaceChoice.open(arguments)
            let known = try ServerCredentials(workspace: workspace.path), place = try RunStore(workspace).endpoints.place()
            if arguments.flag("--json") {
                var members: [JSONValue.Member] = [.init("kind", .string("credentials"))]
                members += known.json.members ?? []
                if let place { members.append(.init("endpoint_url", .string(place.url))) }
                Console.print(JSONValue.object(members).text)
                return .done
            }
            Console.print("export AWS_ACCESS_KEY_ID=\(known.accessKeyID)")
            Console.print("export AWS_SECRET_ACCESS_KEY=\(known.secretAccessKey)")
            Console.print("export DESCENT_TOKEN=\(known.token)")
            if let place { Console.print("export AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME=\(place.url)") }
            return .done
        })

    /// How an endpoint stands after something was done to it.
    static func tell(_ id: String, _ client: EndpointClient, _ arguments: ParsedArguments, kind: String) throws {
        guard let record = try client.endpoints.endpoint(id: id) else { return }
        var text = EndpointText(record: record, place: try client.endpoints.place())
        if kind == "endpointShadow" { text.report = try client.endpoints.shadowReport(of: id) }
        if arguments.flag("--json") {
            Console.print(text.json(kind: kind).text)
        } else if !arguments.flag("--quiet") {
            Console.print(text.line)
            for line in text.shadowLines { Console.print("  " + line) }
        }
    }
}
