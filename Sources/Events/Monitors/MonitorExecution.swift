import JSON

/// One time that a monitor looked, and what it found.
public struct MonitorExecution: Hashable, Sendable {
    /// SageMaker's words.
    public enum Status: String, Hashable, Sendable, CaseIterable {
        case pending = "Pending"
        case inProgress = "InProgress"
        case completed = "Completed"
        case completedWithViolations = "CompletedWithViolations"
        case failed = "Failed"
        case stopped = "Stopped"

        public var isOver: Bool { self != .pending && self != .inProgress }
    }

    /// What did not meet a constraint.
    public struct Violation: Hashable, Sendable {
        public var feature: String
        /// SageMaker's `constraint_check_type`.
        public var check: String
        public var description: String

        public init(feature: String, check: String, description: String) {
            (self.feature, self.check, self.description) = (feature, check, description)
        }
    }

    public var monitor: String
    /// When it was to be, in seconds since 1970: a monitor has one execution of a time.
    public var scheduledAt: Double
    /// Rows from a time on, and before another, were looked at.
    public var from: Double, until: Double
    public var status: Status
    /// Why it failed, or what is to be known of it.
    public var reason: String
    public var rowCount: Int
    public var violations: [Violation]
    /// By column or metric, how far it is from the baseline.
    public var drift: [String: Double]
    /// Where its files are, in the workspace.
    public var folder: String
    public var startedAt: Double?, endedAt: Double?
    /// The process that looks, where one does.
    public var owner: String?

    public init(monitor: String, scheduledAt: Double, from: Double, until: Double, folder: String) {
        (self.monitor, self.scheduledAt, self.from, self.until, self.folder) = (monitor, scheduledAt, from, until, folder)
        (status, reason, rowCount, violations, drift) = (.pending, "", 0, [], [:])
    }
}

extension MonitorExecution {
    public var json: JSONValue {
        .object([
            "monitor": .string(monitor), "scheduledAt": .number(scheduledAt), "from": .number(from), "until": .number(until),
            "status": .string(status.rawValue), "reason": reason.isEmpty ? nil : .string(reason), "rows": .integer(rowCount),
            "violations": .array(violations.map(\.json)), "drift": .object(sorted: drift.mapValues { .number($0) }),
            "folder": .string(folder), "startedAt": startedAt.map { .number($0) }, "endedAt": endedAt.map { .number($0) },
            "owner": owner.map { .string($0) },
        ])
    }

    public init?(json: JSONValue) {
        guard let monitor = json["monitor"]?.string, let scheduledAt = json["scheduledAt"]?.double,
            let from = json["from"]?.double, let until = json["until"]?.double,
            let status = json["status"]?.string.flatMap(Status.init), let folder = json["folder"]?.string
        else { return nil }
        self.init(monitor: monitor, scheduledAt: scheduledAt, from: from, until: until, folder: folder)
        (self.status, reason, rowCount) = (status, json["reason"]?.string ?? "", json["rows"]?.integer ?? 0)
        violations = (json["violations"]?.array ?? []).compactMap(Violation.init)
        for member in json["drift"]?.members ?? [] { drift[member.name] = member.value.double }
        (startedAt, endedAt, owner) = (json["startedAt"]?.double, json["endedAt"]?.double, json["owner"]?.string)
    }
}

extension MonitorExecution.Violation {
    public var json: JSONValue {
        .object([
            "feature_name": .string(feature), "constraint_check_type": .string(check), "description": .string(description),
        ])
    }

    init?(json: JSONValue) {
        guard let feature = json["feature_name"]?.string, let check = json["constraint_check_type"]?.string else { return nil }
        self.init(feature: feature, check: check, description: json["description"]?.string ?? "")
    }
}
