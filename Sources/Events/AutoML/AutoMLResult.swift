import JSON

/// How an AutoML job ended, or stands: the model to use, and all that were tried.
public struct AutoMLResult: Hashable, Sendable {
    /// A model on the leaderboard.
    public struct Line: Hashable, Sendable {
        /// The name of a candidate's run, or of the job for the average.
        public var model: String
        /// What kind of model it is.
        public var family: String
        public var value: Double?
        public var spread: Double?
        public var fitSeconds: Double?
        public var predictMilliseconds: Double?
        /// Its share in the average; nil for the average itself.
        public var weight: Double?
        /// 2 where it learns from what others predict.
        public var level = 1

        public init(model: String, family: String) { (self.model, self.family) = (model, family) }
    }

    public var automl: String
    public var name: String
    public var status: JobStatus
    public var reason: EndReason
    public var objective: MetricName
    /// The average, by the job's name; nil where no candidate has ended.
    public var best: AutoMLEnsemble?
    /// Best first; the average is the first where there is one.
    public var leaderboard: [Line]

    public init(
        automl: String, name: String, status: JobStatus, reason: EndReason, objective: MetricName, best: AutoMLEnsemble?,
        leaderboard: [Line]
    ) {
        (self.automl, self.name, self.status, self.reason) = (automl, name, status, reason)
        (self.objective, self.best, self.leaderboard) = (objective, best, leaderboard)
    }

    /// What is kept of a job, as it stands.
    public init(_ record: AutoMLRecord, _ candidates: [AutoMLCandidate]) {
        let ended = candidates.filter { $0.outcome == .completed && $0.value != nil }
        var lines = ended.sorted { first, second in
            let (one, other) = (first.value ?? .nan, second.value ?? .nan)
            return one == other ? first.number < second.number : record.objective.isBetter(one, than: other)
        }.map(Line.init)
        if let ensemble = record.ensemble {
            var line = Line(model: record.name, family: "ensemble")
            (line.value, line.spread) = (ensemble.value, ensemble.spread)
            line.fitSeconds = candidates.reduce(0) { $0 + ($1.weight > 0 ? $1.fitSeconds ?? 0 : 0) }
            line.predictMilliseconds = ensemble.predictMilliseconds
            lines.insert(line, at: 0)
        }
        self.init(
            automl: record.id, name: record.name, status: record.status, reason: record.reason,
            objective: record.objective.metric, best: record.ensemble, leaderboard: lines)
    }
}

extension AutoMLResult.Line {
    public init(_ candidate: AutoMLCandidate) {
        self.init(model: candidate.name, family: candidate.family)
        (value, spread, fitSeconds) = (candidate.value, candidate.spread, candidate.fitSeconds)
        (predictMilliseconds, weight) = (candidate.predictMilliseconds, candidate.weight)
        level = candidate.level
    }

    public var json: JSONValue {
        func number(_ value: Double?) -> JSONValue { value.map { .number($0) } ?? .null }
        return .object([
            "model": .string(model), "family": .string(family), "value": number(value), "spread": number(spread),
            "fit_s": number(fitSeconds), "predict_ms": number(predictMilliseconds), "weight": number(weight),
            "level": .integer(level),
        ])
    }

    init?(json: JSONValue) {
        guard let model = json["model"]?.string else { return nil }
        self.init(model: model, family: json["family"]?.string ?? "")
        (value, spread, fitSeconds) = (json["value"]?.double, json["spread"]?.double, json["fit_s"]?.double)
        (predictMilliseconds, weight) = (json["predict_ms"]?.double, json["weight"]?.double)
        level = json["level"]?.integer ?? 1
    }
}

extension AutoMLResult {
    public var json: JSONValue {
        let best = best.map { best in
            var members: [JSONValue.Member] = [.init("model", .string(name))]
            members += best.json.members ?? []
            return JSONValue.object(members)
        }
        return .object([
            "automl": .string(automl), "name": .string(name), "status": .string(status.rawValue),
            "reason": .string(reason.text), "objective": .string(objective.text), "best": best ?? .null,
            "leaderboard": .array(leaderboard.map(\.json)),
        ])
    }

    init?(json: JSONValue) {
        guard let automl = json["automl"]?.string, let name = json["name"]?.string,
            let status = json["status"]?.string.flatMap(JobStatus.init), let reason = json["reason"]?.string,
            let objective = json["objective"]?.string, let lines = json["leaderboard"]?.array
        else { return nil }
        self.init(
            automl: automl, name: name, status: status, reason: EndReason(reason), objective: MetricName(objective),
            best: json["best"].flatMap(AutoMLEnsemble.init), leaderboard: lines.compactMap(Line.init))
    }
}
