import Events
import JSON

/// What a run is in MLflow's words, beside its curves.
public struct TrackedRun: Hashable, Sendable {
    /// The newest value of a metric: that of the largest step, then of the latest time, then the largest.
    public struct Latest: Hashable, Sendable {
        public var value: Double
        /// Milliseconds since 1970.
        public var time: Int
        public var step: Int

        public init(value: Double, time: Int, step: Int) { (self.value, self.time, self.step) = (value, time, step) }

        /// Whether another value takes its place.
        public func isBefore(_ other: Latest) -> Bool {
            if (step, time) != (other.step, other.time) { return (step, time) < (other.step, other.time) }
            return value.isNaN ? !other.value.isNaN : other.value > value
        }
    }

    public var experiment: Int
    /// As the client called it; the workspace's name of the run is unique and may be another one.
    public var name: String
    public var user: String
    /// `RUNNING`, `SCHEDULED`, `FINISHED`, `FAILED` or `KILLED`.
    public var status: String
    /// Milliseconds since 1970.
    public var startTime: Int
    public var endTime: Int?
    /// Where its artifacts are, where the experiment wants them elsewhere; nil: here.
    public var artifacts: String?
    public var parameters: [String: String] = [:]
    public var tags: [String: String] = [:]
    /// What the workspace calls metrics, by the client's names.
    public var metricNames: [String: MetricName] = [:]
    /// By the client's names.
    public var latest: [String: Latest] = [:]
    /// Data sets and models that it took, and models that it made, as the client said them.
    public var datasets: [JSONValue] = [], modelInputs: [JSONValue] = [], modelOutputs: [JSONValue] = []

    public init(experiment: Int, name: String, user: String, status: String, startTime: Int) {
        (self.experiment, self.name, self.user) = (experiment, name, user)
        (self.status, self.startTime) = (status, startTime)
    }
}

extension TrackedRun {
    var json: JSONValue {
        .object([
            "name": .string(name), "user": .string(user), "status": .string(status), "start": .integer(startTime),
            "end": endTime.map { .integer($0) }, "artifacts": artifacts.map { .string($0) }, "params": JSONValue(parameters),
            "tags": JSONValue(tags),
            "metrics": JSONValue(metricNames.mapValues(\.text)),
            "latest": .object(
                sorted: latest.mapValues { .array([.number($0.value), .integer($0.time), .integer($0.step)]) }),
            "datasets": datasets.isEmpty ? nil : .array(datasets),
            "modelInputs": modelInputs.isEmpty ? nil : .array(modelInputs),
            "modelOutputs": modelOutputs.isEmpty ? nil : .array(modelOutputs),
        ])
    }

    init?(json: JSONValue, experiment: Int) {
        guard let name = json["name"]?.string, let user = json["user"]?.string, let status = json["status"]?.string,
            let start = json["start"]?.integer
        else { return nil }
        self.init(experiment: experiment, name: name, user: user, status: status, startTime: start)
        endTime = json["end"]?.integer
        artifacts = json["artifacts"]?.string
        parameters = json["params"]?.strings ?? [:]
        tags = json["tags"]?.strings ?? [:]
        metricNames = (json["metrics"]?.strings ?? [:]).mapValues { MetricName($0) }
        for member in json["latest"]?.members ?? [] {
            guard let parts = member.value.array, parts.count == 3, let value = parts[0].double, let time = parts[1].integer,
                let step = parts[2].integer
            else { continue }
            latest[member.name] = Latest(value: value, time: time, step: step)
        }
        datasets = json["datasets"]?.array ?? []
        modelInputs = json["modelInputs"]?.array ?? []
        modelOutputs = json["modelOutputs"]?.array ?? []
    }
}

/// An experiment in MLflow's words.
public struct TrackedExperiment: Hashable, Sendable {
    public var id: Int
    public var name: String
    public var isDeleted = false
    /// Milliseconds since 1970.
    public var createdAt: Int, updatedAt: Int
    /// Where a client wants artifacts to be; empty: here.
    public var artifacts = ""
    public var tags: [String: String] = [:]

    public init(id: Int, name: String, createdAt: Int) {
        (self.id, self.name, self.createdAt, updatedAt) = (id, name, createdAt, createdAt)
    }

    /// What MLflow calls the workspace's experiment of runs that were given none.
    public static let usualName = "Default"

    /// What the workspace calls it.
    public var workspaceName: String {
        id == 0 ? JobRequest.defaultExperiment : RunEdit.usable(name, else: "experiment \(id)")
    }
}
