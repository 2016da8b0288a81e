import Events
import JSON

/// What of a plan is not in its run's record, so that another process can begin with it.
extension JobPlan {
    public var json: JSONValue {
        .object([
            "stepsPerSecond": stepsPerSecond.map { .number($0) },
            "replayedChanges": replayedChanges.isEmpty
                ? nil
                : .array(
                    replayedChanges.map { change in
                        .object([
                            "hyperparameters": JSONValue(change.values), "step": change.step.map { .integer($0) },
                            "epoch": change.epoch.map { .number($0) },
                        ])
                    }),
            "firstChanges": firstChanges.isEmpty ? nil : JSONValue(firstChanges),
            "lastStep": lastStep.map { .integer($0) }, "continuation": continuation?.json,
        ])
    }

    /// Takes over what `json` says. What is not understood is left as it is.
    public mutating func adopt(_ json: JSONValue) {
        stepsPerSecond = json["stepsPerSecond"]?.double ?? stepsPerSecond
        if let changes = json["replayedChanges"]?.array {
            replayedChanges = changes.compactMap { change in
                guard let values = change["hyperparameters"]?.strings else { return nil }
                return HyperparameterChange(values, step: change["step"]?.integer, epoch: change["epoch"]?.double)
            }
        }
        firstChanges = json["firstChanges"]?.strings ?? firstChanges
        lastStep = json["lastStep"]?.integer ?? lastStep
        continuation = json["continuation"].flatMap(Continuation.init(json:)) ?? continuation
    }
}

extension Continuation {
    var json: JSONValue {
        .object([
            "changes": JSONValue(changes), "lasting": JSONValue(lasting), "pinned": JSONValue(pinned),
        ])
    }

    init?(json: JSONValue) {
        guard let changes = json["changes"]?.strings, let lasting = json["lasting"]?.strings,
            let pinned = json["pinned"]?.strings
        else { return nil }
        self.init(changes: changes, lasting: lasting, pinned: pinned)
    }
}
