import JSON

/// What happened to a tuning job, whose trials are runs.
public enum TuningEvent: EventDomain {
    /// It begins, or goes on. Posted before its first trial of this attempt.
    case started(TuningStart)
    /// A trial is about to run. Posted before its run is registered.
    case trialSuggested(TrialSuggestion)
    /// A trial has ended. Posted after its run's last event, once what came of it is kept.
    case trialFinished(TrialEnd)
    /// A configuration that looks best is about to train again on a fresh seed. Posted before that run is registered.
    case confirming(TuningConfirming)
    /// It was paused, goes on, or was given other limits, ranges or another objective. Posted once that is kept.
    case changed(TuningNotice)
    /// It ended, whatever way. Posted exactly once each time it runs, as its last event.
    case finished(TuningResult)
}

extension EventName {
    public static let tuningStarted = EventName("tuningStarted")
    public static let trialSuggested = EventName("trialSuggested")
    public static let trialFinished = EventName("trialFinished")
    public static let tuningConfirming = EventName("tuningConfirming")
    public static let tuningChanged = EventName("tuningChanged")
    public static let tuningFinished = EventName("tuningFinished")
}

extension TuningEvent {
    public var name: EventName {
        switch self {
        case .started: .tuningStarted
        case .trialSuggested: .trialSuggested
        case .trialFinished: .trialFinished
        case .confirming: .tuningConfirming
        case .changed: .tuningChanged
        case .finished: .tuningFinished
        }
    }

    public var members: [JSONValue.Member] {
        switch self {
        case .started(let payload): payload.json.members ?? []
        case .trialSuggested(let payload): payload.json.members ?? []
        case .trialFinished(let payload): payload.json.members ?? []
        case .confirming(let payload): payload.json.members ?? []
        case .changed(let payload): payload.json.members ?? []
        case .finished(let payload): payload.json.members ?? []
        }
    }

    public init?(name: EventName, json: JSONValue) {
        switch name {
        case .tuningStarted: self.init(TuningStart(json: json), Self.started)
        case .trialSuggested: self.init(TrialSuggestion(json: json), Self.trialSuggested)
        case .trialFinished: self.init(TrialEnd(json: json), Self.trialFinished)
        case .tuningConfirming: self.init(TuningConfirming(json: json), Self.confirming)
        case .tuningChanged: self.init(TuningNotice(json: json), Self.changed)
        case .tuningFinished: self.init(TuningResult(json: json), Self.finished)
        default: return nil
        }
    }
}

/// A tuning job begins.
public struct TuningStart: Hashable, Sendable {
    public var tuning: String
    public var name: String
    public var strategy: String
    /// Why it is searched so; empty where the user said how.
    public var why: String
    public var objective: MetricName
    public var ranges: [String]
    public var maxJobs: Int
    /// Trials of earlier attempts that ended.
    public var trials: Int

    public init(
        tuning: String, name: String, strategy: String, why: String, objective: MetricName, ranges: [String], maxJobs: Int,
        trials: Int
    ) {
        (self.tuning, self.name, self.strategy, self.why) = (tuning, name, strategy, why)
        (self.objective, self.ranges, self.maxJobs, self.trials) = (objective, ranges, maxJobs, trials)
    }

    var json: JSONValue {
        .object([
            "tuning": .string(tuning), "name": .string(name), "strategy": .string(strategy), "why": .string(why),
            "objective": .string(objective.text), "ranges": .array(ranges.map { .string($0) }), "maxJobs": .integer(maxJobs),
            "trials": .integer(trials),
        ])
    }

    init?(json: JSONValue) {
        guard let tuning = json["tuning"]?.string, let name = json["name"]?.string, let strategy = json["strategy"]?.string,
            let why = json["why"]?.string, let objective = json["objective"]?.string,
            let ranges = json["ranges"]?.array?.compactMap(\.string), let maxJobs = json["maxJobs"]?.integer,
            let trials = json["trials"]?.integer
        else { return nil }
        self.init(
            tuning: tuning, name: name, strategy: strategy, why: why, objective: MetricName(objective), ranges: ranges,
            maxJobs: maxJobs, trials: trials)
    }
}

/// A trial is about to run.
public struct TrialSuggestion: Hashable, Sendable {
    public var tuning: String
    public var trial: Int
    /// The run that tries it. `run` on the wire would be the event's own.
    public var trialRun: RunID
    public var hyperparameters: [String: String]
    public var why: String

    public init(tuning: String, trial: Int, trialRun: RunID, hyperparameters: [String: String], why: String) {
        (self.tuning, self.trial, self.trialRun) = (tuning, trial, trialRun)
        (self.hyperparameters, self.why) = (hyperparameters, why)
    }

    var json: JSONValue {
        .object([
            "tuning": .string(tuning), "trial": .integer(trial), "trialRun": .string(trialRun.text),
            "hyperparameters": JSONValue(hyperparameters), "why": .string(why),
        ])
    }

    init?(json: JSONValue) {
        guard let tuning = json["tuning"]?.string, let trial = json["trial"]?.integer, let run = json["trialRun"]?.string,
            let hyperparameters = json["hyperparameters"]?.strings, let why = json["why"]?.string
        else { return nil }
        self.init(tuning: tuning, trial: trial, trialRun: RunID(run), hyperparameters: hyperparameters, why: why)
    }
}

/// A trial has ended.
public struct TrialEnd: Hashable, Sendable {
    public var tuning: String
    public var trial: Int
    public var trialRun: RunID
    public var name: String
    public var status: TuningTrial.Outcome
    public var reason: String
    public var value: Double?
    /// Whether it is the best so far; with several objectives, whether none is better in all of them.
    public var isBest: Bool
    /// Of folds the sample standard deviation of the value; nil where there are none.
    public var deviation: Double?
    /// Its values by further objectives, in their order; nil where one was not told.
    public var others: [Double?] = []

    public init(
        tuning: String, trial: Int, trialRun: RunID, name: String, status: TuningTrial.Outcome, reason: String, value: Double?,
        isBest: Bool
    ) {
        (self.tuning, self.trial, self.trialRun, self.name) = (tuning, trial, trialRun, name)
        (self.status, self.reason, self.value, self.isBest) = (status, reason, value, isBest)
    }

    var json: JSONValue {
        .object([
            "tuning": .string(tuning), "trial": .integer(trial), "trialRun": .string(trialRun.text), "name": .string(name),
            "status": .string(status.rawValue), "reason": .string(reason), "value": value.map { .number($0) },
            "best": .boolean(isBest), "deviation": deviation.map { .number($0) },
            "others": others.isEmpty ? nil : .array(others.map { $0.map { .number($0) } ?? .null }),
        ])
    }

    init?(json: JSONValue) {
        guard let tuning = json["tuning"]?.string, let trial = json["trial"]?.integer, let run = json["trialRun"]?.string,
            let name = json["name"]?.string, let status = json["status"]?.string.flatMap(TuningTrial.Outcome.init),
            let reason = json["reason"]?.string, let isBest = json["best"]?.boolean
        else { return nil }
        self.init(
            tuning: tuning, trial: trial, trialRun: RunID(run), name: name, status: status, reason: reason,
            value: json["value"]?.double, isBest: isBest)
        deviation = json["deviation"]?.double
        others = json["others"]?.array?.map(\.double) ?? []
    }
}
