import Events
import JSON

/// Decides when a run ends before its last epoch, and which evaluation was the best.
///
/// An evaluation improves when it is better than the best so far by more than `tolerance` times the best (SageMaker's relative
/// tolerance); after `patience` evaluations in a row without one it is time to stop. The best model is the one with the best
/// value, by however little.
public struct EarlyStopping: Hashable, Sendable {
    /// What ends a run.
    public struct Criteria: Hashable, Sendable {
        /// Evaluations without improvement before stopping; at least 1; nil = any number.
        public var patience: Int?
        /// Relative improvement below which an evaluation counts as none; at least 0.
        public var tolerance: Double
        /// Epochs before patience can run out.
        public var minimumEpochs = 0
        /// Seconds of preparation and training; nil = any number.
        public var maxRuntimeSeconds: Double?
        /// Value of the objective that is good enough; nil = none is.
        public var targetValue: Double?

        public init(patience: Int?, tolerance: Double) {
            self.patience = patience
            self.tolerance = tolerance
        }
    }

    public let objective: Objective
    public var criteria: Criteria
    /// Best value so far; NaN before the first finite one.
    public private(set) var best = Double.nan
    public private(set) var bestStep = 0
    /// Seconds prepared and trained so far, in all attempts.
    public var trainedSeconds = 0.0
    /// The value that the tolerance is measured from.
    private var reference = Double.nan
    private var badCount = 0

    public init(objective: Objective, criteria: Criteria) {
        self.objective = objective
        self.criteria = criteria
    }

    public enum Verdict: Sendable, Hashable { case best, worse }

    /// Takes an evaluation; says whether it is the best so far.
    public mutating func observe(_ value: Double, step: Int) -> Verdict {
        let margin = criteria.tolerance * abs(reference)
        let needed = objective.minimises ? reference - margin : reference + margin
        if objective.isBetter(value, than: reference.isNaN ? .nan : needed) {
            reference = value
            badCount = 0
        } else {
            badCount += 1
        }
        guard objective.isBetter(value, than: best) else { return .worse }
        (best, bestStep) = (value, step)
        return .best
    }

    /// Counts evaluations without improvement anew.
    mutating func renewPatience() { badCount = 0 }

    /// Why the run is to end after so many epochs; nil = it goes on.
    public func reasonToStop(epoch: Double) -> EndReason? {
        if let target = criteria.targetValue, !best.isNaN, !objective.isBetter(target, than: best) { return .targetValueReached }
        if let patience = criteria.patience, badCount >= patience, epoch >= Double(criteria.minimumEpochs) {
            return .earlyStopping
        }
        if let limit = criteria.maxRuntimeSeconds, trainedSeconds >= limit { return .maxRuntimeExceeded }
        return nil
    }

    var json: JSONValue {
        .object([
            "metric": .string(objective.metric.text), "minimises": .boolean(objective.minimises),
            "patience": criteria.patience.map { .integer($0) }, "tolerance": .number(criteria.tolerance),
            "minimumEpochs": .integer(criteria.minimumEpochs),
            "maxRuntimeSeconds": criteria.maxRuntimeSeconds.map { .number($0) },
            "targetValue": criteria.targetValue.map { .number($0) }, "trainedSeconds": .number(trainedSeconds),
            "best": .number(best), "bestStep": .integer(bestStep), "reference": .number(reference),
            "badCount": .integer(badCount),
        ])
    }

    init?(json: JSONValue) {
        guard let metric = json["metric"]?.string, let minimises = json["minimises"]?.boolean,
            let tolerance = json["tolerance"]?.double, let minimumEpochs = json["minimumEpochs"]?.integer,
            let trainedSeconds = json["trainedSeconds"]?.double, let best = json["best"]?.double,
            let bestStep = json["bestStep"]?.integer, let reference = json["reference"]?.double,
            let badCount = json["badCount"]?.integer, tolerance >= 0, trainedSeconds >= 0,
            [minimumEpochs, bestStep, badCount, json["patience"]?.integer ?? 1].allSatisfy({ (0..<1 << 53).contains($0) })
        else { return nil }
        objective = Objective(metric: MetricName(metric), minimises: minimises)
        criteria = Criteria(patience: json["patience"]?.integer, tolerance: tolerance)
        criteria.minimumEpochs = minimumEpochs
        criteria.maxRuntimeSeconds = json["maxRuntimeSeconds"]?.double
        criteria.targetValue = json["targetValue"]?.double
        self.trainedSeconds = trainedSeconds
        self.best = best
        self.bestStep = bestStep
        self.reference = reference
        self.badCount = badCount
    }

    /// Equal with NaN equal to itself, since a fresh state holds NaN.
    public static func == (left: EarlyStopping, right: EarlyStopping) -> Bool { left.json.text == right.json.text }

    public func hash(into hasher: inout Hasher) { hasher.combine(json.text) }
}
