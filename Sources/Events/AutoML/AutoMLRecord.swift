import JSON
import MetricDirections

/// An AutoML job: what was asked for, and how it stands.
public struct AutoMLRecord: Hashable, Sendable {
    /// Eight characters, unique in the workspace.
    public var id: String
    public var name: String
    /// Its mode is never `auto`, which is decided when it starts.
    public var request: AutoMLRequest
    public var objective: Objective
    /// What is predicted and judged by, in words; and what was decided unasked.
    public var why: [String]
    /// What was found in the data, in words.
    public var findings: [String] = []
    /// A job whose process is gone is interrupted.
    public var status: JobStatus
    public var reason: EndReason
    /// Seconds since 1970.
    public var createdAt: Double
    public var finishedAt: Double?
    /// Seconds it worked in earlier attempts.
    public var spentSeconds = 0.0
    /// Whether a second level is trained; nil as long as that is not decided.
    public var stacking: AutoMLStacking?
    /// The average that is used now; nil as long as no candidate has ended.
    public var ensemble: AutoMLEnsemble?

    /// All that was decided, in words.
    public var decisions: [String] { why + [stacking?.why].compactMap { $0 } }

    public init(
        id: String, name: String, request: AutoMLRequest, objective: Objective, why: [String], createdAt: Double
    ) {
        (self.id, self.name, self.request, self.objective) = (id, name, request, objective)
        (self.why, self.createdAt) = (why, createdAt)
        (status, reason) = (.inProgress, .unsaid)
    }
}

/// How good an average of candidates is.
public struct AutoMLEnsemble: Hashable, Sendable {
    /// By the job's objective, on rows that no model in it learned from.
    public var value: Double
    /// Standard deviation over folds; nil where there are none.
    public var spread: Double?
    /// Milliseconds a row, many predicted at a time.
    public var predictMilliseconds: Double
    /// Bytes of its file.
    public var size: Int

    public init(value: Double, spread: Double?, predictMilliseconds: Double, size: Int) {
        (self.value, self.spread, self.predictMilliseconds, self.size) = (value, spread, predictMilliseconds, size)
    }
}

extension AutoMLEnsemble {
    public var json: JSONValue {
        .object([
            "value": .number(value), "spread": spread.map { .number($0) }, "predict_ms": .number(predictMilliseconds),
            "size": .integer(size),
        ])
    }

    public init?(json: JSONValue) {
        guard let value = json["value"]?.double, let predict = json["predict_ms"]?.double else { return nil }
        self.init(value: value, spread: json["spread"]?.double, predictMilliseconds: predict, size: json["size"]?.integer ?? 0)
    }
}

/// A candidate of an AutoML job: a model that is tried, the run that trains it, and what came of it.
public struct AutoMLCandidate: Hashable, Sendable {
    /// From 0.
    public var number: Int
    public var run: RunID
    /// Of the run.
    public var name: String
    /// What kind of model it is, in words.
    public var family: String
    public var algorithm: String
    public var hyperparameters: [String: String]
    /// Why it is tried.
    public var why: String
    /// nil while it trains or waits to be taken up again.
    public var outcome: TuningTrial.Outcome?
    /// What it is worth by the job's objective; nil where there is nothing to say.
    public var value: Double?
    /// Standard deviation of that over folds.
    public var spread: Double?
    public var fitSeconds: Double?
    /// Milliseconds a row, many predicted at a time.
    public var predictMilliseconds: Double?
    /// Its share in the average that is used now.
    public var weight = 0.0
    /// What the average was worth once it had ended.
    public var ensembleValue: Double?
    /// Other metrics of its held-out rows, without their split.
    public var metrics: [String: Double] = [:]
    /// Why it ended.
    public var reason = ""
    /// Steps of preparing features that it leaves out, with commas between; and, where that is to show what a step brings, the run's name of
    /// the candidate that it is otherwise the same as.
    public var without: String?
    public var base: String?
    /// Ids of the runs whose predictions it learns from too; empty = it is of the first level.
    public var stack: [String] = []
    /// 1, or 2 where it learns from what others predict.
    public var level: Int { stack.isEmpty ? 1 : 2 }

    public init(
        number: Int, run: RunID, name: String, family: String, algorithm: String, hyperparameters: [String: String], why: String
    ) {
        (self.number, self.run, self.name, self.family) = (number, run, name, family)
        (self.algorithm, self.hyperparameters, self.why) = (algorithm, hyperparameters, why)
    }
}

extension AutoMLCandidate {
    public var json: JSONValue {
        .object([
            "number": .integer(number), "candidateRun": .string(run.text), "model": .string(name), "family": .string(family),
            "algorithm": .string(algorithm), "hyperparameters": JSONValue(hyperparameters), "why": .string(why),
            "status": .string(outcome?.rawValue ?? JobStatus.inProgress.rawValue), "value": value.map { .number($0) },
            "spread": spread.map { .number($0) }, "fit_s": fitSeconds.map { .number($0) },
            "predict_ms": predictMilliseconds.map { .number($0) }, "weight": .number(weight),
            "ensembleValue": ensembleValue.map { .number($0) },
            "metrics": metrics.isEmpty ? nil : .object(sorted: metrics.mapValues { .number($0) }), "reason": .string(reason),
            "without": without.map { .string($0) }, "base": base.map { .string($0) },
            "level": .integer(level), "stack": stack.isEmpty ? nil : .array(stack.map { .string($0) }),
        ])
    }

    public init?(json: JSONValue) {
        guard let number = json["number"]?.integer, let run = json["candidateRun"]?.string, let name = json["model"]?.string,
            let family = json["family"]?.string, let algorithm = json["algorithm"]?.string,
            let hyperparameters = json["hyperparameters"]?.strings, let why = json["why"]?.string
        else { return nil }
        self.init(
            number: number, run: RunID(run), name: name, family: family, algorithm: algorithm, hyperparameters: hyperparameters,
            why: why)
        outcome = json["status"]?.string.flatMap(TuningTrial.Outcome.init)
        (value, spread, fitSeconds) = (json["value"]?.double, json["spread"]?.double, json["fit_s"]?.double)
        (predictMilliseconds, weight) = (json["predict_ms"]?.double, json["weight"]?.double ?? 0)
        (ensembleValue, reason) = (json["ensembleValue"]?.double, json["reason"]?.string ?? "")
        for member in json["metrics"]?.members ?? [] { metrics[member.name] = member.value.double }
        (without, base) = (json["without"]?.string, json["base"]?.string)
        stack = json["stack"]?.array?.compactMap(\.string) ?? []
    }
}
