import JSON

/// What a user asks for when starting a tuning job: what each trial has in common, what is searched, and when to end.
public struct TuningRequest: Hashable, Sendable {
    /// What all trials are given; its hyperparameters are those that are held.
    public var job: JobRequest
    /// Ranges as they were written, such as `eta=log:0.01:0.5`.
    public var ranges: [String]
    /// How it is searched, by name; never `auto`, which is decided when it starts.
    public var strategy: String
    /// Trials at most, of whatever end.
    public var maxJobs: Int
    /// Trials at the same time.
    public var maxParallelJobs: Int
    /// Seconds after which no trial begins and those that run are stopped; nil = no limit.
    public var maxRuntime: Double?
    /// The objective that is good enough; nil = none.
    public var targetValue: Double?
    /// Trials in a row that do not improve the best by 1 % before it ends; nil = no limit.
    public var noImprovement: Int?
    /// Whether trials that do worse than others are stopped early.
    public var stopsEarly: Bool
    /// Whether it ends once a gain of 1 % has become unlikely.
    public var endsConverged = false
    /// Fresh seeds on which the best configuration is trained again at the end; 0 = none, nil = as many as pay.
    public var confirm: Int?
    /// Objectives besides the first: trials are wanted than which none is better in all of them.
    public var otherObjectives: [Objective] = []
    /// What it begins with, as it was named; what that was is kept beside it.
    public var warmStart: [String] = []
    /// Whether that counts as found here (`identical`) or as something alike (`transfer`); nil = it begins with nothing.
    public var warmStartType: String?
    /// The cluster whose tasks the trials are: options of a job about engines, by name; nil = they train here.
    public var cluster: [String: String]?

    public init(job: JobRequest, ranges: [String], strategy: String, maxJobs: Int, maxParallelJobs: Int) {
        (self.job, self.ranges, self.strategy) = (job, ranges, strategy)
        (self.maxJobs, self.maxParallelJobs) = (maxJobs, maxParallelJobs)
        stopsEarly = false
    }
}

extension TuningRequest {
    public var json: JSONValue {
        .object([
            "job": job.json, "ranges": .array(ranges.map { .string($0) }), "strategy": .string(strategy),
            "maxJobs": .integer(maxJobs), "maxParallelJobs": .integer(maxParallelJobs),
            "maxRuntime": maxRuntime.map { .number($0) }, "targetValue": targetValue.map { .number($0) },
            "noImprovement": noImprovement.map { .integer($0) }, "stopsEarly": .boolean(stopsEarly),
            "endsConverged": endsConverged ? .boolean(true) : nil, "confirm": confirm.map { .integer($0) },
            "otherObjectives": otherObjectives.isEmpty ? nil : .array(otherObjectives.map(\.json)),
            "warmStart": warmStart.isEmpty ? nil : .array(warmStart.map { .string($0) }),
            "warmStartType": warmStartType.map { .string($0) }, "cluster": cluster.map { JSONValue($0) },
        ])
    }

    public init?(json: JSONValue) {
        guard let job = json["job"].flatMap(JobRequest.init(json:)),
            let ranges = json["ranges"]?.array?.compactMap(\.string), let strategy = json["strategy"]?.string,
            let maxJobs = json["maxJobs"]?.integer, let maxParallelJobs = json["maxParallelJobs"]?.integer
        else { return nil }
        self.init(job: job, ranges: ranges, strategy: strategy, maxJobs: maxJobs, maxParallelJobs: maxParallelJobs)
        (maxRuntime, targetValue) = (json["maxRuntime"]?.double, json["targetValue"]?.double)
        noImprovement = json["noImprovement"]?.integer
        stopsEarly = json["stopsEarly"]?.boolean ?? false
        endsConverged = json["endsConverged"]?.boolean ?? false
        confirm = json["confirm"]?.integer
        otherObjectives = json["otherObjectives"]?.array?.compactMap(Objective.init(json:)) ?? []
        warmStart = json["warmStart"]?.array?.compactMap(\.string) ?? []
        warmStartType = json["warmStartType"]?.string
        cluster = json["cluster"]?.strings
    }
}
