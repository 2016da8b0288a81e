import JSON

/// Something that is to be done to an endpoint or to a model that is kept under a name.
public enum ServingCommand: Hashable, Sendable {
    /// Has a model answer under a name. The model is named as on a command line.
    case create(endpoint: String, model: String, capturePercent: Double?, takesUnapproved: Bool)
    /// What is wanted of an endpoint, by its id.
    case wish(EndpointWish, of: String)
    /// Has another model answer for an endpoint, by its id, step by step. The model is named as on a command line.
    case update(endpoint: String, model: String, plan: UpdatePlan, takesUnapproved: Bool)
    /// Shows a model an endpoint's requests beside, so many of a hundred. Both are named as with `update`.
    case shadow(endpoint: String, model: String, percent: Double, takesUnapproved: Bool)
    /// Keeps the model of a run or an AutoML job as a name's next version.
    case register(model: String, of: String)
    /// Decides about a version, by its id.
    case decide(version: String, ModelApproval)
    /// Removes a version for good, by its id.
    case remove(version: String)
    /// Something that is to be done to a monitor, by its name; of `setUp` the name is an endpoint's.
    case monitor(MonitorDeed, of: String)

    /// What is done to monitors.
    public enum MonitorDeed: String, Hashable, Sendable, CaseIterable {
        /// Has an endpoint's requests written down, and the monitors that it can have look at them.
        case setUp, run, pause, resume, delete
        /// Has the endpoint's model trained again on new rows beside the old ones, or instead of them, and deployed.
        case retrain, retrainInstead
    }

    /// How another version gets an endpoint's requests.
    public struct UpdatePlan: Hashable, Sendable {
        /// As `EndpointUpdate`.
        public var strategy: String
        public var step: Double
        public var wait: Double, terminationWait: Double
        public var alarms: [String]

        public init(strategy: String, step: Double = 0.1, wait: Double = 0, terminationWait: Double = 0, alarms: [String] = []) {
            (self.strategy, self.step, self.wait) = (strategy, step, wait)
            (self.terminationWait, self.alarms) = (terminationWait, alarms)
        }
    }
}

extension ServingCommand {
    public var json: JSONValue {
        switch self {
        case .create(let endpoint, let model, let capture, let takesUnapproved):
            .object([
                "do": .string("create"), "endpoint": .string(endpoint), "model": .string(model),
                "capture": capture.map { .number($0) }, "unapproved": .boolean(takesUnapproved),
            ])
        case .wish(let wish, let endpoint): .object(["do": .string("wish"), "endpoint": .string(endpoint), "what": wish.json])
        case .update(let endpoint, let model, let plan, let takesUnapproved):
            .object([
                "do": .string("update"), "endpoint": .string(endpoint), "model": .string(model), "plan": plan.json,
                "unapproved": .boolean(takesUnapproved),
            ])
        case .shadow(let endpoint, let model, let percent, let takesUnapproved):
            .object([
                "do": .string("shadow"), "endpoint": .string(endpoint), "model": .string(model), "percent": .number(percent),
                "unapproved": .boolean(takesUnapproved),
            ])
        case .register(let model, let run):
            .object(["do": .string("register"), "model": .string(model), "of": .string(run)])
        case .decide(let version, let approval):
            .object(["do": .string("decide"), "version": .string(version), "approval": .string(approval.rawValue)])
        case .remove(let version): .object(["do": .string("remove"), "version": .string(version)])
        case .monitor(let deed, let name):
            .object(["do": .string("monitor"), "deed": .string(deed.rawValue), "of": .string(name)])
        }
    }

    public init?(json: JSONValue) {
        func text(_ name: String) -> String? { json[name]?.string }
        let takesUnapproved = json["unapproved"]?.boolean ?? false
        switch text("do") {
        case "create":
            guard let endpoint = text("endpoint"), let model = text("model") else { return nil }
            self = .create(
                endpoint: endpoint, model: model, capturePercent: json["capture"]?.double, takesUnapproved: takesUnapproved)
        case "wish":
            guard let endpoint = text("endpoint"), let wish = json["what"].flatMap(EndpointWish.init(json:)) else { return nil }
            self = .wish(wish, of: endpoint)
        case "update":
            guard let endpoint = text("endpoint"), let model = text("model"), let plan = json["plan"].flatMap(UpdatePlan.init)
            else { return nil }
            self = .update(endpoint: endpoint, model: model, plan: plan, takesUnapproved: takesUnapproved)
        case "shadow":
            guard let endpoint = text("endpoint"), let model = text("model"), let percent = json["percent"]?.double else {
                return nil
            }
            self = .shadow(endpoint: endpoint, model: model, percent: percent, takesUnapproved: takesUnapproved)
        case "register":
            guard let model = text("model"), let run = text("of") else { return nil }
            self = .register(model: model, of: run)
        case "decide":
            guard let version = text("version"), let approval = text("approval").flatMap(ModelApproval.init) else { return nil }
            self = .decide(version: version, approval)
        case "remove":
            guard let version = text("version") else { return nil }
            self = .remove(version: version)
        case "monitor":
            guard let deed = text("deed").flatMap(MonitorDeed.init), let name = text("of") else { return nil }
            self = .monitor(deed, of: name)
        default: return nil
        }
    }
}

extension ServingCommand.UpdatePlan {
    var json: JSONValue {
        .object([
            "strategy": .string(strategy), "step": .number(step), "wait": .number(wait),
            "terminationWait": .number(terminationWait), "alarms": .array(alarms.map { .string($0) }),
        ])
    }

    init?(json: JSONValue) {
        guard let strategy = json["strategy"]?.string, let step = json["step"]?.double, let wait = json["wait"]?.double,
            let terminationWait = json["terminationWait"]?.double
        else { return nil }
        self.init(
            strategy: strategy, step: step, wait: wait, terminationWait: terminationWait,
            alarms: json["alarms"]?.array?.compactMap(\.string) ?? [])
    }
}
