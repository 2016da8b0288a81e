import Events
import Experiments
import JSON

/// What the far end says.
public enum FarMessage: Hashable, Sendable {
    case news(WorkspaceNews)
    /// What came of a command.
    /// - Parameter refusal: why it was not done; nil = it was.
    case answer(id: Int, refusal: String?)
    /// What was asked for.
    case found(id: Int, JSONValue)
    /// A fact that belongs to no run, such as that a file was read.
    case fact(StudioEvent)
    /// It is there, and has nothing to say.
    case alive
    /// It will say nothing more, and why.
    case refused(String)
    case transfer(RunTransfer)
}

/// What the near end says.
public enum NearMessage: Hashable, Sendable {
    /// - Parameter change: up to which change all is known of the workspace; -1 = nothing; nil = nobody wants to know.
    case hello(protocolVersion: Int, version: String, change: Int?)
    /// A curve is wanted, from where it ends here.
    case want(RunID, MetricName, CurveEnd)
    case command(id: Int, StudioCommand)
    case ask(id: Int, FarQuestion)
    /// All of a run is wanted.
    case fetch(id: Int, String)
    case transfer(RunTransfer)
    /// It is there, and asks nothing.
    case alive
}

extension FarMessage {
    public var json: JSONValue {
        switch self {
        case .news(let news): news.json
        case .answer(let id, let refusal):
            .object(["answer": .integer(id), "refused": refusal.map { .string($0) }])
        case .found(let id, let found): .object(["found": found, "id": .integer(id)])
        case .fact(let event): .object(["fact": event.json])
        case .alive: .object(["alive": .boolean(true)])
        case .refused(let why): .object(["closed": .string(why)])
        case .transfer(let transfer): transfer.json
        }
    }

    public init?(json: JSONValue) {
        if json["news"] != nil {
            guard let news = WorkspaceNews(json: json) else { return nil }
            self = .news(news)
        } else if let id = json["answer"]?.integer {
            self = .answer(id: id, refusal: json["refused"]?.string)
        } else if let found = json["found"], let id = json["id"]?.integer {
            self = .found(id: id, found)
        } else if let fact = json["fact"] {
            guard let event = StudioEvent(json: fact), event.run == nil else { return nil }
            self = .fact(event)
        } else if json["alive"] != nil {
            self = .alive
        } else if let why = json["closed"]?.string {
            self = .refused(why)
        } else if let transfer = RunTransfer(json: json) {
            self = .transfer(transfer)
        } else {
            return nil
        }
    }
}

extension NearMessage {
    public var json: JSONValue {
        switch self {
        case .hello(let number, let version, let change):
            .object(["hello": .integer(number), "version": .string(version), "change": change.map { .integer($0) }])
        case .want(let run, let metric, let end):
            .object([
                "want": .string(run.text), "metric": .string(metric.text), "count": .integer(end.count),
                "last": end.last.map { .string(Base64.text(SeriesPoints.bytes([$0]))) },
                "outlined": end.isOutlined ? .boolean(true) : nil,
            ])
        case .command(let id, let command): .object(["id": .integer(id)]).adding(command.json.members ?? [])
        case .ask(let id, let question): .object(["id": .integer(id)]).adding(question.json.members ?? [])
        case .fetch(let id, let run): .object(["fetch": .string(run), "id": .integer(id)])
        case .transfer(let transfer): transfer.json
        case .alive: .object(["alive": .boolean(true)])
        }
    }

    public init?(json: JSONValue) {
        if json["alive"] != nil {
            self = .alive
        } else if let number = json["hello"]?.integer {
            self = .hello(
                protocolVersion: number, version: json["version"]?.string ?? "", change: json["change"]?.integer)
        } else if let run = json["want"]?.string, let metric = json["metric"]?.string, let count = json["count"]?.integer,
            (0...1 << 53).contains(count)
        {
            let last = json["last"]?.string.flatMap(Base64.bytes).flatMap { SeriesPoints.points($0).first }
            let end = CurveEnd(count: count, last: last, isOutlined: json["outlined"]?.boolean ?? false)
            self = .want(RunID(run), MetricName(metric), end)
        } else if let id = json["id"]?.integer, let command = StudioCommand(json: json) {
            self = .command(id: id, command)
        } else if let id = json["id"]?.integer, let question = FarQuestion(json: json) {
            self = .ask(id: id, question)
        } else if let run = json["fetch"]?.string, let id = json["id"]?.integer {
            self = .fetch(id: id, run)
        } else if let transfer = RunTransfer(json: json) {
            self = .transfer(transfer)
        } else {
            return nil
        }
    }
}
