import Events

/// Watches one run and says once what is wrong with it.
///
/// A rule is a value fed with the run's facts in the order in which they happened; it returns an alert when it has found what
/// it looks for, and is then done. A new rule is one file and one line in `RuleCatalogue`.
public protocol Rule: Sendable {
    /// Stable name, as alerts carry it.
    static var name: String { get }
    /// One sentence: what it looks for.
    static var summary: String { get }

    init()

    /// Takes one fact; returns an alert if that fact is the last piece of evidence.
    mutating func observe(_ fact: RunFact, of run: RunRecord) -> Alert?
}

/// What rules are told about a run.
public enum RunFact: Sendable {
    /// What it trains on; before the first step.
    case trainingData(TrainingDataSummary)
    /// One value of one metric.
    case metric(MetricName, value: Double, step: Int, epoch: Double)
    /// It ended; `jobFinished` follows.
    case ended(JobStatus, reason: EndReason, step: Int)
}

/// Every rule there is.
public enum RuleCatalogue {
    public static let all: [any Rule.Type] = [
        NonFiniteLoss.self, Divergence.self, LossNotDecreasing.self, Overfit.self, DataOrder.self, FeatureScale.self,
        StillImproving.self,
    ]
}
