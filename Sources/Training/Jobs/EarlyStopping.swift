import Events

/// Decides when a run no longer gets better.
///
/// An evaluation improves when it is better than the best so far by more than `tolerance` times the best (SageMaker's relative
/// tolerance); after `patience` evaluations in a row without one it is time to stop. The best model is the one with the best
/// value, by however little.
public struct EarlyStopping: Hashable, Sendable {
    public let objective: Objective
    /// Evaluations without improvement before stopping; at least 1.
    public private(set) var patience: Int
    /// Relative improvement below which an evaluation counts as none; at least 0.
    public private(set) var tolerance: Double
    /// Best value so far; NaN before the first finite one.
    public private(set) var best = Double.nan
    public private(set) var bestStep = 0
    /// The value that the tolerance is measured from.
    private var reference = Double.nan
    private var badCount = 0

    public init(objective: Objective, patience: Int, tolerance: Double) {
        self.objective = objective
        self.patience = patience
        self.tolerance = tolerance
    }

    /// Hyperparameters that `change` sets.
    static let hyperparameters: Set<String> = ["early_stopping_patience", "early_stopping_tolerance"]

    /// Judges from the next evaluation on by other settings; what was observed stays. The values must be valid.
    mutating func change(_ settings: [String: String]) {
        if let patience = settings["early_stopping_patience"].flatMap({ Int($0) }) { self.patience = patience }
        if let tolerance = settings["early_stopping_tolerance"].flatMap({ Double($0) }) { self.tolerance = tolerance }
    }

    public enum Verdict: Sendable, Hashable { case best, worse }

    /// Takes an evaluation; says whether it is the best so far.
    public mutating func observe(_ value: Double, step: Int) -> Verdict {
        let needed = objective.minimises ? reference - tolerance * abs(reference) : reference + tolerance * abs(reference)
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

    /// Whether patience has run out.
    public var shouldStop: Bool { badCount >= patience }

    var json: JSONValue {
        .object([
            "metric": .string(objective.metric.text), "minimises": .boolean(objective.minimises),
            "patience": .integer(patience), "tolerance": .number(tolerance), "best": .number(best),
            "bestStep": .integer(bestStep), "reference": .number(reference), "badCount": .integer(badCount),
        ])
    }

    init?(json: JSONValue) {
        guard let metric = json["metric"]?.string, let minimises = json["minimises"]?.boolean,
            let patience = json["patience"]?.integer, let tolerance = json["tolerance"]?.double,
            let best = json["best"]?.double, let bestStep = json["bestStep"]?.integer,
            let reference = json["reference"]?.double, let badCount = json["badCount"]?.integer
        else { return nil }
        self.init(
            objective: Objective(metric: MetricName(metric), minimises: minimises), patience: patience, tolerance: tolerance)
        self.best = best
        self.bestStep = bestStep
        self.reference = reference
        self.badCount = badCount
    }

    /// Equal with NaN equal to itself, since a fresh state holds NaN.
    public static func == (left: EarlyStopping, right: EarlyStopping) -> Bool { left.json.text == right.json.text }

    public func hash(into hasher: inout Hasher) { hasher.combine(json.text) }
}
