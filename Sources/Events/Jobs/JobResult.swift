import JSON

/// How a job ended, and what it left.
public struct JobResult: Sendable, Hashable {
    public var name: String
    public var status: JobStatus
    /// Why it ended.
    public var reason: EndReason
    public var bestStep: Int?
    /// Metrics of the model that was kept.
    public var metrics: [MetricName: Double]

    public init(name: String, status: JobStatus, reason: EndReason, bestStep: Int?, metrics: [MetricName: Double]) {
        self.name = name
        self.status = status
        self.reason = reason
        self.bestStep = bestStep
        self.metrics = metrics
    }
}

extension JobResult {
    var json: JSONValue {
        .object([
            "name": .string(name), "status": .string(status.rawValue), "reason": .string(reason.text),
            "bestStep": bestStep.map { .integer($0) }, "metrics": JSONValue(metrics),
        ])
    }

    init?(json: JSONValue) {
        guard let name = json["name"]?.string, let status = json["status"]?.string.flatMap(JobStatus.init),
            let reason = json["reason"]?.string, let metrics = json["metrics"]?.metrics
        else { return nil }
        self.init(name: name, status: status, reason: EndReason(reason), bestStep: json["bestStep"]?.integer, metrics: metrics)
    }
}
