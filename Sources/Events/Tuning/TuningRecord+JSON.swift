import JSON

// Tuning jobs as one machine tells another of them.

extension TuningRecord {
    public var json: JSONValue {
        .object([
            "id": .string(id), "name": .string(name), "request": request.json, "objective": objective.json,
            "status": .string(status.rawValue), "reason": .string(reason.text), "createdAt": .number(createdAt),
            "finishedAt": finishedAt.map { .number($0) }, "spentSeconds": .number(spentSeconds),
        ])
    }

    public init?(json: JSONValue) {
        guard let id = json["id"]?.string, let name = json["name"]?.string,
            let request = json["request"].flatMap(TuningRequest.init(json:)),
            let objective = json["objective"].flatMap(Objective.init(json:)),
            let status = json["status"]?.string.flatMap(JobStatus.init), let reason = json["reason"]?.string,
            let createdAt = json["createdAt"]?.double, let spent = json["spentSeconds"]?.double
        else { return nil }
        self.init(id: id, name: name, request: request, objective: objective, createdAt: createdAt)
        (self.status, self.reason, finishedAt, spentSeconds) = (status, EndReason(reason), json["finishedAt"]?.double, spent)
    }
}

extension TuningTrial {
    public var json: JSONValue {
        .object([
            "number": .integer(number), "run": .string(run.text), "values": JSONValue(values),
            "point": .array(point.map { .number($0) }), "memory": .array(memory.map { .number($0) }), "why": .string(why),
            "outcome": outcome.map { .string($0.rawValue) }, "value": value.map { .number($0) },
            "deviation": deviation.map { .number($0) },
            "others": others.isEmpty ? nil : .array(others.map { $0.map { .number($0) } ?? .null }),
            "reason": .string(reason),
        ])
    }

    public init?(json: JSONValue) {
        guard let number = json["number"]?.integer, let run = json["run"]?.string, let values = json["values"]?.strings,
            let point = json["point"]?.array?.compactMap(\.double), let memory = json["memory"]?.array?.compactMap(\.double),
            let why = json["why"]?.string
        else { return nil }
        self.init(number: number, run: RunID(run), values: values, point: point, memory: memory, why: why)
        outcome = json["outcome"]?.string.flatMap(Outcome.init)
        (value, deviation, reason) = (json["value"]?.double, json["deviation"]?.double, json["reason"]?.string ?? "")
        others = json["others"]?.array?.map(\.double) ?? []
    }
}

extension TuningConfirmation {
    public var json: JSONValue {
        .object([
            "trial": .integer(trial), "seed": .string(String(seed)), "run": .string(run.text),
            "outcome": outcome.map { .string($0.rawValue) }, "value": value.map { .number($0) },
        ])
    }

    public init?(json: JSONValue) {
        guard let trial = json["trial"]?.integer, let seed = json["seed"]?.string.flatMap({ UInt64($0) }),
            let run = json["run"]?.string
        else { return nil }
        self.init(trial: trial, seed: seed, run: RunID(run))
        (outcome, value) = (json["outcome"]?.string.flatMap(TuningTrial.Outcome.init), json["value"]?.double)
    }
}
