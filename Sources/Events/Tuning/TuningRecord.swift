import JSON
import MetricDirections

/// A tuning job: what was asked for, and how it stands.
public struct TuningRecord: Hashable, Sendable {
    /// Eight characters, unique in the workspace.
    public var id: String
    public var name: String
    public var request: TuningRequest
    public var objective: Objective
    /// Pending waits for the host; a job whose process is gone is interrupted.
    public var status: JobStatus
    public var reason: EndReason
    /// Seconds since 1970.
    public var createdAt: Double
    public var finishedAt: Double?
    /// Seconds it worked in earlier attempts.
    public var spentSeconds = 0.0

    public init(id: String, name: String, request: TuningRequest, objective: Objective, createdAt: Double) {
        (self.id, self.name, self.request, self.objective, self.createdAt) = (id, name, request, objective, createdAt)
        (status, reason) = (.inProgress, .unsaid)
    }
}

extension Objective {
    public var json: JSONValue { .object([.init("metric", .string(metric.text)), .init("minimises", direction.json)]) }

    public init?(json: JSONValue) {
        guard let metric = json["metric"]?.string, let direction = json["minimises"].flatMap(MetricDirection.init(json:)) else {
            return nil
        }
        self.init(metric: MetricName(metric), direction: direction)
    }
}

/// A trial of a tuning job: a configuration, the run that tries it, and what came of it.
public struct TuningTrial: Hashable, Sendable {
    public enum Outcome: String, Sendable, Hashable {
        case completed = "Completed"
        case failed = "Failed"
        /// Before its time, since it did worse than others.
        case stopped = "Stopped"
    }

    /// From 0.
    public var number: Int
    public var run: RunID
    /// The values that were searched, by name, as a run is given them.
    public var values: [String: String]
    /// Its place in the search space.
    public var point: [Double]
    /// What the search learned up to it.
    public var memory: [Double]
    /// Why it was suggested.
    public var why: String
    /// nil while it runs or waits to be taken up again.
    public var outcome: Outcome?
    /// What it is worth; nil where there is nothing to say.
    public var value: Double?
    /// Of folds the sample standard deviation of the value; nil where there are none.
    public var deviation: Double?
    /// What it is worth by each further objective; nil where that was not told.
    public var others: [Double?] = []
    /// Why it ended.
    public var reason = ""
    /// Whether it trained to its end without telling the objective, since that was another one when it began.
    public var isUnmeasured: Bool { outcome == .completed && value == nil }

    public init(number: Int, run: RunID, values: [String: String], point: [Double], memory: [Double], why: String) {
        (self.number, self.run, self.values, self.point, self.memory, self.why) = (number, run, values, point, memory, why)
    }
}
