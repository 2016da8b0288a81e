import JSON

/// A model that is trained again on what its endpoint was asked since, compared with the one that answers, and deployed.
public struct RetrainingRecord: Hashable, Sendable {
    public enum Status: String, Hashable, Sendable, CaseIterable {
        /// The host has not begun.
        case waiting = "Waiting"
        case training = "Training"
        case deploying = "Deploying"
        /// The new model answers all requests.
        case deployed = "Deployed"
        /// It is trained and compared; nobody asked for it to be deployed.
        case trained = "Trained"
        /// It is worse than the old one, which stays.
        case kept = "Kept"
        /// An alarm, or somebody, gave the old model its requests back.
        case rolledBack = "RolledBack"
        case failed = "Failed"

        public var isOver: Bool { ![.waiting, .training, .deploying].contains(self) }
        /// Whether it came out as it was asked for.
        public var isGood: Bool { self == .deployed || self == .trained }
    }

    /// How good both models are on labelled requests that neither learned from.
    public struct Measure: Hashable, Sendable {
        /// `log_loss`, `accuracy`, `rmse`, `mae`.
        public var name: String
        public var minimises: Bool
        public var before: Double, after: Double
        /// The middle 95 % of the difference, as rows are drawn again; nil where it cannot be told.
        public var low: Double?, high: Double?

        public init(name: String, minimises: Bool, before: Double, after: Double, low: Double?, high: Double?) {
            (self.name, self.minimises, self.before, self.after) = (name, minimises, before, after)
            (self.low, self.high) = (low, high)
        }

        /// Whether the new model is better beyond what drawing rows again brings: nil where that is not sure.
        public var isBetter: Bool? {
            guard let low, let high else { return nil }
            if low > 0 { return !minimises }
            if high < 0 { return minimises }
            return nil
        }
    }

    public var id: String
    /// The monitor that it mends, and the endpoint whose model is trained again.
    public var monitor: String, endpoint: String
    /// Whether it learns from the new rows alone, and not from those of the old model beside them.
    public var isInstead: Bool
    public var deploys: Bool
    /// How long the canary is watched.
    /// - Units: seconds.
    public var wait: Double
    /// Seconds since 1970.
    public var requestedAt: Double
    public var endedAt: Double?
    public var status = Status.waiting
    /// What is to be known of how it stands: what happened, what to do.
    public var reason = ""
    public var notes: [String] = []
    /// The run that is trained; known before it is begun with.
    public var run: RunID?
    public var runName: String?
    public var oldModel = "", oldModelID = ""
    /// Rows that it learns from, those among them that are new, and new ones that judge both models.
    public var rowCount = 0, newRowCount = 0, judgedRowCount = 0
    public var measures: [Measure] = []

    public init(
        id: String, monitor: String, endpoint: String, isInstead: Bool = false, deploys: Bool = true, wait: Double = 60,
        requestedAt: Double
    ) {
        (self.id, self.monitor, self.endpoint) = (id, monitor, endpoint)
        (self.isInstead, self.deploys, self.wait, self.requestedAt) = (isInstead, deploys, wait, requestedAt)
    }

    /// What the comparison says, by the first measure that is sure, else that nothing is: in the words of `runs compare`.
    public var verdict: String {
        guard let first = measures.first else { return "" }
        return switch first.isBetter {
        case true?: "better"
        case false?: "worse"
        case nil: "no difference that is sure"
        }
    }
}

extension RetrainingRecord {
    public var json: JSONValue {
        .object([
            "id": .string(id), "monitor": .string(monitor), "endpoint": .string(endpoint), "instead": .boolean(isInstead),
            "deploys": .boolean(deploys), "wait": .number(wait), "requestedAt": .number(requestedAt),
            "endedAt": endedAt.map { .number($0) }, "status": .string(status.rawValue),
            "reason": reason.isEmpty ? nil : .string(reason), "notes": .array(notes.map { .string($0) }),
            "run": run.map { .string($0.text) }, "runName": runName.map { .string($0) }, "oldModel": .string(oldModel),
            "oldModelID": .string(oldModelID), "rows": .integer(rowCount), "newRows": .integer(newRowCount),
            "judgedRows": .integer(judgedRowCount), "verdict": verdict.isEmpty ? nil : .string(verdict),
            "measures": .array(measures.map(\.json)),
        ])
    }

    public init?(json: JSONValue) {
        guard let id = json["id"]?.string, let monitor = json["monitor"]?.string, let endpoint = json["endpoint"]?.string,
            let requestedAt = json["requestedAt"]?.double, let status = json["status"]?.string.flatMap(Status.init)
        else { return nil }
        self.init(
            id: id, monitor: monitor, endpoint: endpoint, isInstead: json["instead"]?.boolean ?? false,
            deploys: json["deploys"]?.boolean ?? true, wait: json["wait"]?.double ?? 60, requestedAt: requestedAt)
        (self.status, reason, endedAt) = (status, json["reason"]?.string ?? "", json["endedAt"]?.double)
        notes = json["notes"]?.array?.compactMap(\.string) ?? []
        (run, runName) = (json["run"]?.string.map { RunID($0) }, json["runName"]?.string)
        (oldModel, oldModelID) = (json["oldModel"]?.string ?? "", json["oldModelID"]?.string ?? "")
        (rowCount, newRowCount) = (json["rows"]?.integer ?? 0, json["newRows"]?.integer ?? 0)
        judgedRowCount = json["judgedRows"]?.integer ?? 0
        measures = (json["measures"]?.array ?? []).compactMap(Measure.init)
    }
}

extension RetrainingRecord.Measure {
    var json: JSONValue {
        .object([
            "name": .string(name), "minimises": .boolean(minimises), "before": .number(before), "after": .number(after),
            "low": low.map { .number($0) }, "high": high.map { .number($0) },
        ])
    }

    init?(json: JSONValue) {
        guard let name = json["name"]?.string, let before = json["before"]?.double, let after = json["after"]?.double else {
            return nil
        }
        self.init(
            name: name, minimises: json["minimises"]?.boolean ?? false, before: before, after: after,
            low: json["low"]?.double, high: json["high"]?.double)
    }
}
