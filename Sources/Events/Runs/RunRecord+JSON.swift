import JSON
import MetricDirections

extension RunRecord {
    /// The record without its id, which the event or the table row carries.
    public var json: JSONValue {
        .object([
            "name": .string(name), "experiment": .string(experiment), "algorithm": .string(algorithm),
            "request": request.json, "hyperparameters": JSONValue(hyperparameters),
            "objective": .object(["metric": .string(objective.metric.text), "minimises": objective.direction.json]),
            "seed": .string(String(seed)), "dataFingerprint": .string(dataFingerprint),
            "gitRevision": gitRevision.map { .string($0) }, "version": .string(version), "createdAt": .number(createdAt),
            "processID": .integer(Int(processID)), "parent": fork.map { .string($0.parent.text) },
            "parentStep": fork.map { .integer($0.step) },
            "forkSettings": fork.flatMap { $0.settings.isEmpty ? nil : JSONValue($0.settings) },
            "reproduces": reproduces.map { .string($0.text) }, "remedies": remedies?.json,
            "baselineOf": baselineOf.map { .string($0.text) }, "tuning": tuning?.json,
            "origin": .string(origin.rawValue),
            "log": log.map { .string($0) },
            "pinned": pinned.isEmpty ? nil : JSONValue(pinned), "idleSeconds": idleSeconds > 0 ? .number(idleSeconds) : nil,
            "objectiveChosen": isObjectiveChosen ? .boolean(true) : nil,
            "number": number > 0 ? .integer(number) : nil,
            "steerable": steerable.isEmpty ? nil : .array(steerable.map { .string($0) }),
            "threads": threads > 0 ? .integer(threads) : nil,
            "loggedNames": loggedNames.isEmpty ? nil : JSONValue(loggedNames.mapValues(\.text)),
            "place": place.map { .string($0) },
        ])
    }

    /// Reads a record from an object that also has its id as `run`.
    public init?(json: JSONValue) {
        guard let id = json["run"]?.string, let name = json["name"]?.string, let experiment = json["experiment"]?.string,
            let algorithm = json["algorithm"]?.string, let request = json["request"].flatMap(JobRequest.init(json:)),
            let hyperparameters = json["hyperparameters"]?.strings, let metric = json["objective"]?["metric"]?.string,
            let direction = json["objective"]?["minimises"].flatMap(MetricDirection.init(json:)),
            let seed = json["seed"]?.string.flatMap({ UInt64($0) }), let fingerprint = json["dataFingerprint"]?.string,
            let version = json["version"]?.string, let createdAt = json["createdAt"]?.double,
            let processID = json["processID"]?.integer
        else { return nil }
        self.init(
            id: RunID(id), name: name, experiment: experiment, algorithm: algorithm, request: request,
            hyperparameters: hyperparameters, objective: Objective(metric: MetricName(metric), direction: direction),
            seed: seed, dataFingerprint: fingerprint, gitRevision: json["gitRevision"]?.string, version: version,
            createdAt: createdAt, processID: Int32(clamping: processID))
        if let parent = json["parent"]?.string, let step = json["parentStep"]?.integer {
            fork = RunFork(parent: RunID(parent), step: step, settings: json["forkSettings"]?.strings ?? [:])
        }
        reproduces = json["reproduces"]?.string.map { RunID($0) }
        baselineOf = json["baselineOf"]?.string.map { RunID($0) }
        tuning = json["tuning"].flatMap(RunTuning.init(json:))
        remedies = json["remedies"].flatMap(AlertReference.init(json:))
        origin = json["origin"]?.string.flatMap(RunOrigin.init) ?? Self.origin(ofAlgorithm: algorithm)
        log = json["log"]?.string
        pinned = json["pinned"]?.strings ?? [:]
        idleSeconds = json["idleSeconds"]?.double ?? 0
        isObjectiveChosen = json["objectiveChosen"]?.boolean ?? false
        number = max(0, json["number"]?.integer ?? 0)
        steerable = json["steerable"]?.array?.compactMap(\.string) ?? []
        threads = max(0, json["threads"]?.integer ?? 0)
        loggedNames = (json["loggedNames"]?.strings ?? [:]).mapValues { MetricName($0) }
        place = json["place"]?.string
    }
}
