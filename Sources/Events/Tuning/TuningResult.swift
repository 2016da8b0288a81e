import JSON

/// How a tuning job ended, and the best that it found.
public struct TuningResult: Hashable, Sendable {
    /// The best trial.
    public struct Best: Hashable, Sendable {
        public var run: RunID
        public var name: String
        public var objective: MetricName
        public var value: Double
        /// The values that were searched.
        public var hyperparameters: [String: String]
        /// Of folds the sample standard deviation of the value; nil where there are none.
        public var deviation: Double?
        /// What it is worth over fresh seeds; nil where that was not looked at.
        public var confirmed: ConfirmedValue?
        /// Its values by further objectives.
        public var others: [MetricName: Double] = [:]

        public init(run: RunID, name: String, objective: MetricName, value: Double, hyperparameters: [String: String]) {
            (self.run, self.name, self.objective, self.value) = (run, name, objective, value)
            self.hyperparameters = hyperparameters
        }
    }

    public var tuning: String
    public var name: String
    public var status: JobStatus
    public var reason: EndReason
    /// Trials that ended.
    public var trials: Int
    /// nil where none ended with a value.
    public var best: Best?
    /// With several objectives the trials than which none is better in all of them, the best by the first one first.
    public var front: [Best] = []

    public init(tuning: String, name: String, status: JobStatus, reason: EndReason, trials: Int, best: Best?) {
        (self.tuning, self.name, self.status, self.reason) = (tuning, name, status, reason)
        (self.trials, self.best) = (trials, best)
    }
}

extension TuningResult.Best {
    public var json: JSONValue {
        .object([
            "run": .string(run.text), "name": .string(name), "objective": .string(objective.text), "value": .number(value),
            "hyperparameters": JSONValue(hyperparameters), "deviation": deviation.map { .number($0) },
            "confirmed": confirmed?.json,
            "others": others.isEmpty
                ? nil
                : .object(sorted: Dictionary(uniqueKeysWithValues: others.map { ($0.key.text, .number($0.value)) })),
        ])
    }

    init?(json: JSONValue) {
        guard let run = json["run"]?.string, let name = json["name"]?.string, let objective = json["objective"]?.string,
            let value = json["value"]?.double, let hyperparameters = json["hyperparameters"]?.strings
        else { return nil }
        self.init(
            run: RunID(run), name: name, objective: MetricName(objective), value: value, hyperparameters: hyperparameters)
        (deviation, confirmed) = (json["deviation"]?.double, json["confirmed"].flatMap(ConfirmedValue.init(json:)))
        for member in json["others"]?.members ?? [] { others[MetricName(member.name)] = member.value.double }
    }
}

extension TuningResult {
    public var json: JSONValue {
        .object([
            "tuning": .string(tuning), "name": .string(name), "status": .string(status.rawValue),
            "reason": .string(reason.text), "trials": .integer(trials), "best": best?.json ?? .null,
            "front": front.isEmpty ? nil : .array(front.map(\.json)),
        ])
    }

    init?(json: JSONValue) {
        guard let tuning = json["tuning"]?.string, let name = json["name"]?.string,
            let status = json["status"]?.string.flatMap(JobStatus.init), let reason = json["reason"]?.string,
            let trials = json["trials"]?.integer
        else { return nil }
        self.init(
            tuning: tuning, name: name, status: status, reason: EndReason(reason), trials: trials,
            best: json["best"].flatMap(Best.init))
        front = json["front"]?.array?.compactMap(Best.init) ?? []
    }
}
