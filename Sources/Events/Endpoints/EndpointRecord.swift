import JSON

/// How an endpoint stands, in SageMaker's words.
/// - Source: the service model of `sagemaker`, `EndpointStatus`.
public enum EndpointStatus: String, Hashable, Sendable, CaseIterable {
    case creating = "Creating"
    case updating = "Updating"
    case systemUpdating = "SystemUpdating"
    case rollingBack = "RollingBack"
    case inService = "InService"
    /// It is there, but what it needs is not: its model, or its place to listen.
    case outOfService = "OutOfService"
    case deleting = "Deleting"
    case failed = "Failed"
    case updateRollbackFailed = "UpdateRollbackFailed"

    /// Whether somebody is at work on it.
    public var isPassing: Bool {
        switch self {
        case .creating, .updating, .systemUpdating, .rollingBack, .deleting: true
        case .inService, .outOfService, .failed, .updateRollbackFailed: false
        }
    }
}

/// One of the models that answer for an endpoint.
public struct EndpointVariant: Hashable, Sendable {
    public var name: String
    /// What the user called the model.
    public var model: String
    /// What its name meant then: a run's or a job's id. A name that means another model later changes nothing here.
    public var modelID: String
    /// Its share of the requests is its weight's of all weights.
    /// - Range: zero and more.
    public var weight: Double

    public init(name: String, model: String, modelID: String, weight: Double = 1) {
        (self.name, self.model, self.modelID, self.weight) = (name, model, modelID, weight)
    }

    public var json: JSONValue {
        .object(["name": .string(name), "model": .string(model), "modelID": .string(modelID), "weight": .number(weight)])
    }

    public init?(json: JSONValue) {
        guard let name = json["name"]?.string, let model = json["model"]?.string, let id = json["modelID"]?.string,
            let weight = json["weight"]?.double, weight >= 0, weight.isFinite
        else { return nil }
        self.init(name: name, model: model, modelID: id, weight: weight)
    }
}

/// An endpoint: models that answer requests under a name as long as the workspace has a host.
public struct EndpointRecord: Hashable, Sendable {
    /// Eight characters, unique in the workspace.
    public var id: String
    public var name: String
    public var status: EndpointStatus
    /// Why it stands so, where there is something to say: what happened, what to do.
    public var reason: String
    public var variants: [EndpointVariant]
    /// The new version's, while there is a deployment, and what it has of the requests.
    public var pending: [EndpointVariant] = []
    /// - Range: 0 to 1.
    public var pendingShare = 0.0
    /// How the last deployment came out; nil: there was none, or it is under way.
    public var isRolledBack: Bool?
    /// How many of a hundred requests are written down with their answers; nil: none.
    public var capturePercent: Double?
    /// Where in an object store that is sent besides; nil: nowhere.
    public var captureDestination: String?
    /// What is shown the requests beside; nil: nothing.
    public var shadow: EndpointShadow?
    /// How many stored requests the last new version answered as it had to before it got traffic; nil: there was none.
    public var checkedRequests: Int?
    /// How long nobody may call it until it is deleted; nil: for ever.
    /// - Units: seconds.
    public var idleDeleteSeconds: Double?
    /// Asynchronous requests that are answered at one time; nil: one.
    public var asyncConcurrency: Int?
    /// Seconds since 1970.
    public var createdAt: Double, updatedAt: Double

    public init(
        id: String, name: String, variants: [EndpointVariant], capturePercent: Double? = nil, createdAt: Double
    ) {
        (self.id, self.name, self.variants, self.capturePercent) = (id, name, variants, capturePercent)
        (self.createdAt, updatedAt) = (createdAt, createdAt)
        (status, reason) = (.creating, "")
    }

    /// The share of the requests that a variant answers.
    /// - Range: 0 to 1.
    public func share(of variant: EndpointVariant) -> Double { Self.share(variant, of: variants, 1 - pendingShare) }

    /// The same of one of the new version's.
    public func share(ofPending variant: EndpointVariant) -> Double { Self.share(variant, of: pending, pendingShare) }

    private static func share(_ variant: EndpointVariant, of all: [EndpointVariant], _ part: Double) -> Double {
        let total = all.reduce(0) { $0 + $1.weight }
        return total > 0 ? variant.weight / total * part : 0
    }
}

extension EndpointRecord {
    public var json: JSONValue {
        .object([
            "id": .string(id), "name": .string(name), "status": .string(status.rawValue),
            "reason": reason.isEmpty ? nil : .string(reason), "variants": .array(variants.map(\.json)),
            "pending": pending.isEmpty ? nil : .array(pending.map(\.json)),
            "pendingShare": pending.isEmpty ? nil : .number(pendingShare), "rolledBack": isRolledBack.map { .boolean($0) },
            "capturePercent": capturePercent.map { .number($0) },
            "captureDestination": captureDestination.map { .string($0) }, "shadow": shadow?.json,
            "checkedRequests": checkedRequests.map { .integer($0) },
            "idleDeleteSeconds": idleDeleteSeconds.map { .number($0) },
            "asyncConcurrency": asyncConcurrency.map { .integer($0) },
            "createdAt": .number(createdAt), "updatedAt": .number(updatedAt),
        ])
    }

    public init?(json: JSONValue) {
        guard let id = json["id"]?.string, let name = json["name"]?.string,
            let status = json["status"]?.string.flatMap(EndpointStatus.init), let variants = json["variants"]?.array,
            let createdAt = json["createdAt"]?.double
        else { return nil }
        self.init(id: id, name: name, variants: variants.compactMap(EndpointVariant.init), createdAt: createdAt)
        (self.status, reason) = (status, json["reason"]?.string ?? "")
        pending = (json["pending"]?.array ?? []).compactMap(EndpointVariant.init)
        (pendingShare, isRolledBack) = (json["pendingShare"]?.double ?? 0, json["rolledBack"]?.boolean)
        (capturePercent, updatedAt) = (json["capturePercent"]?.double, json["updatedAt"]?.double ?? createdAt)
        captureDestination = json["captureDestination"]?.string
        shadow = json["shadow"].flatMap(EndpointShadow.init(json:))
        (checkedRequests, idleDeleteSeconds) = (json["checkedRequests"]?.integer, json["idleDeleteSeconds"]?.double)
        asyncConcurrency = json["asyncConcurrency"]?.integer
    }
}
