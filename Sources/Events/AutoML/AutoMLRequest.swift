import JSON

/// What a user asks for when starting an AutoML job: what each candidate has in common, and when to end.
public struct AutoMLRequest: Hashable, Sendable {
    /// How models are found.
    public enum Mode: String, Hashable, Sendable, CaseIterable {
        /// By the size of the data.
        case auto
        /// A portfolio of models, averaged.
        case ensembling
        /// Hyperparameters of boosted trees are searched.
        case hpo
    }

    /// What all candidates are given; its algorithm and hyperparameters are not looked at.
    public var job: JobRequest
    public var mode: Mode
    /// The metric that candidates are compared by; nil = the usual one for the target.
    public var objective: String?
    /// Seconds after which no candidate begins and the one that trains is stopped; nil = none.
    public var timeLimit: Double?
    /// Candidates at most; nil = as many as bring something.
    public var maxCandidates: Int?

    public init(job: JobRequest, mode: Mode = .auto) { (self.job, self.mode) = (job, mode) }
}

extension AutoMLRequest {
    public var json: JSONValue {
        .object([
            "job": job.json, "mode": .string(mode.rawValue), "objective": objective.map { .string($0) },
            "timeLimit": timeLimit.map { .number($0) }, "maxCandidates": maxCandidates.map { .integer($0) },
        ])
    }

    public init?(json: JSONValue) {
        guard let job = json["job"].flatMap(JobRequest.init(json:)), let mode = json["mode"]?.string.flatMap(Mode.init) else {
            return nil
        }
        self.init(job: job, mode: mode)
        (objective, timeLimit) = (json["objective"]?.string, json["timeLimit"]?.double)
        maxCandidates = json["maxCandidates"]?.integer
    }
}
