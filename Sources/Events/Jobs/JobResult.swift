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
    /// How good it is on the rows it was judged by, in detail; nil when no model was kept, and for watched runs.
    public var evaluation: ModelEvaluation?
    /// The features that matter most to it; nil for models that say nothing of single features.
    public var weights: FeatureWeights?

    public init(
        name: String, status: JobStatus, reason: EndReason, bestStep: Int?, metrics: [MetricName: Double],
        evaluation: ModelEvaluation? = nil, weights: FeatureWeights? = nil
    ) {
        self.name = name
        self.status = status
        self.reason = reason
        self.bestStep = bestStep
        self.metrics = metrics
        self.evaluation = evaluation
        self.weights = weights
    }
}

extension JobResult {
    var json: JSONValue {
        .object([
            "name": .string(name), "status": .string(status.rawValue), "reason": .string(reason.text),
            "bestStep": bestStep.map { .integer($0) }, "metrics": JSONValue(metrics),
            "evaluation": evaluation.map { .object($0.members) }, "featureWeights": weights?.json,
        ])
    }

    init?(json: JSONValue) {
        guard let name = json["name"]?.string, let status = json["status"]?.string.flatMap(JobStatus.init),
            let reason = json["reason"]?.string, let metrics = json["metrics"]?.metrics
        else { return nil }
        self.init(
            name: name, status: status, reason: EndReason(reason), bestStep: json["bestStep"]?.integer, metrics: metrics,
            evaluation: json["evaluation"].flatMap(ModelEvaluation.init),
            weights: json["featureWeights"].flatMap(FeatureWeights.init))
    }
}
